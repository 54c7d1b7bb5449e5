{{ dbt_dedup.record_keys('customers') }}
