{{ dbt_dedup.links('companies') }}
