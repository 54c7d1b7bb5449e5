{{ dbt_dedup.match_thresholds('customers') }}
