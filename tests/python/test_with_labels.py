"""Training with labels: what competes, what is held out, and what thresholds are chosen on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from examples import make_labelled, make_spec

from dbt_dedup.classifiers import LogisticClassifier, PairClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, LABEL_FREE, SUPERVISED
from dbt_dedup.resolve import Records, ScoredPairs
from dbt_dedup.training.calibration import FEW_LABELS_ALL, RANDOM_LABELS, learn_calibration
from dbt_dedup.training.evaluation import measure
from dbt_dedup.training.folds import grouped_folds
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.thresholds import CLUSTERS, LABELS, ClusteredPairs
from dbt_dedup.training.with_labels import train

AUTOMATIC = make_spec(thresholds={"match": "auto", "review": "auto", "floor": 0.01})


def sampled(pairs: int, way: str = "random") -> LabelledPairs:
    labelled = make_labelled(pairs)
    weights = np.full(pairs, 1.0 if way == "random" else 0.0)
    return replace(labelled, sampled_by=(way,) * pairs, sampling_weights=weights)


def label_free(sharpness: float) -> LogisticClassifier:
    """A model that was learned elsewhere, more or less sure of what it says."""
    many = make_labelled(600, seed=9)
    model = LogisticClassifier().fit(many.features, many.is_match)
    model.recalibrate(sharpness, 0.0)
    return model


def test_held_out_odds_are_of_models_that_saw_neither_entity_calibrated_on_the_other_folds() -> None:
    labelled = sampled(120)
    trained = train("logistic", AUTOMATIC, labelled)
    folds = list(grouped_folds(labelled.record_ids, labelled.is_match))
    weight = np.full(120, np.nan)
    for fit_on, test_on in folds:
        model = LogisticClassifier(AUTOMATIC.directions).fit(labelled.features[fit_on], labelled.is_match[fit_on])
        weight[test_on] = model.decision_function(labelled.features[test_on])
    for _, test_on in folds:
        others = np.setdiff1d(np.arange(120), test_on)
        found = learn_calibration("", weight[others], labelled.is_match[others], np.ones(len(others)))
        assert trained.held_out[test_on] == pytest.approx(probability(found.slope * weight[test_on] + found.shift))
    final = learn_calibration(RANDOM_LABELS, weight, labelled.is_match, np.ones(120))
    assert trained.calibration == final
    plain = LogisticClassifier(AUTOMATIC.directions).fit(labelled.features, labelled.is_match)
    expected = final.slope * plain.decision_function(labelled.features) + final.shift
    assert trained.classifier.decision_function(labelled.features) == pytest.approx(expected)
    match = trained.thresholds.match
    assert trained.overall == measure(labelled.is_match, trained.held_out, match)
    assert trained.folds == tuple(measure(labelled.is_match[t], trained.held_out[t], match) for _, t in folds)
    assert trained.random_sample is not None
    assert trained.random_sample.pairs == sum(one.pairs for one in trained.reliability.bins) == 120


def test_thresholds_are_chosen_by_clusters_where_there_are_candidate_pairs() -> None:
    labelled = sampled(120)
    asked: list[tuple[PairClassifier, np.ndarray]] = []
    keys = np.arange(1, 241, dtype=np.int32)

    def candidates(pairs: int) -> ClusteredPairs:
        _, weight = asked[-1]
        scored = ScoredPairs(keys[: 2 * pairs : 2], keys[1 : 2 * pairs : 2], probability(weight[:pairs]))
        return ClusteredPairs(
            Records(keys), scored, np.arange(120) if pairs else np.full(120, -1), labelled.is_match, weight
        )

    def all_pairs(classifier: PairClassifier, held_out: np.ndarray) -> ClusteredPairs:
        asked.append((classifier, held_out))
        return candidates(120)

    def no_pairs(classifier: PairClassifier, held_out: np.ndarray) -> ClusteredPairs:
        asked.append((classifier, held_out))
        return candidates(0)

    trained = train("logistic", AUTOMATIC, labelled, all_pairs)
    classifier, weight = asked[0]
    assert classifier is trained.classifier
    assert trained.thresholds.chosen_on == CLUSTERS
    # pairs of records of their own: precision is known as well as the labels among the merged ones tell
    merged = [int((probability(weight) >= quality.match).sum()) for quality in trained.thresholds.tried]
    for quality, labels in zip(trained.thresholds.tried, merged, strict=True):
        expected = np.sqrt(quality.precision * (1 - quality.precision) / labels)
        assert quality.precision_error == pytest.approx(min(0.5, expected))
    assert trained.thresholds.match == trained.overall.threshold
    assert train("logistic", AUTOMATIC, labelled, no_pairs).thresholds.chosen_on == LABELS
    assert train("logistic", AUTOMATIC, labelled).thresholds.chosen_on == LABELS


def test_labels_that_doubt_chose_are_no_evidence_of_the_clusters() -> None:
    labelled = sampled(120, "uncertainty")
    keys = np.arange(1, 241, dtype=np.int32)

    def candidates(_: PairClassifier, weight: np.ndarray) -> ClusteredPairs:
        scored = ScoredPairs(keys[::2], keys[1::2], probability(weight))
        return ClusteredPairs(Records(keys), scored, np.arange(120), labelled.is_match, weight)

    trained = train("logistic", AUTOMATIC, labelled, candidates)
    assert {quality.precision_error for quality in trained.thresholds.tried} == {0.5}


def test_what_was_learned_without_labels_competes_and_is_only_corrected() -> None:
    labelled = sampled(60)
    given = label_free(3.0)
    before = given.decision_function(labelled.features)
    trained = train(AUTO, AUTOMATIC, labelled, label_free=given)
    assert [kind.kind for kind in trained.compared] == [LABEL_FREE, *SUPERVISED]
    assert trained.taken == LABEL_FREE
    assert (trained.kind, trained.curve) == ("logistic", None)
    assert given.decision_function(labelled.features) == pytest.approx(before)  # the one that was given stays
    # far too sure, which a narrow prior of the slope would not allow to correct
    assert trained.calibration.slope < 0.6
    corrected = trained.calibration.slope * before + trained.calibration.shift
    assert trained.classifier.decision_function(labelled.features) == pytest.approx(corrected)


def test_labels_that_are_too_few_correct_what_was_learned_without_them() -> None:
    labelled = sampled(40, "uncertainty")
    few = replace(
        labelled,
        record_ids=labelled.record_ids[:12],
        features=labelled.features[:12],
        is_match=labelled.is_match[:12],
        input_digests=labelled.input_digests[:12],
        sampled_by=labelled.sampled_by[:12],
        sampling_weights=labelled.sampling_weights[:12],
    )
    trained = train(AUTO, AUTOMATIC, few, label_free=label_free(1.0))
    assert [kind.kind for kind in trained.compared] == [LABEL_FREE]
    assert (trained.taken, trained.folds, trained.random_sample) == (LABEL_FREE, (), None)
    assert (trained.calibration.learnt_from, trained.calibration.pairs) == (FEW_LABELS_ALL, 12)
    # nothing is held out, so the odds are those of before
    assert trained.held_out == pytest.approx(probability(label_free(1.0).decision_function(few.features)))
    assert sum(one.pairs for one in trained.reliability.bins) == 12
    with pytest.raises(DedupError, match="has 12 usable labels"):
        train(AUTO, AUTOMATIC, few)
