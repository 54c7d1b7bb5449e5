{{ dbt_dedup.production('customers', 'logistic-0d50161a') }}
