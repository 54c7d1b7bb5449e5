{{ dbt_dedup.route_differences('customers') }}
