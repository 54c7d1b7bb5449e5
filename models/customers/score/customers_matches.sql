{{ dbt_dedup.matches('customers') }}
