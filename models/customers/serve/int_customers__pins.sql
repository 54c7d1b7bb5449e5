{{ dbt_dedup.pins('customers') }}
