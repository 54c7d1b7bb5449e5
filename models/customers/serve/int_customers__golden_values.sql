{{ dbt_dedup.golden_values('customers') }}
