{{ dbt_dedup.compiled_parity('companies') }}
