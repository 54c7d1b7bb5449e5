{{ dbt_dedup.override_issues('companies') }}
