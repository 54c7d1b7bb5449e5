{{ dbt_dedup.blocking_recall('customers') }}
