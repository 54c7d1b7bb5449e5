{{ dbt_dedup.golden_checks('customers') }}
