{{ dbt_dedup.keyed_records('customers') }}
