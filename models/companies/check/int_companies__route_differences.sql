{{ dbt_dedup.route_differences('companies') }}
