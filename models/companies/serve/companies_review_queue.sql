{{ dbt_dedup.review_queue('companies') }}
