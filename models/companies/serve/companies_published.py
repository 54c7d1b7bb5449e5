def model(dbt, session):
    from dbt_dedup.publish import publish

    dbt.config(materialized="table")
    # not published, but their tests have to pass first
    dbt.ref("companies_block_stats")
    dbt.ref("companies_blocking_recall")
    dbt.ref("companies_cluster_issues")
    dbt.ref("companies_history_issues")
    dbt.ref("companies_override_issues")
    dbt.ref("companies_profile")
    dbt.ref("companies_quality_history")
    dbt.ref("int_companies__compiled_parity")
    dbt.ref("int_companies__held_out_pairs")
    dbt.ref("int_companies__label_conflicts")
    dbt.ref("int_companies__label_decisions")
    dbt.ref("int_companies__label_problems")
    dbt.ref("int_companies__route_differences")
    return publish(
        dbt.ref("int_companies__spec"),
        {
            "companies": dbt.ref("companies"),
            "companies_crosswalk": dbt.ref("companies_crosswalk"),
            "companies_entity_history": dbt.ref("companies_entity_history"),
            "companies_entity_ids": dbt.ref("companies_entity_ids"),
            "companies_matches": dbt.ref("companies_matches"),
            "companies_metrics": dbt.ref("companies_metrics"),
            "companies_provenance": dbt.ref("companies_provenance"),
            "companies_review_queue": dbt.ref("companies_review_queue"),
        },
    )
