{{ dbt_dedup.pair_features('companies', ref('int_companies__candidate_pairs')) }}
