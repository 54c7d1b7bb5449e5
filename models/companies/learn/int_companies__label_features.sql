{{ dbt_dedup.label_features('companies') }}
