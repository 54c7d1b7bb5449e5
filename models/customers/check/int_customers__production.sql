{{ dbt_dedup.production('customers', 'logistic-8ced53a9') }}
