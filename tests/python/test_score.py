from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from examples import FEATURES, make_spec, put_into_production, spec_json, train_example

from dbt_dedup.constants import BATCH_ROWS
from dbt_dedup.errors import DedupError
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.registry.production import load_production
from dbt_dedup.score import held_out_pairs, parity_vectors, score_pairs
from dbt_dedup.score.compiled import GENERATED, follow_production, write_compiled_model
from dbt_dedup.spec import Spec, Thresholds


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def relations(cursor: duckdb.DuckDBPyConnection, features: pa.Table, spec: str | None = None) -> tuple[Any, Any]:
    cursor.register("features", features)
    cursor.execute("create or replace table spec as select 'customers' as entity, ? as spec", [spec or spec_json()])
    return cursor.query("select * from features"), cursor.query("select * from spec")


def pair_features(pairs: int, null: str | None = None, seed: int = 0) -> pa.Table:
    random = np.random.default_rng(seed)
    columns = {name: random.random(pairs) for name in FEATURES}
    columns["birth_days"] *= 5000
    if null:
        columns = {name: np.full(pairs, np.nan) if null in ("all", name) else c for name, c in columns.items()}
    keys = np.arange(1, pairs + 1, dtype=np.int32)
    nullable = {name: pa.array(c, mask=np.isnan(c)) for name, c in columns.items()}
    return pa.table({"record_key_l": keys, "record_key_r": keys + 1, **nullable})


@pytest.mark.parametrize("kind", ["additive", "logistic"])
@pytest.mark.parametrize("pairs", [0, 1, BATCH_ROWS, 2 * BATCH_ROWS + 1])
def test_pairs_above_the_floor_are_kept_with_their_weights(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, pairs: int
) -> None:
    put_into_production(tmp_path, kind)
    features = pair_features(pairs)
    scored = score_pairs(*relations(cursor, features), tmp_path).read_all()

    classifier = load_production(make_spec(), tmp_path).classifier
    matrix = np.array([features[name].to_numpy() for name in FEATURES]).T.reshape(-1, 4)
    expected = classifier.predict_proba(matrix)[:, 1] if pairs else np.empty(0)
    kept = expected >= 0.01
    assert scored["record_key_l"].to_pylist() == features["record_key_l"].filter(pa.array(kept)).to_pylist()
    np.testing.assert_array_equal(scored["match_probability"].to_numpy(), expected[kept])
    weights = [scored[f"weight_{field}"].to_numpy() for field in ("name", "birth", "email", "phone")]
    bias_and_weights = np.sum([w.astype(float) for w in weights], axis=0) + classifier.bias_
    np.testing.assert_allclose(bias_and_weights, scored["match_weight"].to_numpy(), atol=1e-4)
    if pairs > 1:
        assert 0 < kept.sum() < pairs


