{{ dbt_dedup.label_features('customers') }}
