{{ dbt_dedup.entity_ids('customers') }}
