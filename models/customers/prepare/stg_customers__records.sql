{{ dbt_dedup.stg_records('customers') }}
