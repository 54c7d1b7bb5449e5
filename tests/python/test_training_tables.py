"""What training reads of an entity's tables: the tables are in memory here, and dbt builds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from examples import FEATURES, labelled_table, make_labelled, make_spec, train_example
from neighbours import neighbour_pairs, neighbours_spec

from dbt_dedup.classifiers import LogisticClassifier
from dbt_dedup.errors import DedupError
from dbt_dedup.names import ABSTAINED, USABLE
from dbt_dedup.spec import Spec
from dbt_dedup.training import candidate_pairs as of_candidates
from dbt_dedup.training import without_labels
from dbt_dedup.training.candidate_pairs import candidate_pairs
from dbt_dedup.training.label_features import read_training_data
from dbt_dedup.training.relatives import UNRELATED, Relatives
from dbt_dedup.training.without_labels import UnlabelledModel, learn_next_to_labels, train_without_labels
from dbt_dedup.warehouse import Warehouse


class Tables:
    """A project whose tables are in memory."""

    def __init__(self, spec: Spec, tables: dict[str, pa.Table], compiled: str = "") -> None:
        self.spec, self.tables, self.sql = spec, tables, compiled
        self.built: list[tuple[str, ...]] = []

    def entity_spec(self, entity: str) -> Spec:
        assert entity == self.spec.name
        return self.spec

    def node(self, name: str) -> str:
        return name

    def build(self, *selected: str) -> None:
        self.built.append(selected)

    def compiled(self, _: str) -> str:
        return self.sql

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        with duckdb.connect() as connection:
            for name, table in self.tables.items():
                connection.register("given", table)
                connection.execute(f"create table {name} as select * from given")
                connection.unregister("given")
            yield Warehouse(lambda name: name, connection)


def project(spec: Spec, tables: dict[str, pa.Table], compiled: str = "") -> Any:
    return Tables(spec, tables, compiled)


def keyed(keys: Sequence[int], copies: dict[int, int] | None = None, sources: Sequence[str | None] = ()) -> pa.Table:
    return pa.table(
        {
            "record_key": pa.array(keys, pa.int64()),
            "record_id": [f"r{key:05}" for key in keys],
            "representative_key": pa.array([(copies or {}).get(key, key) for key in keys], pa.int64()),
            "is_distinctive": [False] * len(keys),
            "source": pa.array(sources or [None] * len(keys), pa.string()),
        }
    )


ONE = make_spec(
    fields=[{"name": "name", "column": "name", "type": "text"}],
    features=[{"name": "name_similarity", "field": "name", "direction": 1, "description": ""}],
    thresholds={"match": "auto", "review": "auto", "floor": 0.2},
)


def line() -> LogisticClassifier:
    """Its log2 odds are the feature."""
    model = LogisticClassifier().fit([[0.0], [1.0]] * 20, [0, 1] * 20)
    model.slopes_, model.offsets_, model.bias_ = np.array([1.0]), np.array([0.0]), 0.0
    return model


def test_candidate_pairs_are_scored_with_those_of_the_closure(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the floor, odds of 1 to 4, four records are connected; two of their pairs were not proposed."""
    monkeypatch.setattr(of_candidates, "BATCH_ROWS", 1)
    proposed = [(2, 3, 1.0), (1, 2, -2.0), (3, 4, 3.0), (1, 4, 0.0), (5, 6, -2.1), (4, 5, -9.0)]
    left, right, odds = zip(*proposed, strict=True)
    features = pa.table({"record_key_l": left, "record_key_r": right, "name_similarity": odds})
    requested = "select record_key_l, record_key_r, record_key_r + 2.0 as name_similarity from dedup_requested_pairs"
    of = project(
        ONE, {"int_customers__keyed_records": keyed(range(1, 7)), "int_customers__pair_features": features}, requested
    )
    labelled = replace(
        make_labelled(20),
        record_keys=np.array([(1, 2), (5, 6), (3, 4), (1, 3), *[(8, 9)] * 16], dtype=np.int32),
    )
    held_out = np.full(20, 5.0)
    held_out[2] = np.nan
    found = candidate_pairs(of, ONE, labelled, line(), held_out)
    pairs = list(zip(found.pairs.left.tolist(), found.pairs.right.tolist(), strict=True))
    assert pairs == [(1, 2), (1, 4), (2, 3), (3, 4), (1, 3), (2, 4)]
    # the held-out odds of 1, 2 and of 1, 3 take the place of those of the model, which has seen their labels
    assert np.log2(found.pairs.probability / (1 - found.pairs.probability)) == pytest.approx([5, 0, 1, 3, 5, 6])
    assert found.place.tolist() == [0, -1, 3, 4, *[-1] * 16]
    assert found.held_out.tolist() == [5.0, 0.0, 0.0, 5.0, *[0.0] * 16]
    assert (found.is_match == labelled.is_match).all()
    assert found.records.keys.tolist() == [1, 2, 3, 4, 5, 6]


