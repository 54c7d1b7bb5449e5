{{ dbt_dedup.block_keys('customers') }}
