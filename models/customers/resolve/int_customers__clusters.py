def model(dbt, session):
    from dbt_dedup.resolve import cluster_pairs

    dbt.config(materialized="table")
    return cluster_pairs(
        dbt.ref("int_customers__keyed_records"),
        dbt.ref("int_customers__component_pairs"),
        dbt.ref("int_customers__links"),
        dbt.ref("int_customers__match_thresholds"),
        dbt.ref("int_customers__spec"),
    )
