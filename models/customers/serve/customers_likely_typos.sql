{{ dbt_dedup.likely_typos('customers') }}
