{{ dbt_dedup.production('companies', 'additive-f429893c') }}
