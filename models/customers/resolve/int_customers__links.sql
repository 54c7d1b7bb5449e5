{{ dbt_dedup.links('customers') }}
