{{ dbt_dedup.label_problems('customers') }}
