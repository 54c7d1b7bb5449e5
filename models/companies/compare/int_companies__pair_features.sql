{{ dbt_dedup.candidate_pair_features('companies') }}
