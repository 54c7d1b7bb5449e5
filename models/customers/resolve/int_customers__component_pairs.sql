{{ dbt_dedup.component_pairs('customers') }}
