{{ dbt_dedup.provenance('companies') }}
