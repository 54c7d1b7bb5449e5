{{ dbt_dedup.likely_typos('companies') }}
