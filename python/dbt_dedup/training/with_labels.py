"""Fit a classifier on labelled pairs and measure it on pairs that it has not seen."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import KINDS, PairClassifier, kind_of
from dbt_dedup.classifiers.base import LabelledPairClassifier
from dbt_dedup.classifiers.base import probability as probability_of
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, LABEL_FREE, MATCH, NO_MATCH, SUPERVISED, UNSUPERVISED
from dbt_dedup.spec import Spec
from dbt_dedup.training.calibration import (
    FEW_LABELS_ALL,
    LABEL_FREE_SPREAD,
    LOG_SLOPE_SPREAD,
    NO_LABELS,
    Calibration,
    few_counts,
    learn_calibration,
    learn_shift,
    pairs_as_evidence,
    pairs_to_calibrate_on,
    pairs_to_compare_on,
)
from dbt_dedup.training.comparison import ComparedKind, Fold, LearningCurve, choose_kind, compare, learning_curve
from dbt_dedup.training.evaluation import (
    Metrics,
    Reliability,
    SampleQuality,
    measure,
    reliability,
    sample_quality,
)
from dbt_dedup.training.folds import grouped_folds
from dbt_dedup.training.held_out import HeldOutPairs
from dbt_dedup.training.labelled_pairs import LabelledPairs, refuse_too_few
from dbt_dedup.training.relatives import Relatives
from dbt_dedup.training.thresholds import ChosenThresholds, ClusteredPairs, from_clusters, from_labels

# Given a calibrated classifier and the held-out log2 odds of the labelled pairs: all pairs, to choose thresholds on.
CandidatePairs = Callable[[PairClassifier, NDArray[np.float64]], ClusteredPairs]


@dataclass(frozen=True)
class TrainedModel:
    """A classifier fitted on all labelled pairs, with the cross-validated quality of its kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        taken: the name in `compared` of what was taken: a kind, or `label_free`.
        classifier: fitted on all of `labelled`, or learned without labels, and calibrated.
        labelled: the pairs it was fitted on.
        held_out: n probabilities, each by a model that saw neither entity of the pair; NaN where no fold tested it.
        calibration: the slope and shift applied to the classifier's log odds.
        thresholds: the thresholds chosen for it, in effect where the spec says `auto`.
        overall: quality at the match threshold in effect over all tested pairs, each predicted by a classifier that saw
            neither of its entities and calibrated on the other folds.
        folds: quality of each fold alone.
        reliability: these probabilities against the labels, for the pairs that the calibration was learned from (for
            all pairs where it was learned from none).
        random_sample: quality on the pairs sampled at random alone; None where there are none.
        compared: cross-validated quality on the same folds of each kind that was tried, from the simplest on.
        curve: quality of the kind with fewer labels; None where there was no choice of kinds.
    """

    kind: str
    taken: str
    classifier: PairClassifier
    labelled: LabelledPairs
    held_out: NDArray[np.float64]
    calibration: Calibration
    thresholds: ChosenThresholds
    overall: Metrics
    folds: tuple[Metrics, ...]
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
            "thresholds": asdict(self.thresholds),
            "taken": self.taken,
            "compared_kinds": [asdict(kind) for kind in self.compared],
            "learning_curve": asdict(self.curve) if self.curve else None,
        }

    @property
    def ignored_features(self) -> tuple[str, ...]:
        """Names of the features that are null or of one value in all labelled pairs."""
        return tuple(self.labelled.feature_names[j] for j in self.classifier.ignored_features_)


def train(
    kind: str,
    spec: Spec,
    labelled: LabelledPairs,
    candidate_pairs: CandidatePairs | None = None,
    label_free: PairClassifier | None = None,
    relatives: Relatives | None = None,
) -> TrainedModel:
    """Cross-validate and fit a classifier of `kind`; on one machine the same pairs give the same model, bit for bit.

    `auto` cross-validates every kind that learns from labels on the same folds and takes the simplest that no other
    surpasses both in log loss and in F1 at the threshold of its choice, and measures it with fewer labels.

    Args:
        kind: `auto`, or a kind that learns from labels.
        spec: the entity.
        labelled: the labelled pairs.
        candidate_pairs: gives all pairs of the entity, to choose thresholds by the clusters that they make. None
            chooses them by the labelled pairs alone.
        label_free: a classifier that was learned without labels, to compare with the others; the labels only correct
            its odds. With too few labels to learn from, it is the only one.
        relatives: makes pairs of relatives to learn from beside the labels, where they do not make the held-out
            labels less well predicted; none are made without.

    Raises:
        DedupError: unknown kind, no feature that varies, too few labels without `label_free`, or labels of too few
            separate entities to hold any out.
    """
    kinds = SUPERVISED if kind == AUTO else (kind,)
    _check_kind(kinds)
    folds = list(grouped_folds(labelled.record_ids, labelled.is_match)) if labelled.are_enough else []
    counts = pairs_to_compare_on(labelled)
    test_folds = [test_on for _, test_on in folds]

    def compared_with(name: str, result: _CrossValidated) -> tuple[ComparedKind, _CrossValidated]:
        summary = compare(name, labelled.is_match, result.held_out, counts, test_folds, spec.targets)
        return replace(summary, made_pairs=result.relatives is not None), result

    by_kind: dict[str, tuple[ComparedKind, _CrossValidated]] = {}
    if label_free:
        by_kind[LABEL_FREE] = compared_with(LABEL_FREE, _correct(label_free, labelled, folds))
    else:
        refuse_too_few(spec.name, labelled.is_match)
    for name in kinds if labelled.are_enough else ():
        # with made pairs, or without them where that predicts the held-out labels better: labels know their data
        ways = [compared_with(name, result) for result in _cross_validations(name, spec, labelled, folds, relatives)]
        by_kind[name] = min(ways, key=lambda way: way[0].log_loss)
    compared = tuple(kind for kind, _ in by_kind.values())
    chosen = choose_kind(compared)
    validated = by_kind[chosen][1]
    relatives = validated.relatives
    everything = np.ones(len(labelled), dtype=bool)
    if label_free and chosen == LABEL_FREE:
        classifier = copy.deepcopy(label_free)
        calibration = _calibrate(validated.weight, labelled, everything, is_label_free=True)
    else:
        classifier = _fit(chosen, spec, labelled.features, labelled.is_match, relatives)
        calibration = _calibrate(validated.weight, labelled, everything)
    classifier.recalibrate(calibration.slope, calibration.shift)
    thresholds = _choose_thresholds(spec, labelled, validated, calibration, classifier, candidate_pairs)
    decided = spec.fill_thresholds(thresholds.match, thresholds.review)

    def quality(pairs: NDArray[Any], probability: NDArray[np.float64]) -> Metrics:
        return measure(labelled.is_match[pairs], probability[pairs], decided.thresholds.match)

    return TrainedModel(
        kind=kind_of(classifier),
        taken=chosen,
        classifier=classifier,
        labelled=labelled,
        held_out=validated.held_out,
        calibration=calibration,
        thresholds=thresholds,
        overall=quality(~np.isnan(validated.held_out), validated.held_out),
        folds=tuple(quality(test_on, validated.held_out) for _, test_on in folds),
        reliability=_reliability(labelled, validated.held_out),
        random_sample=_random_sample(decided, labelled, validated.held_out),
        compared=compared,
        curve=_learning_curve(chosen, decided, labelled, folds, validated, relatives)
        if kind == AUTO and chosen != LABEL_FREE
        else None,
    )


@dataclass(frozen=True)
class _CrossValidated:
    """The result of cross-validating one kind.

    Attributes:
        weight: log2 odds of each labelled pair before calibration; NaN where no fold tested it.
        held_out: the same as a probability, calibrated on the pairs of the other folds.
        relatives: made the pairs that each fold learned from beside the labels; None where there were none.
    """

    weight: NDArray[np.float64]
    held_out: NDArray[np.float64]
    relatives: Relatives | None = None


def _cross_validate(
    kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold], relatives: Relatives | None
) -> _CrossValidated:
    weight = np.full(len(labelled), np.nan)
    for fit_on, test_on in folds:
        fold_model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on], relatives)
        weight[test_on] = fold_model.decision_function(labelled.features[test_on])
    if len(np.unique(labelled.is_match[~np.isnan(weight)])) < 2:
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
    return _CrossValidated(weight, held_out, relatives)


def _cross_validations(
    kind: str, spec: Spec, labelled: LabelledPairs, folds: Sequence[Fold], relatives: Relatives | None
) -> Iterator[_CrossValidated]:
    """With made pairs, where the kind can learn from them, and without."""
    if relatives is not None and issubclass(KINDS[kind], LabelledPairClassifier):
        yield _cross_validate(kind, spec, labelled, folds, relatives)
    yield _cross_validate(kind, spec, labelled, folds, None)


def _correct(label_free: PairClassifier, labelled: LabelledPairs, folds: Sequence[Fold]) -> _CrossValidated:
    """A classifier that has seen no label; its odds are corrected by the other folds, or not at all without folds."""
    weight = label_free.decision_function(labelled.features)
    held_out = probability_of(weight)
    for _, test_on in folds:
        others = np.ones(len(labelled), dtype=bool)
        others[test_on] = False
        calibration = _calibrate(weight, labelled, others, is_label_free=True)
        held_out[test_on] = probability_of(calibration.slope * weight[test_on] + calibration.shift)
    return _CrossValidated(weight, held_out)


def _choose_thresholds(
    spec: Spec,
    labelled: LabelledPairs,
    validated: _CrossValidated,
    calibration: Calibration,
    classifier: PairClassifier,
    candidate_pairs: CandidatePairs | None,
) -> ChosenThresholds:
    was_tested = ~np.isnan(validated.held_out)
    weight = calibration.slope * validated.weight + calibration.shift
    clustered = candidate_pairs(classifier, weight) if candidate_pairs else None
    if clustered and len(clustered.pairs.left):
        return from_clusters(clustered, spec, learn_shift, was_tested & pairs_as_evidence(labelled))
    counts = pairs_to_compare_on(labelled)[was_tested]
    return from_labels(labelled.is_match[was_tested], validated.held_out[was_tested], counts, spec.targets)


def _calibrate(
    weight: NDArray[np.float64], labelled: LabelledPairs, pairs: NDArray[np.bool_], *, is_label_free: bool = False
) -> Calibration:
    learned_from, counts = pairs_to_calibrate_on(labelled)
    if is_label_free and not counts.any():  # few labels say more than none
        learned_from, counts = FEW_LABELS_ALL, few_counts(labelled)
    pairs = pairs & (counts > 0) & ~np.isnan(weight)
    spread = LABEL_FREE_SPREAD if is_label_free else LOG_SLOPE_SPREAD
    return learn_calibration(learned_from, weight[pairs], labelled.is_match[pairs], counts[pairs], spread)


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
    kind: str,
    spec: Spec,
    labelled: LabelledPairs,
    folds: Sequence[Fold],
    validated: _CrossValidated,
    relatives: Relatives | None,
) -> LearningCurve | None:
    def predict(fit_on: NDArray[np.int64], test_on: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(kind, spec, labelled.features[fit_on], labelled.is_match[fit_on], relatives)
        return model.predict_proba(labelled.features[test_on])[:, 1]

    try:
        uncalibrated = [
            measure(labelled.is_match[test_on], probability_of(validated.weight[test_on]), spec.thresholds.match)
            for _, test_on in folds
        ]
        return learning_curve(predict, folds, uncalibrated, labelled.is_match, spec.thresholds.match)
    except DedupError:  # a quarter of the labels may hold no feature that varies
        return None


def _fit(
    kind: str,
    spec: Spec,
    features: NDArray[np.float64],
    is_match: NDArray[np.int64],
    relatives: Relatives | None,
) -> PairClassifier:
    classifier = KINDS[kind](directions=spec.directions)
    try:
        if relatives and isinstance(classifier, LabelledPairClassifier):
            return classifier.fit(*relatives.add_to(features, is_match))
        return classifier.fit(features, is_match)
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: the {kind} classifier cannot be trained. {error}") from error


def _check_kind(kinds: Sequence[str]) -> None:
    known = [kind for kind in KINDS if kind != UNSUPERVISED]
    if kinds[0] not in known:
        raise DedupError(f"No classifier of kind {kinds[0]!r} learns from labels. Kinds: {', '.join(known)}.")
