{{ dbt_dedup.token_counts('customers') }}
