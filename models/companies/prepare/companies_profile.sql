{{ dbt_dedup.profile('companies') }}
