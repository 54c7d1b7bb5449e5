{{ dbt_dedup.pins('companies') }}