def test_labels_without_keys_and_an_entity_without_pairs_have_no_place() -> None:
    nothing = pa.table(
        {
            "record_key_l": pa.array([], pa.int32()),
            "record_key_r": pa.array([], pa.int32()),
            "name_similarity": pa.array([], pa.float64()),
        }
    )
    tables = {"int_customers__keyed_records": keyed([1, 2]), "int_customers__pair_features": nothing}
    found = candidate_pairs(project(ONE, tables), ONE, make_labelled(20), line(), np.zeros(20))
    assert found.place.tolist() == [-1] * 20
    assert len(found.pairs.left) == 0
    one = pa.table({"record_key_l": [1], "record_key_r": [2], "name_similarity": [0.0]})
    tables["int_customers__pair_features"] = one
    found = candidate_pairs(project(ONE, tables), ONE, make_labelled(20), line(), np.zeros(20))
    assert found.place.tolist() == [-1] * 20
    assert found.pairs.probability.tolist() == [0.5]


def labels(problems: Sequence[tuple[str, str, str, str, str | None]], usable: int = 30) -> Tables:
    names = ("problem", "record_id_l", "record_id_r", "label", "missing_record_id")
    columns = zip(*problems, strict=True) if problems else [()] * 5
    return Tables(
        make_spec(),
        {
            "int_customers__label_problems": pa.table(
                {name: pa.array(c, pa.string()) for name, c in zip(names, columns, strict=True)}
            ),
            "int_customers__label_features": labelled_table(30).slice(0, usable),
        },
    )


def read(tables: Tables, **options: Any) -> tuple[int, list[str]]:
    told: list[str] = []
    spec, labelled = read_training_data(cast(Any, tables), "customers", report_progress=told.append, **options)
    assert spec.name == "customers"
    return len(labelled), told


def test_labels_are_read_after_what_they_need_is_built() -> None:
    tables = labels([])
    assert read(tables) == (30, [])
    assert tables.built == [
        ("+int_customers__label_features", "+int_customers__label_problems", "+int_customers__pair_features")
    ]


def test_labels_of_records_that_do_not_exist_are_skipped_and_told_of() -> None:
    gone = [("unknown_record", "a", f"b{i}", "match", f"b{i}") for i in range(4)]
    twice = [("unknown_record", "c", "d", "no_match", end) for end in "cd"]
    unsure = [("unknown_record", "e", "f", "unsure", "e")]
    assert read(labels([*gone, *twice, *unsure])) == (
        30,
        [
            "5 labels in 'customers_labels' skipped, because of 7 records that the input of entity 'customers' does not"
            " have (for example b0, b1, b2). `dbt-dedup label customers --prune` removes such labels."
        ],
    )


def test_where_no_record_of_any_label_exists_the_columns_are_wrong() -> None:
    gone = [("unknown_record", "a", "b", "match", "a")]
    with pytest.raises(DedupError) as error:
        read(labels(gone, usable=0), few_allowed=True)
    assert str(error.value) == (
        "All 1 labels in 'customers_labels' name 1 record that the input of entity 'customers' does not have (for"
        " example a). Correct columns record_id_l and record_id_r."
    )


