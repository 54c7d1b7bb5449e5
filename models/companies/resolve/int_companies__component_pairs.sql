{{ dbt_dedup.component_pairs('companies') }}
