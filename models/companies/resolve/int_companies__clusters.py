def model(dbt, session):
    from dbt_dedup.resolve import cluster_pairs

    dbt.config(materialized="table")
    return cluster_pairs(
        dbt.ref("int_companies__keyed_records"), dbt.ref("int_companies__pair_scores"), dbt.ref("int_companies__spec")
    )
