{{ dbt_dedup.match_reasons('companies') }}
