{{ dbt_dedup.closure_scores('companies') }}
