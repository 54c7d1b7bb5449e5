{{ dbt_dedup.golden_records('companies') }}
