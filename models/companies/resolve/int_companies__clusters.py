def model(dbt, session):
    from dbt_dedup.resolve import cluster_pairs

    dbt.config(materialized="table")
    return cluster_pairs(
        dbt.ref("int_companies__keyed_records"),
        dbt.ref("int_companies__component_pairs"),
        dbt.ref("int_companies__links"),
        dbt.ref("int_companies__match_thresholds"),
        dbt.ref("int_companies__spec"),
    )
