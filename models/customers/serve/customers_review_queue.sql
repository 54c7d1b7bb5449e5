{{ dbt_dedup.review_queue('customers') }}
