{{ dbt_dedup.matches('companies') }}
