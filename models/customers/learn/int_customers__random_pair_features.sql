{{ dbt_dedup.random_pair_features('customers') }}
