{{ dbt_dedup.production('customers', 'logistic-c0a499c4') }}
