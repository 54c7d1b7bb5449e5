{{ dbt_dedup.production('customers', 'logistic-6e99fc72') }}
