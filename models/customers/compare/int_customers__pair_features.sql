{{ dbt_dedup.candidate_pair_features('customers') }}
