{{ dbt_dedup.production('companies', 'additive-6eb31d2b') }}
