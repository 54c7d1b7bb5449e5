{{ dbt_dedup.golden_values('companies') }}
