def model(dbt, session):
    from dbt_dedup.score import score_pairs, stored_scores

    # with `incremental: true` in the spec only new scores are written, else all of them
    dbt.config(materialized="dedup_pair_scores")
    # a model that does not reproduce its experiment, in scores or in features, scores nothing: their tests come first
    dbt.ref("int_companies__parity")
    dbt.ref("int_companies__parity_features")
    dbt.ref("int_companies__label_features")
    return score_pairs(
        dbt.ref("int_companies__pair_features"),
        dbt.ref("int_companies__spec"),
        known_relation=stored_scores(session, dbt.this),
    )
