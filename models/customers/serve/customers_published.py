def model(dbt, session):
    from dbt_dedup.publish import publish

    dbt.config(materialized="table")
    # not published, but their tests have to pass first
    dbt.ref("customers_block_stats")
    dbt.ref("customers_blocking_recall")
    dbt.ref("customers_cluster_issues")
    dbt.ref("customers_history_issues")
    dbt.ref("customers_override_issues")
    dbt.ref("customers_profile")
    dbt.ref("customers_quality_history")
    dbt.ref("int_customers__compiled_parity")
    dbt.ref("int_customers__held_out_pairs")
    dbt.ref("int_customers__label_conflicts")
    dbt.ref("int_customers__label_decisions")
    dbt.ref("int_customers__label_problems")
    dbt.ref("int_customers__route_differences")
    return publish(
        dbt.ref("int_customers__spec"),
        {
            "customers": dbt.ref("customers"),
            "customers_crosswalk": dbt.ref("customers_crosswalk"),
            "customers_entity_history": dbt.ref("customers_entity_history"),
            "customers_entity_ids": dbt.ref("customers_entity_ids"),
            "customers_matches": dbt.ref("customers_matches"),
            "customers_metrics": dbt.ref("customers_metrics"),
            "customers_provenance": dbt.ref("customers_provenance"),
            "customers_review_queue": dbt.ref("customers_review_queue"),
        },
    )
