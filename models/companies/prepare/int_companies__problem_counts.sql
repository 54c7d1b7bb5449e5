{{ dbt_dedup.problem_counts('companies') }}
