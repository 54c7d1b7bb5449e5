{{ dbt_dedup.provenance('customers') }}
