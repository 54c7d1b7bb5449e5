{{ dbt_dedup.entity_ids('companies') }}
