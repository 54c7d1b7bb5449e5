{{ dbt_dedup.match_reasons('customers') }}
