def model(dbt, session):
    from dbt_dedup.score import parity_vectors

    dbt.config(materialized="table")
    return parity_vectors(dbt.ref("int_companies__spec"))
