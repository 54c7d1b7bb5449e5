{{ dbt_dedup.overrides('customers') }}
