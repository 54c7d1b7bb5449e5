{{ dbt_dedup.quality_issues('companies') }}
