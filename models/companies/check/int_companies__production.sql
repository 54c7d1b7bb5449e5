{{ dbt_dedup.production('companies', 'additive-d40603e2') }}
