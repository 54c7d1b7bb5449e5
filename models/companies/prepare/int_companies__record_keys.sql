{{ dbt_dedup.record_keys('companies') }}
