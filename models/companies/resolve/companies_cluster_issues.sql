{{ dbt_dedup.cluster_issues('companies') }}