def test_unknown_labels_are_named() -> None:
    wrong = [
        ("unknown_label", "a", f"b{i}", label, None) for i, label in enumerate(["yes", "no", "yes", None, "maybe"])
    ]
    with pytest.raises(DedupError) as error:
        read(labels(wrong))  # type: ignore[arg-type]
    assert str(error.value) == (
        "5 labels in 'customers_labels' of entity 'customers' are neither match, no_match nor unsure, for example"
        " 'maybe', 'no', 'null'. Correct column label."
    )


def test_few_labels_are_read_where_that_is_allowed() -> None:
    assert read(labels([], usable=7), few_allowed=True) == (7, [])
    with pytest.raises(DedupError, match="has 7 usable labels"):
        read(labels([], usable=7))
    none = Tables(make_spec(labels=None), {})
    with pytest.raises(DedupError, match="Entity 'customers' names no labels"):
        read(none)


def unlabelled(
    sampled: np.ndarray | None = None, entities: int = 60, *, sources: Sequence[str] = (), seed: int = 1
) -> tuple[Tables, np.ndarray]:
    """Candidate and random pairs of an entity, of which some are sampled; and whether each matches."""
    left, right, features, chance, is_match = neighbour_pairs(entities, 3, seed)
    sampled = np.ones(len(left), dtype=bool) if sampled is None else sampled[: len(left)]
    shuffled = np.random.default_rng(2).permutation(len(left))

    def table(left: np.ndarray, right: np.ndarray, values: np.ndarray, **more: Any) -> pa.Table:
        keys = {"record_key_l": left.astype(np.int32), "record_key_r": right.astype(np.int32)}
        return pa.table({**keys, **dict(zip(("name", "city", "phone"), values.T, strict=True)), **more})

    described = {
        "is_sampled": sampled[shuffled],
        "record_id_l": [f"r{key:05}" for key in left[shuffled]],
        "record_id_r": [f"r{key:05}" for key in right[shuffled]],
        "input_digest": [f"{one}-{other}" for one, other in zip(left[shuffled], right[shuffled], strict=True)],
    }
    pairs = table(left[shuffled], right[shuffled], features[shuffled], **described)
    at = np.arange(len(chance))
    tables = {
        "int_customers__unlabelled_features": pairs,
        "int_customers__candidate_pairs": pairs.select(["record_key_l"]),
        "int_customers__random_pair_features": table(at, at + 1, chance),
        "int_customers__keyed_records": keyed(range(3 * entities), sources=sources),
    }
    return Tables(neighbours_spec(), tables), is_match


def learned(tables: Tables) -> UnlabelledModel:
    spec, model = train_without_labels(cast(Any, tables), "customers")
    assert spec is tables.spec
    return model


def test_a_model_is_learned_from_the_tables_and_cut_where_entities_hold_together() -> None:
    tables, is_match = unlabelled()
    model = learned(tables)
    assert tables.built == [("+int_customers__unlabelled_features", "+int_customers__random_pair_features")]
    assert (model.candidate_pairs, model.sampled_pairs, model.random_pairs) == (len(is_match), len(is_match), 3000)
    assert model.learned.verdict == USABLE
    assert not model.abstained
    assert model.cut.pairs == is_match.sum()
    assert 0 < model.thresholds.review < model.thresholds.match < 1
    assert model.ignored_features == ()
    card = model.card_entries["without_labels"]
    assert (card["verdict"], card["candidate_pairs"], card["random_pairs"]) == (USABLE, len(is_match), 3000)
    assert card["answers"][0]["score"] == round(model.learned.answers[0].structure.score, 4)
    assert card["answers"][0]["pairs"] == model.learned.answers[0].structure.pairs
    assert model.card_entries["labels"] == {"match": 0, "no_match": 0}


