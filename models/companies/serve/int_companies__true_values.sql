{{ dbt_dedup.true_values('companies') }}
