{{ dbt_dedup.stg_records('companies') }}
