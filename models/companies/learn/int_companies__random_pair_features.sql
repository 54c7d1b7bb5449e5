{{ dbt_dedup.random_pair_features('companies') }}
