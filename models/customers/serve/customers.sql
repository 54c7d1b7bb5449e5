{{ dbt_dedup.golden_records('customers') }}
