def model(dbt, session):
    from dbt_dedup.score import score_pairs

    dbt.config(materialized="table")
    return score_pairs(dbt.ref("int_customers__closure_features"), dbt.ref("int_customers__spec"))
