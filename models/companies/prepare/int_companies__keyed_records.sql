{{ dbt_dedup.keyed_records('companies') }}
