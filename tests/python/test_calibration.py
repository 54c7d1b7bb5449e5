from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from examples import FEATURES, labelled_table, make_labelled, make_spec, train_example

from dbt_dedup.classifiers import KINDS
from dbt_dedup.classifiers.base import probability
from dbt_dedup.names import UNSUPERVISED
from dbt_dedup.training import summary
from dbt_dedup.training.calibration import (
    NO_LABELS,
    OTHER_LABELS,
    RANDOM_LABELS,
    learn_calibration,
    pairs_to_calibrate_on,
    pairs_to_compare_on,
)
from dbt_dedup.training.evaluation import reliability, sample_quality, share
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.with_labels import train

LABELS = np.tile([0, 1], 20)


def drawn(odds: np.ndarray, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random(len(odds)) < probability(odds)).astype(np.int64)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 1.0), (2.0, -2.0)])
def test_the_calibration_of_many_pairs_is_the_one_they_were_drawn_with(slope: float, shift: float) -> None:
    weight = np.random.default_rng(1).normal(0, 4, 20_000)
    found = learn_calibration(RANDOM_LABELS, weight, drawn(slope * weight + shift), np.ones(len(weight)))
    assert (found.slope, found.shift) == pytest.approx((slope, shift), rel=0.08, abs=0.08)


def test_few_pairs_move_little_and_none_move_nothing() -> None:
    weight = np.array([-8.0, -6.0, 6.0, 8.0])
    few = learn_calibration(RANDOM_LABELS, weight, np.array([0, 1, 0, 1]), np.ones(4))
    assert 0.7 < few.slope < 1
    none = learn_calibration(NO_LABELS, np.empty(0), np.empty(0, dtype=np.int64), np.empty(0))
    assert (none.slope, none.shift, none.pairs) == (1.0, 0.0, 0)


@pytest.mark.parametrize(
    ("random", "other", "learnt_from", "pairs"),
    [
        (20, "uncertainty", RANDOM_LABELS, 20),
        (18, "uncertainty", NO_LABELS, 0),
        (18, "", OTHER_LABELS, 40),
        (18, "diversity", NO_LABELS, 0),
        (0, "true_pair", OTHER_LABELS, 40),
    ],
)
def test_doubtful_pairs_calibrate_nothing(random: int, other: str, learnt_from: str, pairs: int) -> None:
    ways = ("random",) * random + (other,) * (40 - random)
    sampled = replace(
        make_labelled(40),
        is_match=LABELS,
        sampled_by=ways,
        sampling_weights=(np.arange(40) < random).astype(np.float64),
    )
    found, counted = pairs_to_calibrate_on(sampled)
    assert (found, counted.sum()) == (learnt_from, pairs)
    assert set(counted) <= {0.0, 1.0}


@pytest.mark.parametrize(("random", "learnt_from"), [(30, RANDOM_LABELS), (29, OTHER_LABELS)])
def test_enough_random_pairs_calibrate_although_hardly_any_is_a_match(random: int, learnt_from: str) -> None:
    """Where matches are rare, pairs that somebody picked hold far more of them; kinds are compared on all pairs."""
    sampled = replace(
        make_labelled(60),
        is_match=(np.arange(60) >= 40).astype(np.int64),
        sampled_by=("random",) * random + ("",) * (60 - random),
        sampling_weights=(np.arange(60) < random).astype(np.float64),
    )
    assert not sampled.is_match[sampled.sampling_weights > 0].any()
    found, counted = pairs_to_calibrate_on(sampled)
    assert (found, (counted > 0).sum()) == (learnt_from, random if learnt_from == RANDOM_LABELS else 60)
    np.testing.assert_array_equal(pairs_to_compare_on(sampled), np.ones(60))


def test_kinds_are_compared_on_the_random_pairs_where_these_tell_both() -> None:
    sampled = replace(
        make_labelled(60),
        is_match=np.tile([0, 1], 30),
        sampled_by=("random",) * 20 + ("",) * 40,
        sampling_weights=(np.arange(60) < 20).astype(np.float64),
    )
    np.testing.assert_array_equal(pairs_to_compare_on(sampled) > 0, np.arange(60) < 20)


def test_unequal_weights_count_for_as_many_even_ones_as_tell_as_much() -> None:
    """Kish by hand: (20 * 1 + 20 * 3)^2 / (20 * 1^2 + 20 * 3^2) = 32 pairs."""
    weights = np.repeat([1.0, 3.0], 20)
    sampled = replace(make_labelled(40), is_match=LABELS, sampled_by=("random",) * 40, sampling_weights=weights)
    name, counted = pairs_to_calibrate_on(sampled)
    assert name == RANDOM_LABELS
    np.testing.assert_allclose(counted, weights * 32 / 80)


