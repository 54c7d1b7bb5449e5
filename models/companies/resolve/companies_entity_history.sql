{{ dbt_dedup.entity_history('companies') }}
