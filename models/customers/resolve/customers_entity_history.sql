{{ dbt_dedup.entity_history('customers') }}
