{{ dbt_dedup.token_counts('companies') }}
