{{ dbt_dedup.metrics('companies') }}
