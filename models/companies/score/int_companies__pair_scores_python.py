def model(dbt, session):
    from dbt_dedup.score import known_scores, score_pairs

    dbt.config(
        materialized="dedup_incremental",
        unique_key=["record_key_l", "record_key_r"],
        meta={"keys_of": "int_companies__candidate_pairs"},
    )
    dbt.ref("int_companies__candidate_pairs")
    # a model that does not reproduce its experiment, in scores or in features, scores nothing: their tests come first
    dbt.ref("int_companies__parity")
    dbt.ref("int_companies__parity_features")
    dbt.ref("int_companies__label_features")
    return score_pairs(
        dbt.ref("int_companies__pair_features"),
        dbt.ref("int_companies__spec"),
        known_relation=known_scores(session, dbt.this),
        only_changed=True,
    )
