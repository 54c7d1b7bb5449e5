{{ dbt_dedup.pair_scores('customers') }}
