def model(dbt, session):
    from dbt_dedup.resolve import connect_records

    dbt.config(materialized="table")
    return connect_records(
        dbt.ref("int_companies__keyed_records"),
        dbt.ref("int_companies__pair_scores"),
        dbt.ref("int_companies__links"),
        dbt.ref("int_companies__match_thresholds"),
        dbt.ref("int_companies__spec"),
    )
