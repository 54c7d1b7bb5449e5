{{ dbt_dedup.value_counts('customers') }}
