{{ dbt_dedup.quality_history('customers') }}
