{{ dbt_dedup.candidate_pairs('companies') }}
