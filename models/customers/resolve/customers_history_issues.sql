{{ dbt_dedup.history_issues('customers') }}
