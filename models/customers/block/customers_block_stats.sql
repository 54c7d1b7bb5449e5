{{ dbt_dedup.block_stats('customers') }}
