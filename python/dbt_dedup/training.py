"""Fit a classifier on labelled pairs and say how good it is on pairs it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import KINDS, SUPERVISED, PairClassifier
from dbt_dedup.errors import DedupError
from dbt_dedup.evaluation import Metrics, SuggestedThresholds, measure, suggest_thresholds
from dbt_dedup.folds import grouped_folds
from dbt_dedup.labels import LabelledPairs
from dbt_dedup.spec import Spec


@dataclass(frozen=True)
class TrainedModel:
    """A classifier fitted on all labelled pairs, with what cross-validation says of its kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        classifier: fitted on all of `labelled`.
        labelled: what it was fitted on.
        overall: quality over all pairs, each judged by a classifier that saw neither of its entities.
        folds: quality of each fold alone.
        suggested: thresholds that those probabilities suggest.
    """

    kind: str
    classifier: PairClassifier
    labelled: LabelledPairs
    overall: Metrics
    folds: tuple[Metrics, ...]
    suggested: SuggestedThresholds

    @property
    def parity_pairs(self) -> tuple[Sequence[tuple[str, str]], NDArray[np.float64]]:
        """Record ids and features of the pairs of which some are kept beside the model."""
        return self.labelled.record_ids, self.labelled.features

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
        }

    @property
    def ignored_features(self) -> tuple[str, ...]:
        """Names of the features that are null or of one value in all labelled pairs."""
        return tuple(self.labelled.feature_names[j] for j in self.classifier.ignored_features_)


def train(kind: str, spec: Spec, labelled: LabelledPairs) -> TrainedModel:
    """Cross-validate and fit a classifier of `kind`; the same labelled pairs give the same model, bit for bit.

    Raises:
        DedupError: unknown kind, no feature that varies, or labels so entangled that no fold can be held out.
    """
    _check_kind(kind)
    probability = np.full(len(labelled), np.nan)
    folds = []
    for fit_on, test_on in grouped_folds(labelled.record_ids, labelled.is_match):
        fold_model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on])
        probability[test_on] = fold_model.predict_proba(labelled.features[test_on])[:, 1]
        folds.append(measure(labelled.is_match[test_on], probability[test_on], spec.thresholds.match))
    judged = ~np.isnan(probability)
    if len(np.unique(labelled.is_match[judged])) < 2:
        raise DedupError(
            f"The {len(labelled)} labels of entity {spec.name!r} hang together through too few entities to hold some"
            " out for a test. Label pairs of other records."
        )
    is_match, probability = labelled.is_match[judged], probability[judged]
    return TrainedModel(
        kind=kind,
        classifier=_fit(kind, spec, labelled.features, labelled.is_match),
        labelled=labelled,
        overall=measure(is_match, probability, spec.thresholds.match),
        folds=tuple(folds),
        suggested=suggest_thresholds(is_match, probability, spec.targets),
    )


def _fit(kind: str, spec: Spec, features: NDArray[np.float64], is_match: NDArray[np.int64]) -> PairClassifier:
    try:
        return KINDS[kind](directions=spec.directions).fit(features, is_match)
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: the {kind} classifier cannot be trained. {error}") from error


def _check_kind(kind: str) -> None:
    if kind not in SUPERVISED:
        raise DedupError(
            f"There is no classifier of kind {kind!r} that learns from labels. Kinds: {', '.join(SUPERVISED)}."
        )
