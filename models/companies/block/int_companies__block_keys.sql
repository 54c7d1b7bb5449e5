{{ dbt_dedup.block_keys('companies') }}
