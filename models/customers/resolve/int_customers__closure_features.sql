{{ dbt_dedup.closure_features('customers') }}
