{{ dbt_dedup.closure_features('companies') }}
