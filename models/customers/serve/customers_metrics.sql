{{ dbt_dedup.metrics('customers') }}
