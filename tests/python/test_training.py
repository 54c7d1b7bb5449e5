from __future__ import annotations

import dataclasses
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from examples import FEATURES, labelled_table, make_labelled, make_spec, spec_json
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError
from dbt_dedup.names import SUPERVISED
from dbt_dedup.registry.classifier_file import dump_classifier
from dbt_dedup.report import charts
from dbt_dedup.spec import Spec, Targets
from dbt_dedup.training.comparison import ComparedKind, LearningCurve, choose_kind, learning_curve
from dbt_dedup.training.evaluation import measure
from dbt_dedup.training.folds import grouped_folds
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.summary import forecast
from dbt_dedup.training.thresholds import Quality, choose, from_labels
from dbt_dedup.training.with_labels import train

TARGETS = Targets(precision=0.75, recall=0.6, review_budget=10)


def read_labels(table: pa.Table) -> LabelledPairs:
    return LabelledPairs.from_arrow(table, FEATURES, "customers")


def with_labels(labels: list[int]) -> pa.Table:
    table = labelled_table(len(labels))
    return table.set_column(table.column_names.index("label"), "label", pa.array(labels))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            with_labels([1] * 30),
            "All 30 usable labels of entity 'customers' are match. A classifier learns from both: add pairs labelled"
            " no_match.",
        ),
        (
            with_labels([0] * 30),
            "All 30 usable labels of entity 'customers' are no_match. A classifier learns from both: add pairs labelled"
            " match. If there are none, the table may have no duplicates: `dbt-dedup train customers --no-labels` names"
            " the command that merges only what is beyond doubt.",
        ),
        (
            with_labels([1] * 6 + [0] * 6),
            "Entity 'customers' has 12 usable labels (6 match, 6 no_match). Training needs at least 20, and 5 of each:"
            " label more pairs (100 to 1,000 make a good model).",
        ),
        (
            with_labels([1] * 4 + [0] * 40),
            "Entity 'customers' has 44 usable labels (4 match, 40 no_match). Training needs at least 20, and 5 of each:"
            " label more pairs (100 to 1,000 make a good model).",
        ),
        (
            labelled_table(0),
            "Entity 'customers' has 0 usable labels (0 match, 0 no_match). Training needs at least 20, and 5 of each:"
            " label more pairs (100 to 1,000 make a good model).",
        ),
        (
            pa.concat_tables([with_labels([0, 1] * 20), with_labels([1] * 2 + [0] * 38).slice(0, 2)]),
            "1 pairs of entity 'customers' are labelled both match and no_match, for example r0 and r1. Keep one label"
            " for each pair.",
        ),
    ],
)
def test_labels_that_cannot_be_learnt_from_are_refused(table: pa.Table, message: str) -> None:
    with pytest.raises(DedupError) as error:
        read_labels(table)
    assert str(error.value) == message


def test_order_and_repetition_of_labels_make_no_difference() -> None:
    table = labelled_table()
    shuffled = pa.concat_tables([table, table.slice(3, 5)]).take(np.random.default_rng(1).permutation(205))
    assert read_labels(table).digest == read_labels(shuffled).digest


@pytest.mark.parametrize("change", ["label", "feature", "id"])
def test_digest_of_the_labels_tells_every_change(change: str) -> None:
    labelled = make_labelled()
    changes: dict[str, dict[str, Any]] = {
        "label": {"is_match": 1 - labelled.is_match},
        "feature": {"features": np.nextafter(labelled.features, np.inf)},
        "id": {"record_ids": (("r0", "other"), *labelled.record_ids[1:])},
    }
    assert dataclasses.replace(labelled, **changes[change]).digest != labelled.digest


