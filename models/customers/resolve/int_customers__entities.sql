{{ dbt_dedup.entities('customers') }}
