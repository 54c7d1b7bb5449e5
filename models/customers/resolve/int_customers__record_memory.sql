{{ dbt_dedup.record_memory('customers') }}
