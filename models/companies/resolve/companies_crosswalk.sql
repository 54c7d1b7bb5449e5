{{ dbt_dedup.crosswalk('companies') }}
