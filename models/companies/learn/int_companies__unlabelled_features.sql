{{ dbt_dedup.unlabelled_features('companies') }}
