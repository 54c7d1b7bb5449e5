{{ dbt_dedup.problem_counts('customers') }}
