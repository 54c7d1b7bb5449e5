"""Fit a classifier on labelled pairs and measure it on pairs that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import KINDS, PairClassifier
from dbt_dedup.classifiers.base import probability as probability_of
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, MATCH, NO_MATCH, SUPERVISED, UNSUPERVISED
from dbt_dedup.spec import Spec
from dbt_dedup.training.calibration import NO_LABELS, Calibration, learn_calibration, pairs_to_calibrate_on
from dbt_dedup.training.comparison import ComparedKind, Fold, LearningCurve, choose_simplest, compare, learning_curve
from dbt_dedup.training.evaluation import (
    Metrics,
    Reliability,
    SampleQuality,
    SuggestedThresholds,
    measure,
    reliability,
    sample_quality,
    suggest_thresholds,
)
from dbt_dedup.training.folds import grouped_folds
from dbt_dedup.training.held_out import HeldOutPairs
from dbt_dedup.training.labelled_pairs import LabelledPairs


@dataclass(frozen=True)
class TrainedModel:
    """A classifier fitted on all labelled pairs, with the cross-validated quality of its kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        classifier: fitted on all of `labelled`, and calibrated.
        labelled: the pairs it was fitted on.
        held_out: n probabilities, each by a model that saw neither entity of the pair; NaN where no fold tested it.
        calibration: the slope and shift applied to the classifier's log odds.
        overall: quality over all tested pairs, each predicted by a classifier that saw neither of its entities and
            calibrated on the other folds.
        folds: quality of each fold alone.
        suggested: thresholds that these probabilities suggest.
        reliability: these probabilities against the labels, for the pairs that the calibration was learned from (for
            all pairs where it was learned from none).
        random_sample: quality on the pairs sampled at random alone; None where there are none.
        compared: cross-validated quality on the same folds of each kind that was tried, from the simplest on.
        curve: quality of the kind with fewer labels; None where there was no choice of kinds.
    """

    kind: str
    classifier: PairClassifier
    labelled: LabelledPairs
    held_out: NDArray[np.float64]
    calibration: Calibration
    overall: Metrics
    folds: tuple[Metrics, ...]
    suggested: SuggestedThresholds
    reliability: Reliability
    random_sample: SampleQuality | None
    compared: tuple[ComparedKind, ...] = ()
    curve: LearningCurve | None = None

    @property
    def parity_pairs(self) -> tuple[Sequence[tuple[str, str]], Sequence[str], NDArray[np.float64]]:
        """Record ids, input digests and features of the pairs to choose parity vectors from."""
        return self.labelled.record_ids, self.labelled.input_digests, self.labelled.features

    @property
    def held_out_pairs(self) -> HeldOutPairs:
        """The labelled pairs with their held-out and their final probability."""
        return HeldOutPairs(
            record_ids=self.labelled.record_ids,
            is_match=self.labelled.is_match,
            sampled_by=self.labelled.sampled_by,
            held_out_probability=self.held_out,
            probability=self.classifier.predict_proba(self.labelled.features)[:, 1],
            input_digests=self.labelled.input_digests,
        )

    @property
    def training_digest(self) -> str:
        """Sha256 of the pairs it was fitted on."""
        return self.labelled.digest

    @property
    def card_entries(self) -> dict[str, Any]:
        """The entries of the card that only this way of training has."""
        is_match = self.labelled.is_match
        return {
            "labels": {MATCH: int(is_match.sum()), NO_MATCH: int((1 - is_match).sum())},
            "cross_validation": {
                "overall": asdict(self.overall),
                "folds": [asdict(fold) for fold in self.folds],
                "random_sample": asdict(self.random_sample) if self.random_sample else None,
            },
            "calibration": asdict(self.calibration),
            "reliability": asdict(self.reliability),
            "suggested_thresholds": asdict(self.suggested),
            "compared_kinds": [asdict(kind) for kind in self.compared],
            "learning_curve": asdict(self.curve) if self.curve else None,
        }

    @property
    def ignored_features(self) -> tuple[str, ...]:
        """Names of the features that are null or of one value in all labelled pairs."""
        return tuple(self.labelled.feature_names[j] for j in self.classifier.ignored_features_)


def train(kind: str, spec: Spec, labelled: LabelledPairs) -> TrainedModel:
    """Cross-validate and fit a classifier of `kind`; the same labelled pairs give the same model, bit for bit.

    `auto` cross-validates every kind that learns from labels on the same folds, takes the simplest one whose log loss
    is within one standard error of the best, and measures it with fewer labels.

    Raises:
        DedupError: unknown kind, no feature that varies, or labels of too few separate entities to hold any out.
    """
    kinds = SUPERVISED if kind == AUTO else (kind,)
    _check_kind(kinds)
    folds = list(grouped_folds(labelled.record_ids, labelled.is_match))
    by_kind = {name: _cross_validate(name, spec, labelled, folds) for name in kinds}
    compared = tuple(compare(name, result.folds, result.overall) for name, result in by_kind.items())
    chosen = choose_simplest(compared)
    validated = by_kind[chosen]
    classifier = _fit(chosen, spec, labelled.features, labelled.is_match)
    calibration = _calibrate(validated.weight, labelled, np.ones(len(labelled), dtype=bool))
    classifier.recalibrate(calibration.slope, calibration.shift)
    return TrainedModel(
        kind=chosen,
        classifier=classifier,
        labelled=labelled,
        held_out=validated.held_out,
        calibration=calibration,
        overall=validated.overall,
        folds=validated.folds,
        suggested=_suggest(spec, labelled, validated.held_out),
        reliability=_reliability(labelled, validated.held_out),
        random_sample=_random_sample(spec, labelled, validated.held_out),
        compared=compared,
        curve=_learning_curve(chosen, spec, labelled, folds, validated) if kind == AUTO else None,
    )


@dataclass(frozen=True)
class _CrossValidated:
    """The result of cross-validating one kind.

    Attributes:
        weight: log2 odds of each labelled pair before calibration; NaN where no fold tested it.
        held_out: the same as a probability, calibrated on the pairs of the other folds.
        overall: quality of the calibrated probabilities over all tested pairs.
        folds: their quality in each fold.
        uncalibrated: quality of each fold before calibration, where the learning curve ends.
    """

    weight: NDArray[np.float64]
    held_out: NDArray[np.float64]
    overall: Metrics
    folds: tuple[Metrics, ...]
    uncalibrated: tuple[Metrics, ...]


def _cross_validate(kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold]) -> _CrossValidated:
    weight = np.full(len(labelled), np.nan)
    for fit_on, test_on in folds:
        fold_model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        weight[test_on] = fold_model.decision_function(labelled.features[test_on])
    was_tested = ~np.isnan(weight)
    if len(np.unique(labelled.is_match[was_tested])) < 2:
        raise DedupError(
            f"The {len(labelled)} labels of entity {spec.name!r} cover too few separate entities to hold any out for"
            " testing. Label pairs of other records."
        )
    held_out = np.full(len(labelled), np.nan)
    for _, test_on in folds:
        others = np.ones(len(labelled), dtype=bool)
        others[test_on] = False
        calibration = _calibrate(weight, labelled, others)
        held_out[test_on] = probability_of(calibration.slope * weight[test_on] + calibration.shift)

    def quality(pairs: NDArray[Any], probability: NDArray[np.float64]) -> Metrics:
        return measure(labelled.is_match[pairs], probability[pairs], spec.thresholds.match)

    return _CrossValidated(
        weight=weight,
        held_out=held_out,
        overall=quality(was_tested, held_out),
        folds=tuple(quality(test_on, held_out) for _, test_on in folds),
        uncalibrated=tuple(quality(test_on, probability_of(weight)) for _, test_on in folds),
    )


def _calibrate(weight: NDArray[np.float64], labelled: LabelledPairs, pairs: NDArray[np.bool_]) -> Calibration:
    learned_from, counts = pairs_to_calibrate_on(labelled)
    pairs = pairs & (counts > 0) & ~np.isnan(weight)
    return learn_calibration(learned_from, weight[pairs], labelled.is_match[pairs], counts[pairs])


def _suggest(spec: Spec, labelled: LabelledPairs, held_out: NDArray[np.float64]) -> SuggestedThresholds:
    was_tested = ~np.isnan(held_out)
    return suggest_thresholds(labelled.is_match[was_tested], held_out[was_tested], spec.targets)


def _reliability(labelled: LabelledPairs, held_out: NDArray[np.float64]) -> Reliability:
    learned_from, counts = pairs_to_calibrate_on(labelled)
    pairs = ~np.isnan(held_out)
    if learned_from != NO_LABELS:
        pairs &= counts > 0
    return reliability(labelled.is_match[pairs], held_out[pairs], np.where(counts > 0, counts, 1.0)[pairs])


def _random_sample(spec: Spec, labelled: LabelledPairs, held_out: NDArray[np.float64]) -> SampleQuality | None:
    pairs = ~np.isnan(held_out) & (labelled.sampling_weights > 0)
    if not pairs.any():
        return None
    return sample_quality(
        labelled.is_match[pairs], held_out[pairs], spec.thresholds.match, labelled.sampling_weights[pairs]
    )


def _learning_curve(
    kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold], validated: _CrossValidated
) -> LearningCurve | None:
    def predict(fit_on: NDArray[np.int64], test_on: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        return model.predict_proba(labelled.features[test_on])[:, 1]

    try:
        return learning_curve(predict, folds, validated.uncalibrated, labelled.is_match, spec.thresholds.match)
    except DedupError:  # a quarter of the labels may hold no feature that varies
        return None


def _fit(kind: str, spec: Spec, features: NDArray[np.float64], is_match: NDArray[np.int64]) -> PairClassifier:
    try:
        return KINDS[kind](directions=spec.directions).fit(features, is_match)
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: the {kind} classifier cannot be trained. {error}") from error


def _check_kind(kinds: Sequence[str]) -> None:
    known = [kind for kind in KINDS if kind != UNSUPERVISED]
    if kinds[0] not in known:
        raise DedupError(f"No classifier of kind {kinds[0]!r} learns from labels. Kinds: {', '.join(known)}.")
