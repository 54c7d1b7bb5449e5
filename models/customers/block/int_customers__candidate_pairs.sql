{{ dbt_dedup.candidate_pairs('customers') }}
