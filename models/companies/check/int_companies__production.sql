{{ dbt_dedup.production('companies', 'logistic-34acea1f') }}
