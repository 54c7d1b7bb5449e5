{{ dbt_dedup.parity_features('customers') }}
