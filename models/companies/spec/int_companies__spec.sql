{{ dbt_dedup.effective_spec('companies') }}
