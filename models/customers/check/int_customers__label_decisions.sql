{{ dbt_dedup.label_decisions('customers') }}