def test_the_same_tables_in_any_order_give_the_same_digest_and_others_another() -> None:
    digests = []
    for change in ("none", "order", "key", "feature"):
        tables, _ = unlabelled()
        name = "int_customers__unlabelled_features"
        pairs = tables.tables[name]
        if change == "order":
            pairs = pairs.take(np.random.default_rng(9).permutation(len(pairs)))
        if change == "key":
            tables.tables["int_customers__random_pair_features"] = tables.tables[
                "int_customers__random_pair_features"
            ].slice(1)
        if change == "feature":
            values = pairs["city"].to_numpy().copy()
            values[5] = np.nextafter(values[5], 2)
            pairs = pairs.set_column(pairs.column_names.index("city"), "city", pa.array(values))
        tables.tables[name] = pairs
        digests.append(learned(tables).training_digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_pairs_that_are_not_sampled_are_only_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without_labels, "BATCH_ROWS", 50)
    left, *_ = neighbour_pairs(60, 3, 1)
    tables, is_match = unlabelled(left % 6 != 0)
    model = learned(tables)
    assert model.sampled_pairs == int((left % 6 != 0).sum()) < model.candidate_pairs == len(is_match)
    assert model.cut.pairs == is_match.sum()
    ids, digests, features = model.parity_pairs
    sampled_ids = {f"r{key:05}" for key in left[left % 6 != 0]}
    assert {one for one, _ in ids} <= sampled_ids
    assert digests[0] == "-".join(str(int(record_id[1:])) for record_id in ids[0])
    assert len(ids) == len(digests) == len(features) == min(200, model.sampled_pairs)


def test_two_hundred_pairs_over_all_probabilities_are_kept_to_compare() -> None:
    tables, is_match = unlabelled(entities=100)
    model = learned(tables)
    assert len(is_match) > 200
    ids, _, features = model.parity_pairs
    assert len(set(ids)) == len(features) == 200
    weight = model.classifier.decision_function(features)
    everything = model.classifier.decision_function(
        np.column_stack(
            [tables.tables["int_customers__unlabelled_features"][name] for name in ("name", "city", "phone")]
        )
    )
    assert weight.min() == pytest.approx(everything.min(), abs=1e-5)
    assert weight.max() == pytest.approx(everything.max(), abs=1e-5)


def test_fewer_than_twenty_candidate_pairs_are_too_few() -> None:
    tables, _ = unlabelled()
    for count in (19, 20):
        tables.tables["int_customers__candidate_pairs"] = pa.table({"record_key_l": [1] * count})
        tables.tables["int_customers__unlabelled_features"] = tables.tables["int_customers__unlabelled_features"].slice(
            0, count
        )
        if count == 19:
            with pytest.raises(DedupError, match="has 19 candidate pairs; learning without labels needs at least 20"):
                learned(tables)
            tables, _ = unlabelled()
        else:
            assert learned(tables).candidate_pairs == 20


def test_pairs_that_do_not_vary_teach_nothing() -> None:
    tables, _ = unlabelled()
    pairs = tables.tables["int_customers__unlabelled_features"]
    for name in ("name", "city", "phone"):
        pairs = pairs.set_column(pairs.column_names.index(name), name, pa.array(np.ones(len(pairs))))
    tables.tables["int_customers__unlabelled_features"] = pairs
    with pytest.raises(DedupError, match=r"Entity 'customers': nothing can be learned without labels\. No feature"):
        learned(tables)
    assert learn_next_to_labels(cast(Any, tables), "customers", make_labelled(20)) is None


def test_where_sources_are_only_linked_nothing_is_said_of_missing_pairs() -> None:
    left, right, *_ = neighbour_pairs(60, 3, 1)
    alternating = ["crm", "web"] * 90
    tables, _ = unlabelled(sources=alternating)
    pairs = tables.tables["int_customers__unlabelled_features"]
    one, other = (pairs[name].to_numpy() for name in ("record_key_l", "record_key_r"))
    proposed = ((one + other) % 2 == 1) | (one % 12 < 6)  # every second pair of one source was not
    tables.tables["int_customers__unlabelled_features"] = pairs.filter(pa.array(proposed))
    tables.tables["int_customers__candidate_pairs"] = pa.table({"record_key_l": [1] * int(proposed.sum())})
    assert -6 < learned(tables).learned.missing < -1
    tables, _ = unlabelled(sources=alternating)
    apart = np.flatnonzero((left + right) % 2)  # pairs of one record of each source
    pairs = tables.tables["int_customers__unlabelled_features"]
    odd = (pairs["record_key_l"].to_numpy() + pairs["record_key_r"].to_numpy()) % 2 == 1
    tables.tables["int_customers__unlabelled_features"] = pairs.filter(pa.array(odd))
    tables.tables["int_customers__candidate_pairs"] = pa.table({"record_key_l": [1] * len(apart)})
    assert learned(tables).learned.missing == -6.0


