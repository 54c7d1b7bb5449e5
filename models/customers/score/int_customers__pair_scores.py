def model(dbt, session):
    from dbt_dedup.score import score_pairs

    dbt.config(materialized="table")
    dbt.ref("int_customers__parity")  # a model that does not reproduce its experiment scores nothing
    return score_pairs(dbt.ref("int_customers__pair_features"), dbt.ref("int_customers__spec"))
