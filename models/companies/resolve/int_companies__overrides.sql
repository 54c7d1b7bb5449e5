{{ dbt_dedup.overrides('companies') }}
