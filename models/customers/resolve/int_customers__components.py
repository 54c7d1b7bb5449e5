def model(dbt, session):
    from dbt_dedup.resolve import connect_records

    dbt.config(materialized="table")
    return connect_records(
        dbt.ref("int_customers__keyed_records"),
        dbt.ref("int_customers__pair_scores"),
        dbt.ref("int_customers__links"),
        dbt.ref("int_customers__match_thresholds"),
        dbt.ref("int_customers__spec"),
    )