def entangled_labels(kind: str) -> tuple[list[tuple[str, str]], np.ndarray]:
    random = np.random.default_rng(0)
    if kind == "separate pairs":
        return [(f"a{i}", f"b{i}") for i in range(100)], np.tile([0, 1], 50)
    if kind == "chains of three":
        pairs = [(f"e{i}-{k}", f"e{i}-{k + 1}") for i in range(50) for k in (0, 1)]
        others = [(f"e{i}-0", f"e{i + 1}-0") for i in range(0, 50, 2)]
        return pairs + others, np.array([1] * 100 + [0] * 25)
    numbers = sorted({tuple(sorted(random.choice(60, 2, replace=False).tolist())) for _ in range(300)})
    return [(f"e{a}", f"e{b}") for a, b in numbers], np.array([int(a // 3 == b // 3) for a, b in numbers])


@pytest.mark.parametrize("kind", ["separate pairs", "chains of three", "one great knot"])
def test_no_entity_stands_on_both_sides_of_a_fold(kind: str) -> None:
    record_ids, is_match = entangled_labels(kind)
    entity = {record: record for pair in record_ids for record in pair}
    for _ in record_ids:
        for (left, right), label in zip(record_ids, is_match, strict=True):
            if label:
                entity[left] = entity[right] = min(entity[left], entity[right])
    tested = []
    for train_rows, test_rows in grouped_folds(record_ids, is_match):
        sides = [{entity[r] for row in rows for r in record_ids[row]} for rows in (train_rows, test_rows)]
        assert not sides[0] & sides[1]
        tested += test_rows.tolist()
    assert len(set(tested)) == len(tested)
    if kind != "one great knot":  # there a fold may keep too little to train on
        assert sorted(tested) == list(range(len(record_ids)))


def test_labels_about_one_entity_cannot_be_held_out() -> None:
    star = dataclasses.replace(make_labelled(40), record_ids=tuple(("hub", f"r{i}") for i in range(40)))
    with pytest.raises(DedupError, match="cover too few separate entities to hold any out for testing"):
        train("additive", make_spec(), star)


@pytest.mark.parametrize(
    ("threshold", "precision", "recall", "f1"),
    [(0.5, 2 / 3, 1.0, 0.8), (0.85, 1.0, 0.5, 2 / 3), (0.95, 1.0, 0.0, 0.0)],
)
def test_metrics_at_a_threshold(threshold: float, precision: float, recall: float, f1: float) -> None:
    found = measure(np.array([1, 1, 0, 0]), np.array([0.9, 0.7, 0.6, 0.1]), threshold)
    assert (found.precision, found.recall, found.f1) == pytest.approx((precision, recall, f1))


@pytest.mark.parametrize(
    ("labels", "probabilities", "match", "reached"),
    [
        # apart: the highest of the equal thresholds
        ([1, 1, 1, 0, 0, 0], [0.91, 0.81, 0.71, 0.31, 0.21, 0.11], 0.7, True),
        # three of four above 0.6 are right: precise enough
        ([1, 1, 0, 1, 0, 1, 0, 0], [0.91, 0.81, 0.71, 0.61, 0.41, 0.31, 0.21, 0.11], 0.6, True),
        # no threshold is precise enough: the best F1
        ([0, 1, 0, 1], [0.91, 0.81, 0.71, 0.61], 0.6, False),
        # equal probabilities stay on one side
        ([1, 1, 0, 0], [0.91, 0.91, 0.91, 0.11], 0.9, False),
    ],
)
def test_thresholds_chosen_on_labels(
    labels: list[int], probabilities: list[float], match: float, reached: bool
) -> None:
    chosen = from_labels(np.array(labels), np.array(probabilities), np.ones(len(labels)), TARGETS)
    assert (chosen.match, chosen.reached, chosen.review_pairs) == (match, reached, None)
    assert chosen.review <= chosen.match


@pytest.mark.parametrize(
    ("tried", "match"),
    [
        ([(0.1, 0.95, 0.95), (0.5, 0.99, 0.91)], 0.5),  # both targets
        ([(0.1, 0.95, 0.95), (0.5, 0.99, 0.6)], 0.5),  # precision first
        ([(0.1, 0.95, 0.95), (0.5, 0.99, 0.2)], 0.1),  # not at any price
        ([(0.1, 0.3, 1.0), (0.5, 0.6, 0.2)], 0.5),  # the better F1 is that of merges which are mostly wrong
        ([(0.1, 0.3, 1.0), (0.5, 0.4, 0.2)], 0.5),
    ],
)
def test_precision_comes_first_and_wrong_merges_are_never_the_best(
    tried: list[tuple[float, float, float]], match: float
) -> None:
    assert choose([Quality(*quality) for quality in tried], Targets(0.98, 0.9, 500)).match == match


@pytest.mark.parametrize("kind", SUPERVISED)
def test_training_twice_gives_the_same_model_and_the_same_judgement(kind: str) -> None:
    first, second = (train(kind, make_spec(), make_labelled()) for _ in range(2))
    assert dump_classifier(first.classifier) == dump_classifier(second.classifier)
    assert (first.overall, first.folds, first.thresholds) == (second.overall, second.folds, second.thresholds)
    assert 0.8 < first.overall.f1 < 1
    assert first.overall.pairs == sum(fold.pairs for fold in first.folds) == 200


def test_features_that_never_vary_are_named() -> None:
    labelled = make_labelled()
    flat = dataclasses.replace(labelled, features=np.where(np.arange(4) == 2, np.nan, labelled.features))
    assert train("additive", make_spec(), flat).ignored_features == ("email_same",)


@pytest.mark.parametrize(
    ("kind", "features", "message"),
    [
        (
            "forest",
            None,
            "No classifier of kind 'forest' learns from labels. Kinds: additive, boosted, logistic.",
        ),
        (
            "additive",
            np.nan,
            "Entity 'customers': the additive classifier cannot be trained. No feature varies between the labelled"
            " pairs, so there is nothing to learn from.",
        ),
    ],
)
def test_training_errors(kind: str, features: float | None, message: str) -> None:
    labelled = make_labelled()
    if features is not None:
        labelled = dataclasses.replace(labelled, features=np.full_like(labelled.features, features))
    with pytest.raises(DedupError) as error:
        train(kind, make_spec(), labelled)
    assert str(error.value) == message


def test_spec_of_another_version_is_refused() -> None:
    with pytest.raises(DedupError) as error:
        Spec.from_json(spec_json().replace('"thresholds"', '"limits"'))
    assert str(error.value) == (
        "The spec of entity 'customers' has no key 'thresholds'. The dbt package and the Python package dbt_dedup are"
        " of different versions: install the same version of both and build again."
    )


@pytest.mark.parametrize(
    ("losses", "f1", "chosen"),
    [
        # by fold: better in both by far
        ([[0.20, 0.22], [0.10, 0.11], [0.10, 0.12]], [[0.8, 0.8], [0.9, 0.9], [0.9, 0.9]], "additive"),
        # a smaller loss that changes no decision
        ([[0.20, 0.22], [0.10, 0.11], [0.09, 0.10]], [[0.9, 0.9], [0.9, 0.9], [0.9, 0.9]], "logistic"),
        # better decisions by chance, not by a smaller loss
        ([[0.10, 0.10], [0.10, 0.10], [0.09, 0.12]], [[0.8, 0.8], [0.9, 0.9], [0.9, 0.9]], "logistic"),
        # each better than the one before
        ([[0.30, 0.31], [0.20, 0.21], [0.10, 0.11]], [[0.7, 0.7], [0.8, 0.8], [0.9, 0.9]], "boosted"),
        # a difference within the spread of the folds
        ([[0.20, 0.10], [0.10, 0.19], [0.10, 0.19]], [[0.8, 0.9], [0.9, 0.8], [0.9, 0.8]], "logistic"),
    ],
)
def test_the_simplest_kind_that_no_other_surpasses_is_taken(
    losses: list[list[float]], f1: list[list[float]], chosen: str
) -> None:
    compared = [
        ComparedKind(kind, 0.1, 0.01, 0.9, 0.5, tuple(of_losses), tuple(of_f1))
        for kind, of_losses, of_f1 in zip(SUPERVISED, losses, f1, strict=True)
    ]
    assert choose_kind(compared) == chosen


def test_auto_compares_every_kind_on_the_same_folds_and_gives_what_the_kind_alone_gives() -> None:
    labelled = make_labelled()
    trained = train("auto", make_spec(), labelled)
    assert [compared.kind for compared in trained.compared] == list(SUPERVISED)
    assert trained.kind == choose_kind(trained.compared)
    alone = train(trained.kind, make_spec(), labelled)
    assert dump_classifier(alone.classifier) == dump_classifier(trained.classifier)
    assert (alone.overall, alone.folds, alone.thresholds) == (trained.overall, trained.folds, trained.thresholds)
    assert alone.curve is None
    curve = trained.curve
    assert curve is not None
    assert [labels for labels, _, _ in curve.points] == [40, 80, 160]
    assert 0 <= curve.expected_log_loss <= curve.points[-1][1]
    assert curve.points[-1][2] <= curve.expected_f1 <= 1
    assert train("auto", make_spec(), labelled).curve == curve
    card = trained.card_entries
    assert [kind["kind"] for kind in card["compared_kinds"]] == list(SUPERVISED)
    assert card["learning_curve"]["more_labels"] == 200


def curve_of(losses: tuple[float, float, float], spread: float = 0.0) -> LearningCurve:
    """The learning curve of a model of given log loss on every pair, with a quarter, half and all of 160 labels."""
    is_match = np.tile([1, 0], 100)
    folds = [(np.flatnonzero(np.arange(200) % 5 != k), np.flatnonzero(np.arange(200) % 5 == k)) for k in range(5)]

    def probabilities(loss: float, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        right: NDArray[np.float64] = np.where(is_match[pairs] == 1, np.exp(-loss), 1 - np.exp(-loss))
        return right

    def predict(fit_on: NDArray[np.int64], test_on: NDArray[np.int64]) -> NDArray[np.float64]:
        return probabilities(losses[0] if len(fit_on) == 40 else losses[1], test_on)

    full = [
        measure(is_match[test_on], probabilities(losses[2] + spread * (k - 2), test_on), 0.5)
        for k, (_, test_on) in enumerate(folds)
    ]
    return learning_curve(predict, folds, full, is_match, 0.5)


@pytest.mark.parametrize(
    ("losses", "spread", "is_measurable"),
    [
        ((0.4, 0.3, 0.2), 0.01, True),
        ((0.4, 0.2, 0.02), 0.001, True),
        ((0.3, 0.25, 0.2), 0.09, False),
        ((0.2, 0.2, 0.2), 0.0, False),
        ((0.2, 0.2, 0.3), 0.0, False),
        ((0.01, 0.001, 0.0001), 0.0, False),
        ((1e-15, 1e-15, 1e-15), 0.0, False),
    ],
    ids=["falls", "falls steeply", "within its error", "flat", "rises", "near 0", "at 0"],
)
def test_more_labels_are_never_expected_to_bring_log_loss_to_0(
    losses: tuple[float, float, float], spread: float, is_measurable: bool
) -> None:
    curve = curve_of(losses, spread)
    assert curve.gain_is_measurable == is_measurable
    assert 0 < curve.expected_log_loss <= curve.points[-1][1]
    line = forecast(curve)
    assert "0.0000" not in line
    assert ("no measurable gain" in line) != is_measurable
    title = charts.learning_curve(asdict(curve)).title
    assert title.startswith("No measurable gain from 200 more labels:") != is_measurable


@pytest.mark.parametrize(
    ("precision", "recall", "f1"), [(0.5, 0.25, 1 / 3), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
)
def test_f1_is_the_harmonic_mean(precision: float, recall: float, f1: float) -> None:
    assert Quality(0.9, precision, recall).f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (pa.array([float("inf")]), r"is infinite for the pair of \S+ and \S+\. A feature is a finite number or null"),
        (pa.array(["a"]), r"is no number: .* A feature is a finite number or null: fix its SQL"),
    ],
)
def test_a_feature_that_is_no_finite_number_is_named(value: pa.Array, message: str) -> None:
    table = labelled_table()
    broken = pa.concat_arrays([value] * len(table))
    table = table.set_column(table.column_names.index(FEATURES[1]), FEATURES[1], broken)
    with pytest.raises(DedupError, match=f"Feature {FEATURES[1]} of entity 'customers' {message}"):
        LabelledPairs.from_arrow(table, FEATURES, "customers")
