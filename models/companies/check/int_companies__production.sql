{{ dbt_dedup.production('companies', 'logistic-dbaedd98') }}