def test_a_pair_exactly_at_the_floor_is_kept(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    every = spec_json(thresholds={"match": 0.9, "review": 0.5, "floor": 0})
    scored = score_pairs(*relations(cursor, pair_features(101), every), tmp_path).read_all()
    probabilities = sorted(scored["match_probability"].to_pylist())
    assert len(probabilities) == 101
    at_floor = spec_json(thresholds={"match": 1, "review": 1, "floor": probabilities[50]})
    kept = score_pairs(*relations(cursor, pair_features(101), at_floor), tmp_path).read_all()
    assert sorted(kept["match_probability"].to_pylist()) == [p for p in probabilities if p >= probabilities[50]]


def test_columns_and_types_are_those_that_the_next_model_reads(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = put_into_production(tmp_path)
    scored = score_pairs(*relations(cursor, pair_features(10)), tmp_path)
    assert {field.name: str(field.type) for field in scored.schema} == {
        "record_key_l": "int32",
        "record_key_r": "int32",
        "match_probability": "double",
        "match_weight": "double",
        "weight_name": "float",
        "weight_birth": "float",
        "weight_email": "float",
        "weight_phone": "float",
        "model_version": "string",
    }
    assert set(scored.read_all()["model_version"].to_pylist()) == {folder.name}


def test_features_of_one_field_are_added_up(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    spec = json.loads(spec_json())
    for feature in spec["features"]:
        feature["field"] = "all_fields"
    scored = score_pairs(*relations(cursor, pair_features(100), json.dumps(spec)), tmp_path).read_all()
    classifier = load_production(make_spec(), tmp_path).classifier
    together = scored["match_weight"].to_numpy() - classifier.bias_
    np.testing.assert_allclose(scored["weight_all_fields"].to_numpy(), together, atol=1e-5)


@pytest.mark.parametrize("null", ["all", *FEATURES])
def test_null_features_weigh_nothing(cursor: duckdb.DuckDBPyConnection, tmp_path: Path, null: str) -> None:
    put_into_production(tmp_path)
    scored = score_pairs(*relations(cursor, pair_features(50, null=null)), tmp_path).read_all()
    for name in FEATURES if null == "all" else [null]:
        assert (scored[f"weight_{name.split('_')[0]}"].to_numpy() == 0).all()


def test_an_all_null_column_without_a_type_is_read(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    features = pair_features(200)
    untyped = features.set_column(features.column_names.index("email_same"), "email_same", pa.nulls(200))
    assert len(score_pairs(*relations(cursor, untyped), tmp_path).read_all()) > 0


def test_a_feature_that_is_no_column(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    features = pair_features(5).drop_columns(["email_same", "record_key_r"])
    with pytest.raises(DedupError) as error:
        score_pairs(*relations(cursor, features), tmp_path)
    assert str(error.value) == (
        "The pair features of entity 'customers' lack record_key_r, email_same, which the entity's fields need."
        " Build int_customers__pair_features and int_customers__spec from the same spec:"
        " run `dbt build --select +int_customers__pair_scores`."
    )


def test_an_infinite_feature(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    features = pair_features(5)
    infinite = features.set_column(3, "birth_days", pa.array([1.0, 2.0, np.inf, 3.0, None]))
    with pytest.raises(DedupError) as error:
        score_pairs(*relations(cursor, infinite), tmp_path).read_all()
    assert str(error.value) == (
        "Feature birth_days of entity 'customers' is infinite for the pair of record_key 3 and 4. A feature is a finite"
        " number or null: fix its SQL, e.g. guard divisions with nullif."
    )


def test_scores_stream_into_a_table_on_another_cursor(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    stream = score_pairs(*relations(cursor, pair_features(2 * BATCH_ROWS)), tmp_path)
    with cursor.cursor() as writer:
        writer.register("stream", stream)
        writer.execute("create table scores as select * from stream")
        ((written, smallest),) = writer.execute("select count(*), min(match_probability) from scores").fetchall()
    assert written > 1000
    assert smallest >= 0.01


def parity_gap(cursor: duckdb.DuckDBPyConnection, directory: Path) -> float:
    table = parity_vectors(relations(cursor, pair_features(0))[1], directory)
    return float(np.abs(table["match_probability"].to_numpy() - table["expected_probability"].to_numpy()).max())


def test_parity_vectors_are_reproduced(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = put_into_production(tmp_path)
    table = parity_vectors(relations(cursor, pair_features(0))[1], tmp_path)
    assert table.column_names == [
        "record_id_l",
        "record_id_r",
        "input_digest",
        *FEATURES,
        "expected_probability",
        "match_probability",
        "match_threshold",
        "review_threshold",
        "model_version",
    ]
    assert table.num_rows == 200
    assert table["email_same"].null_count > 0
    assert set(table["model_version"].to_pylist()) == {folder.name}
    assert parity_gap(cursor, tmp_path) < 1e-9


def test_parity_fails_when_the_model_is_not_the_one_of_the_experiment(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: a model that is a hair off does not pass for the one that was trained."""
    put_into_production(tmp_path)

    def a_hair_off(spec: Spec, directory: Path) -> Artefact:
        artefact = load_production(spec, directory)
        artefact.classifier.weights_ *= 1 + 1e-6
        return artefact

    monkeypatch.setattr("dbt_dedup.score.parity.load_for_build", a_hair_off)
    assert parity_gap(cursor, tmp_path) > 1e-9


@pytest.mark.parametrize("name", ["model.skops", "parity.csv"])
def test_artefact_with_the_file_of_another_does_not_score(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    mine, other = put_into_production(tmp_path / "mine"), put_into_production(tmp_path / "other", "logistic")
    (mine / name).write_bytes((other / name).read_bytes())
    with pytest.raises(DedupError, match=f"{name} is corrupted: its sha256 is not the one in card.json"):
        score_pairs(*relations(cursor, pair_features(1)), tmp_path / "mine")


def test_a_threshold_that_the_spec_gives_bounds_the_one_that_is_filled_in() -> None:
    given = make_spec(thresholds={"match": 0.6, "review": "auto", "floor": 0.1})
    assert given.fill_thresholds(0.9, 0.8).thresholds == Thresholds(0.6, 0.6, 0.1)
    assert given.fill_thresholds(0.9, 0.05).thresholds == Thresholds(0.6, 0.1, 0.1)
    automatic = make_spec(thresholds={"match": "auto", "review": "auto", "floor": 0.1})
    assert automatic.fill_thresholds(0.9, 0.3).thresholds == Thresholds(0.9, 0.3, 0.1)


@pytest.mark.parametrize("kind", ["additive", "boosted"])
def test_a_compiled_model_lists_its_version_thresholds_and_weights(tmp_path: Path, kind: str) -> None:
    version = put_into_production(tmp_path, kind).name
    spec = make_spec()
    artefact = load_production(spec, tmp_path)
    path = write_compiled_model(artefact, spec, tmp_path / "macros")
    assert path == tmp_path / "macros/dedup/dedup_model_customers.sql"
    text = path.read_text()
    assert text.startswith(f"{{# Generated by `dbt-dedup compile customers` from dedup_models/customers/{version}.\n")
    assert "null weighs 0, and so does every feature not listed. 4 of 4 features are listed. #}" in text
    assert "{% macro dedup_model_customers() %}" in text
    sql = artefact.classifier.to_sql(spec.feature_names)
    for kept, columns in (("prepared", sql.prepared), ("weights", sql.weights)):
        for name, column in columns.items():
            lines = column.replace("\n", "\n    ")
            assert (
                f"{{%- set column -%}}\n    {lines}\n{{%- endset -%}}\n{{%- do {kept}.update({{'{name}': column}}) -%}}"
                in text
            )
    thresholds = artefact.decided(spec).thresholds
    assert f"'version': '{version}', 'bias': '{float(artefact.classifier.bias_)!r}" in text
    assert f"'thresholds': {{'match': {thresholds.match!r}, 'review': {thresholds.review!r}}}" in text
    assert text.endswith("'prepared': prepared, 'weights': weights}) -}}\n{% endmacro %}\n")
    assert write_compiled_model(artefact, spec, tmp_path / "macros").read_text() == text
    path.write_text("{# mine #}")
    with pytest.raises(DedupError, match="was not generated by `dbt-dedup compile`, so it is not overwritten"):
        write_compiled_model(artefact, spec, tmp_path / "macros")
    assert path.read_text() == "{# mine #}"


def test_a_promotion_compiles_again_what_is_scored_in_sql_or_was_compiled_before(tmp_path: Path) -> None:
    put_into_production(tmp_path, "additive")
    macros = tmp_path / "macros"
    assert follow_production(make_spec(), tmp_path, macros) is None
    path = follow_production(make_spec(scoring="sql"), tmp_path, macros)
    assert path is not None
    assert path.is_file()
    path.write_text(GENERATED + " earlier #}")
    assert follow_production(make_spec(), tmp_path, macros) == path
    assert "dedup_model_customers" in path.read_text()
    path.write_text("{# mine #}")
    assert follow_production(make_spec(scoring="sql"), tmp_path, macros) is None
    assert path.read_text() == "{# mine #}"


def test_the_held_out_pairs_of_the_model_in_production(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    version = put_into_production(tmp_path).name
    trained = train_example()
    table = held_out_pairs(relations(cursor, pair_features(0))[1], tmp_path)
    assert table["record_id_l"].to_pylist() == [left for left, _ in trained.labelled.record_ids]
    assert table["record_id_r"].to_pylist() == [right for _, right in trained.labelled.record_ids]
    assert table["label"].to_pylist() == trained.labelled.is_match.tolist()
    assert table["sampled_by"].to_pylist() == [way or None for way in trained.labelled.sampled_by]
    assert set(table["sampled_by"].to_pylist()) == {"random", "uncertainty", None}
    np.testing.assert_allclose(table["held_out_probability"].to_numpy(), trained.held_out)
    np.testing.assert_allclose(table["probability"].to_numpy(), trained.held_out_pairs.probability)
    assert set(table["match_threshold"].to_pylist()) == {trained.overall.threshold}
    assert table["model_version"].to_pylist() == [version] * 200


def test_where_sql_scores_a_sample_is_compared_and_all_of_few_pairs(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_production(tmp_path)
    monkeypatch.setattr("dbt_dedup.score.pair_scores.COMPARED_PAIRS", 100)
    in_sql = spec_json(scoring="sql", thresholds={"match": 0.9, "review": 0.5, "floor": 0.0})
    for pairs, least, most in ((0, 0, 0), (60, 60, 60), (199, 199, 199), (1000, 70, 130)):
        scored = [score_pairs(*relations(cursor, pair_features(pairs), in_sql), tmp_path).read_all() for _ in range(2)]
        assert least <= scored[0].num_rows <= most
        assert scored[0] == scored[1]


def test_a_pair_at_the_floor_itself_is_kept(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    lowest = (
        score_pairs(*relations(cursor, pair_features(50)), tmp_path).read_all()["match_probability"].to_numpy().min()
    )
    at_floor = spec_json(thresholds={"match": 0.9, "review": 0.5, "floor": float(lowest)})
    kept = score_pairs(*relations(cursor, pair_features(50), at_floor), tmp_path).read_all()
    assert kept["match_probability"].to_numpy().min() == lowest


def test_one_infinite_value_is_refused_and_its_pair_named(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    features = pair_features(30)
    values = features["name_similarity"].to_numpy().copy()
    values[17] = np.inf
    features = features.set_column(features.column_names.index("name_similarity"), "name_similarity", pa.array(values))
    with pytest.raises(DedupError, match="is infinite for the pair of record_key 18 and 19"):
        score_pairs(*relations(cursor, features), tmp_path).read_all()


def test_features_that_a_relation_lacks_are_named(cursor: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put_into_production(tmp_path)
    features = pair_features(3).drop_columns(["email_same", "record_key_r"])
    with pytest.raises(DedupError, match="pair features of entity 'customers' lack record_key_r, email_same, which"):
        score_pairs(*relations(cursor, features), tmp_path).read_all()
