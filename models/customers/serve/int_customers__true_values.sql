{{ dbt_dedup.true_values('customers') }}
