def model(dbt, session):
    from dbt_dedup.score import known_scores, score_pairs

    dbt.config(materialized="table")
    # a model that does not reproduce its experiment, in scores or in features, scores nothing: their tests come first
    dbt.ref("int_companies__parity")
    dbt.ref("int_companies__parity_features")
    dbt.ref("int_companies__label_features")
    return score_pairs(
        dbt.ref("int_companies__pair_features"),
        dbt.ref("int_companies__spec"),
        known_relation=known_scores(session, dbt.this),
    )
