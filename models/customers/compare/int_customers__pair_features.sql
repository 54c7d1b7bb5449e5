{{ dbt_dedup.pair_features('customers', ref('int_customers__candidate_pairs')) }}
