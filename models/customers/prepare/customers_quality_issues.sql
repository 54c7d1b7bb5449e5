{{ dbt_dedup.quality_issues('customers') }}
