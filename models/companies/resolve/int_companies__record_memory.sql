{{ dbt_dedup.record_memory('companies') }}
