{{ dbt_dedup.blocking_recall('companies') }}
