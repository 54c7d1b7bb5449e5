def model(dbt, session):
    from dbt_dedup.score import held_out_pairs

    dbt.config(materialized="table")
    # an unusable model is reported once, by int_customers__parity
    dbt.ref("int_customers__parity")
    return held_out_pairs(dbt.ref("int_customers__spec"))
