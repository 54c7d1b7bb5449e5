def model(dbt, session):
    from dbt_dedup.score import parity_vectors

    dbt.config(materialized="table")
    # a promotion changes its text, and so everything that is scored
    dbt.ref("int_customers__production")
    return parity_vectors(dbt.ref("int_customers__spec"))
