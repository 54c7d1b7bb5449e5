{{ dbt_dedup.block_stats('companies') }}
