{{ dbt_dedup.value_counts('companies') }}
