{{ dbt_dedup.override_issues('customers') }}