def test_a_model_that_abstains_next_to_few_labels_is_none() -> None:
    tables, is_match = unlabelled()
    pairs = tables.tables["int_customers__unlabelled_features"]
    for name in ("city", "phone"):  # one field alone is not enough
        pairs = pairs.set_column(pairs.column_names.index(name), name, pa.array(np.ones(len(is_match))))
    tables.tables["int_customers__unlabelled_features"] = pairs
    model = learned(tables)
    assert model.learned.verdict == ABSTAINED
    assert model.abstained
    # chance brings together one pair in a thousand of a sum of ten bits more than all pairs have
    doubt = np.log2(180 * 179 / 2) + 10
    assert model.classifier.bias_ == pytest.approx(np.log2(0.9 / 0.1) - doubt / 3, abs=1e-5)
    half = tables.tables["int_customers__unlabelled_features"]
    twice = pa.concat_tables(
        [
            half,
            half.set_column(
                half.column_names.index("is_sampled"), "is_sampled", pa.array(np.zeros(len(half), dtype=bool))
            ),
        ]
    )
    tables.tables |= {
        "int_customers__unlabelled_features": twice,
        "int_customers__candidate_pairs": twice.select(["record_key_l"]),
    }
    of_half = learned(tables)
    assert (of_half.sampled_pairs, of_half.candidate_pairs) == (len(half), 2 * len(half))
    assert of_half.classifier.bias_ == pytest.approx(np.log2(0.9 / 0.1) - (doubt - 1) / 3, abs=1e-5)
    tables.tables |= {
        "int_customers__unlabelled_features": half,
        "int_customers__candidate_pairs": half.select(["record_key_l"]),
    }
    few = replace(make_labelled(20), is_match=np.repeat([1, 0], [2, 18]))
    assert learn_next_to_labels(cast(Any, tables), "customers", few) is None
    assert learn_next_to_labels(cast(Any, tables), "customers", make_labelled(40)) is not None
    usable, _ = unlabelled()
    assert learn_next_to_labels(cast(Any, usable), "customers", few) is not None


PEOPLE = make_spec(
    fields=[{"name": "name", "column": "name", "type": "given_name"}],
    features=[{"name": "name_similarity", "field": "name", "direction": 1, "description": ""}],
)
SUM_OF_KEYS = """
select record_key_l, record_key_r, record_key_l * 1000.0 + record_key_r as name_similarity from dedup_requested_pairs
"""


def test_unrelated_pairs_are_drawn_of_two_records_each_once() -> None:
    tables = {"int_customers__keyed_records": keyed([9, 3, 5, 7])}
    first, second = (Relatives.read(project(PEOPLE, tables, SUM_OF_KEYS), PEOPLE) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.unrelated[:, 0].tolist() == second.unrelated[:, 0].tolist() == [3005, 3007, 3009, 5007, 5009, 7009]
    many = {"int_customers__keyed_records": keyed(range(1000))}
    drawn = Relatives.read(project(PEOPLE, many, SUM_OF_KEYS), PEOPLE)
    assert drawn is not None
    assert UNRELATED * 0.99 < len(drawn.unrelated) <= UNRELATED


def test_one_record_has_no_unrelated_pair_and_texts_need_none() -> None:
    assert Relatives.read(project(PEOPLE, {"int_customers__keyed_records": keyed([3])}, SUM_OF_KEYS), PEOPLE) is None
    assert Relatives.read(project(ONE, {}), ONE) is None


def test_a_trained_model_lists_its_labels() -> None:
    trained = train_example("logistic")
    held_out = trained.held_out_pairs
    assert held_out.record_ids == trained.labelled.record_ids
    assert held_out.probability == pytest.approx(trained.classifier.predict_proba(trained.labelled.features)[:, 1])
    assert trained.card_entries["labels"]["match"] + trained.card_entries["labels"]["no_match"] == 200
    assert trained.card_entries["labels"]["match"] == trained.labelled.is_match.sum()
    assert trained.parity_pairs[2] is trained.labelled.features
    assert len(FEATURES) == trained.labelled.features.shape[1]
