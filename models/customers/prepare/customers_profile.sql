{{ dbt_dedup.profile('customers') }}
