{{ dbt_dedup.compiled_parity('customers') }}
