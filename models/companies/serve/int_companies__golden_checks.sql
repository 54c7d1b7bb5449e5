{{ dbt_dedup.golden_checks('companies') }}
