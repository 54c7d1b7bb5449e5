{{ dbt_dedup.effective_spec('customers') }}
