{{ dbt_dedup.quality_history('companies') }}
