"""Fit a classifier on labelled pairs and say how good it is on pairs it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.calibration import NO_LABELS, Calibration, learn_calibration, pairs_to_calibrate_on
from dbt_dedup.classifiers import KINDS, SUPERVISED, UNSUPERVISED, PairClassifier
from dbt_dedup.classifiers.base import probability as probability_of
from dbt_dedup.comparison import ComparedKind, Fold, LearningCurve, choose_simplest, compare, learning_curve
from dbt_dedup.errors import DedupError
from dbt_dedup.evaluation import (
    Metrics,
    Reliability,
    SampleQuality,
    SuggestedThresholds,
    measure,
    reliability,
    sample_quality,
    suggest_thresholds,
)
from dbt_dedup.folds import grouped_folds
from dbt_dedup.judged import JudgedPairs
from dbt_dedup.labels import LabelledPairs
from dbt_dedup.spec import Spec

AUTO = "auto"


@dataclass(frozen=True)
class TrainedModel:
    """A classifier fitted on all labelled pairs, with what cross-validation says of its kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        classifier: fitted on all of `labelled`.
        labelled: what it was fitted on.
        held_out: probability of each of those pairs by the cross-validated model that saw neither of its entities; NaN
            where no fold tested it.
        calibration: what the classifier's log odds were multiplied by and shifted by.
        overall: quality over all pairs, each judged by a classifier that saw neither of its entities, and by a
            calibration learnt from the other folds.
        folds: quality of each fold alone.
        suggested: thresholds that those probabilities suggest.
        reliability: those probabilities against the labels, of the pairs that the calibration was learnt from
            (all where it was learnt from none).
        random_sample: quality on the pairs sampled at random alone; None where there are none.
        compared: what cross-validation on the same folds says of each kind that was tried, from the simplest on.
        curve: how the kind does with fewer labels; None where nothing was to choose.
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
        """Record ids, input digests and features of the pairs of which some are kept beside the model."""
        return self.labelled.record_ids, self.labelled.input_digests, self.labelled.features

    @property
    def judged_pairs(self) -> JudgedPairs:
        """The labelled pairs with what was and is said of them."""
        return JudgedPairs(
            record_ids=self.labelled.record_ids,
            is_match=self.labelled.is_match,
            sampled_by=self.labelled.sampled_by,
            held_out_probability=self.held_out,
            probability=self.classifier.predict_proba(self.labelled.features)[:, 1],
            input_digests=self.labelled.input_digests,
        )

    @property
    def training_digest(self) -> str:
        """Sha256 of what it was fitted on."""
        return self.labelled.digest

    @property
    def card_entries(self) -> dict[str, Any]:
        """What the card says of this way of training."""
        is_match = self.labelled.is_match
        return {
            "labels": {"match": int(is_match.sum()), "no_match": int((1 - is_match).sum())},
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

    `auto` cross-validates every kind that learns from labels on the same folds, takes the simplest whose log loss is
    within one standard error of the best's, and looks at what fewer labels would have given.

    Raises:
        DedupError: unknown kind, no feature that varies, or labels so entangled that no fold can be held out.
    """
    kinds = SUPERVISED if kind == AUTO else (kind,)
    _check_kind(kinds)
    folds = list(grouped_folds(labelled.record_ids, labelled.is_match))
    judged = {one: _cross_validate(one, spec, labelled, folds) for one in kinds}
    compared = tuple(compare(one, found.folds, found.overall) for one, found in judged.items())
    chosen = choose_simplest(compared)
    found = judged[chosen]
    classifier = _fit(chosen, spec, labelled.features, labelled.is_match)
    calibration = _calibrate(found.weight, labelled, np.ones(len(labelled), dtype=bool))
    classifier.recalibrate(calibration.slope, calibration.shift)
    judged_pairs = ~np.isnan(found.held_out)
    learnt_from, counted = pairs_to_calibrate_on(labelled)
    judged_by = judged_pairs & (counted > 0) if learnt_from != NO_LABELS else judged_pairs
    random = judged_pairs & (labelled.sampling_weights > 0)
    return TrainedModel(
        kind=chosen,
        classifier=classifier,
        labelled=labelled,
        held_out=found.held_out,
        calibration=calibration,
        overall=found.overall,
        folds=found.folds,
        suggested=suggest_thresholds(labelled.is_match[judged_pairs], found.held_out[judged_pairs], spec.targets),
        reliability=reliability(
            labelled.is_match[judged_by],
            found.held_out[judged_by],
            np.where(counted > 0, counted, 1.0)[judged_by],
        ),
        random_sample=sample_quality(
            labelled.is_match[random],
            found.held_out[random],
            spec.thresholds.match,
            labelled.sampling_weights[random],
        )
        if random.any()
        else None,
        compared=compared,
        curve=_learning_curve(chosen, spec, labelled, folds, found) if kind == AUTO else None,
    )


@dataclass(frozen=True)
class _Judged:
    """What cross-validation found.

    Attributes:
        weight: log2 odds of each labelled pair before calibration; NaN where no fold tested it.
        held_out: the same as a probability, calibrated by the pairs of the other folds.
        overall, folds: quality of the calibrated probabilities.
        uncalibrated: quality of each fold before calibration, which the learning curve goes on from.
    """

    weight: NDArray[np.float64]
    held_out: NDArray[np.float64]
    overall: Metrics
    folds: tuple[Metrics, ...]
    uncalibrated: tuple[Metrics, ...]


def _cross_validate(kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold]) -> _Judged:
    weight = np.full(len(labelled), np.nan)
    for fit_on, test_on in folds:
        fold_model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        weight[test_on] = fold_model.decision_function(labelled.features[test_on])
    tested = ~np.isnan(weight)
    if len(np.unique(labelled.is_match[tested])) < 2:
        raise DedupError(
            f"The {len(labelled)} labels of entity {spec.name!r} hang together through too few entities to hold some"
            " out for a test. Label pairs of other records."
        )
    held_out = np.full(len(labelled), np.nan)
    for _, test_on in folds:
        others = np.ones(len(labelled), dtype=bool)
        others[test_on] = False
        calibration = _calibrate(weight, labelled, others)
        held_out[test_on] = probability_of(calibration.slope * weight[test_on] + calibration.shift)

    def judge(rows: NDArray[Any], probability: NDArray[np.float64]) -> Metrics:
        return measure(labelled.is_match[rows], probability[rows], spec.thresholds.match)

    return _Judged(
        weight=weight,
        held_out=held_out,
        overall=judge(tested, held_out),
        folds=tuple(judge(test_on, held_out) for _, test_on in folds),
        uncalibrated=tuple(judge(test_on, probability_of(weight)) for _, test_on in folds),
    )


def _calibrate(weight: NDArray[np.float64], labelled: LabelledPairs, rows: NDArray[np.bool_]) -> Calibration:
    learnt_from, counted = pairs_to_calibrate_on(labelled)
    rows = rows & (counted > 0) & ~np.isnan(weight)
    return learn_calibration(learnt_from, weight[rows], labelled.is_match[rows], counted[rows])


def _learning_curve(
    kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold], found: _Judged
) -> LearningCurve | None:
    def judge(fit_on: NDArray[np.int64], test_on: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        return model.predict_proba(labelled.features[test_on])[:, 1]

    try:
        return learning_curve(judge, folds, found.uncalibrated, labelled.is_match, spec.thresholds.match)
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
        raise DedupError(
            f"There is no classifier of kind {kinds[0]!r} that learns from labels. Kinds: {', '.join(known)}."
        )
