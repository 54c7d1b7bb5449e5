def model(dbt, session):
    from dbt_dedup.score import judged_pairs

    dbt.config(materialized="table")
    return judged_pairs(dbt.ref("int_customers__spec"))
