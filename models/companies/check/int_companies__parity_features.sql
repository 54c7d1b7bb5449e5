{{ dbt_dedup.parity_features('companies') }}
