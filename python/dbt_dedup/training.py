"""Fit a classifier on labelled pairs and say how good it is on pairs it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import KINDS, SUPERVISED, UNSUPERVISED, PairClassifier
from dbt_dedup.comparison import ComparedKind, Fold, LearningCurve, choose_simplest, compare, learning_curve
from dbt_dedup.errors import DedupError
from dbt_dedup.evaluation import Metrics, SuggestedThresholds, measure, suggest_thresholds
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
        overall: quality over all pairs, each judged by a classifier that saw neither of its entities.
        folds: quality of each fold alone.
        suggested: thresholds that those probabilities suggest.
        compared: what cross-validation on the same folds says of each kind that was tried, from the simplest on.
        curve: how the kind does with fewer labels; None where nothing was to choose.
    """

    kind: str
    classifier: PairClassifier
    labelled: LabelledPairs
    held_out: NDArray[np.float64]
    overall: Metrics
    folds: tuple[Metrics, ...]
    suggested: SuggestedThresholds
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
            },
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
    return TrainedModel(
        kind=chosen,
        classifier=_fit(chosen, spec, labelled.features, labelled.is_match),
        labelled=labelled,
        held_out=found.held_out,
        overall=found.overall,
        folds=found.folds,
        suggested=suggest_thresholds(found.is_match, found.probability, spec.targets),
        compared=compared,
        curve=_learning_curve(chosen, spec, labelled, folds, found) if kind == AUTO else None,
    )


@dataclass(frozen=True)
class _Judged:
    """What cross-validation found: labels and probabilities of the pairs that were tested, and quality.

    `held_out` has a probability for every labelled pair, NaN where no fold tested it.
    """

    held_out: NDArray[np.float64]
    is_match: NDArray[np.int64]
    probability: NDArray[np.float64]
    overall: Metrics
    folds: tuple[Metrics, ...]


def _cross_validate(kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold]) -> _Judged:
    held_out = np.full(len(labelled), np.nan)
    metrics = []
    for fit_on, test_on in folds:
        fold_model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        held_out[test_on] = fold_model.predict_proba(labelled.features[test_on])[:, 1]
        metrics.append(measure(labelled.is_match[test_on], held_out[test_on], spec.thresholds.match))
    judged = ~np.isnan(held_out)
    if len(np.unique(labelled.is_match[judged])) < 2:
        raise DedupError(
            f"The {len(labelled)} labels of entity {spec.name!r} hang together through too few entities to hold some"
            " out for a test. Label pairs of other records."
        )
    is_match, probability = labelled.is_match[judged], held_out[judged]
    overall = measure(is_match, probability, spec.thresholds.match)
    return _Judged(held_out, is_match, probability, overall, tuple(metrics))


def _learning_curve(
    kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold], found: _Judged
) -> LearningCurve | None:
    def judge(fit_on: NDArray[np.int64], test_on: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        return model.predict_proba(labelled.features[test_on])[:, 1]

    try:
        return learning_curve(judge, folds, found.folds, labelled.is_match, spec.thresholds.match)
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
