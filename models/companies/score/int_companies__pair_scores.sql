{{ dbt_dedup.pair_scores('companies') }}
