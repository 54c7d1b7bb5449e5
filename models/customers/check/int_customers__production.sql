{{ dbt_dedup.production('customers', 'logistic-a5290ada') }}