def test_pairs_drawn_more_often_than_others_count_less() -> None:
    random = np.random.default_rng(3)
    weight = random.normal(-6, 3, 200_000)
    labels = drawn(weight - 1)
    weights = np.where(weight > -2, 1.0, 50.0)  # the likely ones are drawn fifty times as often
    asked = random.random(len(weight)) < 1 / weights
    found = learn_calibration(RANDOM_LABELS, weight[asked], labels[asked], weights[asked])
    assert (found.slope, found.shift) == pytest.approx((1, -1), abs=0.15)
    said = sample_quality(labels[asked], probability(weight[asked] - 1), 0.5, weights[asked])
    everything = sample_quality(labels, probability(weight - 1), 0.5, np.ones(len(weight)))
    assert said.recall.low < everything.recall.value < said.recall.high
    assert (
        sample_quality(labels[asked], probability(weight[asked] - 1), 0.5, np.ones(asked.sum())).recall.value
        > said.recall.high
    )


def test_of_random_pairs_only_those_with_a_weight_are_the_sample_where_some_have_one() -> None:
    table = labelled_table(40)
    random = [way == "random" for way in table["sampled_by"].to_pylist()]
    weights = [7.0 if is_random and i > 9 else None for i, is_random in enumerate(random)]
    weighted = table.set_column(table.column_names.index("sampling_weight"), "sampling_weight", pa.array(weights))
    for given, sample in ((table, sum(random)), (weighted, sum(random[10:]))):
        labelled = LabelledPairs.from_arrow(given, FEATURES, "customers")
        assert (labelled.sampling_weights > 0).sum() == sample
        assert labelled.sampling_weights.max() == (1.0 if given is table else 7.0)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {UNSUPERVISED}))
def test_a_recalibrated_classifier_still_explains_and_compiles(kind: str) -> None:
    labelled = make_labelled()
    classifier = KINDS[kind](make_spec().directions).fit(labelled.features, labelled.is_match)
    before, explained = classifier.decision_function(labelled.features), classifier.explain(labelled.features)
    classifier.recalibrate(0.8, -1.5)
    after = classifier.decision_function(labelled.features)
    np.testing.assert_allclose(after, 0.8 * before - 1.5, atol=1e-9)
    np.testing.assert_allclose(classifier.explain(labelled.features), 0.8 * explained, atol=1e-9)
    np.testing.assert_allclose(classifier.bias_ + classifier.explain(labelled.features).sum(axis=1), after, atol=1e-9)
    classifier.check_state()


def test_reliability_sees_probabilities_that_are_too_sure() -> None:
    odds = np.random.default_rng(2).normal(0, 3, 5_000)
    labels = drawn(odds)
    honest, boastful = (reliability(labels, probability(sure * odds), np.ones(5_000)) for sure in (1.0, 3.0))
    assert honest.expected_calibration_error < 0.02 < 0.05 < boastful.expected_calibration_error
    assert [one.pairs for one in honest.bins] == [500] * 10
    assert sum(one.observed.low <= one.probability <= one.observed.high for one in honest.bins) >= 8


def test_intervals_are_wilsons() -> None:
    found = share(np.arange(10) > 0, np.ones(10))
    assert (found.value, found.low, found.high) == pytest.approx((0.9, 0.5958, 0.9821), abs=1e-4)
    assert (share(np.empty(0, dtype=bool), np.empty(0)).low, share(np.empty(0, dtype=bool), np.empty(0)).high) == (
        0.0,
        1.0,
    )


def test_training_says_what_calibration_lacks() -> None:
    labelled = make_labelled(60)
    doubtful = replace(labelled, sampled_by=("uncertainty",) * 60, sampling_weights=np.zeros(60))
    said = summary.calibration(train("logistic", make_spec(), doubtful))
    assert said == "Not calibrated: it takes 30 pairs sampled at random (`--by random`)"


def test_the_card_says_how_the_model_was_calibrated() -> None:
    card = train_example().card_entries
    assert card["calibration"]["learnt_from"] == RANDOM_LABELS
    assert card["calibration"]["pairs"] == 67 == card["cross_validation"]["random_sample"]["pairs"]
    assert sum(one["pairs"] for one in card["reliability"]["bins"]) == 67
    assert card["cross_validation"]["random_sample"]["precision"]["low"] < 1
