{{ dbt_dedup.crosswalk('customers') }}
