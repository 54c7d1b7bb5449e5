{{ dbt_dedup.closure_pairs('customers') }}
