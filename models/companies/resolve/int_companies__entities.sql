{{ dbt_dedup.entities('companies') }}
