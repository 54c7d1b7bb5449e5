{{ dbt_dedup.closure_pairs('companies') }}
