def model(dbt, session):
    from dbt_dedup.score import judged_pairs

    dbt.config(materialized="table")
    # a model that cannot be used is complained of once, there
    dbt.ref("int_customers__parity")
    return judged_pairs(dbt.ref("int_customers__spec"))
