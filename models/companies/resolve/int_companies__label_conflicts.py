def model(dbt, session):
    from dbt_dedup.resolve import label_conflicts

    dbt.config(materialized="table")
    return label_conflicts(dbt.ref("int_companies__keyed_records"), dbt.ref("int_companies__links"))
