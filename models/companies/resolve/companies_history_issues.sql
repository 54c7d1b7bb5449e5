{{ dbt_dedup.history_issues('companies') }}
