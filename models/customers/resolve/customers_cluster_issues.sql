{{ dbt_dedup.cluster_issues('customers') }}
