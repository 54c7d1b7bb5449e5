{{ dbt_dedup.closure_scores('customers') }}
