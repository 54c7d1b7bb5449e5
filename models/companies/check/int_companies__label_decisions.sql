{{ dbt_dedup.label_decisions('companies') }}
