{{ dbt_dedup.match_thresholds('companies') }}
