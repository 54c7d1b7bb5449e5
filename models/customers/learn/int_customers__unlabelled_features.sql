{{ dbt_dedup.unlabelled_features('customers') }}
