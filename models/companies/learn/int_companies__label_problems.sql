{{ dbt_dedup.label_problems('companies') }}
