"""Choose the probabilities from which on a pair is merged, or waits for a person, by the quality of the clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.base import probability as probability_of
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, resolve
from dbt_dedup.spec import Spec, Targets

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]
ShiftOf = Callable[[Floats, NDArray[np.int64]], float]

# Match thresholds that are tried: even steps where decisions are close, finer ones where few pairs remain.
CUTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
# A person's time is not spent on pairs of which fewer than one in twenty is a match.
LEAST_REVIEWED = 0.05
MOSTLY_RIGHT = 0.5  # expected precision below which merges are more often wrong than right
CLUSTERS, LABELS = "clusters of all candidate pairs", "labelled pairs"


@dataclass(frozen=True)
class Quality:
    """What a match threshold is expected to give.

    Attributes:
        match: the threshold.
        precision: share of the merged pairs that are matches, in [0, 1]; 1 where nothing is merged.
        recall: share of the matches that are merged, in [0, 1].
        precision_error: standard error of the precision, from the number of labels among the merged pairs; 0 where it
            is not known.
    """

    match: float
    precision: float
    recall: float
    precision_error: float = 0.0

    def reaches(self, targets: Targets) -> bool:
        """Whether the precision reaches its target, or is within one standard error of it."""
        return self.precision + self.precision_error >= targets.precision

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision else 0.0


@dataclass(frozen=True)
class ChosenThresholds:
    """The thresholds of a model, which take effect with its promotion where the spec says `auto`.

    Attributes:
        match: records are merged from this probability on.
        review: pairs from this probability on, up to `match`, wait for a person.
        precision, recall: expected at `match`, in [0, 1].
        review_pairs: pairs that would wait for a person; None where that is not known.
        reached: whether precision and recall reach the targets of the entity.
        chosen_on: what they were chosen on.
        tried: what each threshold that was tried would give.
    """

    match: float
    review: float
    precision: float
    recall: float
    review_pairs: int | None
    reached: bool
    chosen_on: str
    tried: tuple[Quality, ...] = ()


@dataclass(frozen=True)
class ClusteredPairs:
    """All pairs of an entity that are worth a look, and how to put their records into clusters.

    Attributes:
        records: the records.
        pairs: candidate pairs and those of the closure, with calibrated probabilities.
        place: for each labelled pair its place in `pairs`; -1 where it is not among them.
        is_match: n labels.
        held_out: calibrated log2 odds of each labelled pair by a model that saw neither entity.
    """

    records: Records
    pairs: ScoredPairs
    place: NDArray[np.int64]
    is_match: NDArray[np.int64]
    held_out: Floats


def choose(qualities: Sequence[Quality], targets: Targets) -> Quality:
    """The best of several thresholds: of those that reach most of the targets the one with the best F1.

    Precision comes before recall, as a wrong merge costs more than a missed one. A precision within one standard error
    of the target may reach it: what labels cannot tell apart does not decide. Where no threshold reaches the precision
    target, or only by missing more than half of the recall target, it is the one with the best F1 of those by which
    merges are more often right than wrong; if there is none, the most precise one. Of equals it is the highest.
    """

    def rank(quality: Quality) -> tuple[bool, bool, float, float, float]:
        is_precise = quality.reaches(targets) and quality.recall >= targets.recall / 2
        return (
            is_precise,
            is_precise and quality.recall >= targets.recall,
            min(round(quality.precision, 6), MOSTLY_RIGHT),
            round(quality.f1, 6),
            quality.match,
        )

    return max(qualities, key=rank)


def from_labels(
    is_match: NDArray[np.int64], probability: Floats, weights: Floats, targets: Targets
) -> ChosenThresholds:
    """Thresholds chosen on n labelled pairs alone, for want of the candidate pairs.

    Args:
        is_match: n labels, 1 match, 0 no match, both present.
        probability: n held-out probabilities.
        weights: for how many pairs each counts, >= 0.
        targets: of the entity.
    """
    qualities = []
    for cut in CUTS:
        merged = probability >= cut
        hits, total = weights[merged & (is_match == 1)].sum(), weights[merged].sum()
        qualities.append(
            Quality(cut, float(hits / total) if total else 1.0, float(hits / max(weights[is_match == 1].sum(), 1e-12)))
        )
    best = choose(qualities, targets)
    return ChosenThresholds(
        match=best.match,
        review=min(best.match, LEAST_REVIEWED),
        precision=best.precision,
        recall=best.recall,
        review_pairs=None,
        reached=best.reaches(targets) and best.recall >= targets.recall,
        chosen_on=LABELS,
        tried=tuple(qualities),
    )


def from_clusters(
    clustered: ClusteredPairs, spec: Spec, shift_of: ShiftOf, is_evidence: NDArray[np.bool_]
) -> ChosenThresholds:
    """Thresholds chosen by the quality that is expected of the clusters which they make.

    The expected number of matches among some pairs is the sum of their calibrated probabilities. What competes for a
    record, or what all pairs of a cluster say together, is not in the probability of one pair, so the labelled pairs
    inside the clusters, and those outside, each correct the log odds of their group by one number.

    Args:
        clustered: the pairs and records.
        spec: the entity; its thresholds are not read.
        shift_of: gives the shift of log2 odds that fits labels best, from log2 odds and labels.
        is_evidence: which of the labelled pairs say what others like them are.
    """
    pairs, records = clustered.pairs, clustered.records
    distinct = np.ones(len(records), dtype=bool)
    if records.representatives is not None:
        distinct = records.representatives == records.keys
    left, right = (np.searchsorted(records.keys, side) for side in (pairs.left, pairs.right))
    counted = distinct[left] & distinct[right]  # copies would count a decision as often as they were copied
    qualities, inside_at = [], []
    for cut in (cut for cut in CUTS if cut >= spec.floor):
        clusters = resolve(records, pairs, Decisions(), spec.with_thresholds(cut, cut))
        inside, unknown = _inside(clustered, distinct, clusters, spec)
        expected = _expected(clustered, inside, shift_of, is_evidence)
        expected[~counted] = 0.0
        merged = int(inside.sum()) + unknown
        hits = float(expected[inside].sum())
        precision = hits / merged if merged else 1.0
        labels = int((is_evidence & (clustered.place >= 0) & inside[clustered.place]).sum())
        qualities.append(
            Quality(cut, precision, hits / max(float(expected.sum()), 1e-12), _standard_error(precision, labels))
        )
        inside_at.append(inside | ~counted)
    best = choose(qualities, spec.targets)
    outside = ~inside_at[qualities.index(best)]
    review, review_pairs = _review_band(pairs.probability[outside], best.match, spec)
    return ChosenThresholds(
        match=best.match,
        review=review,
        precision=best.precision,
        recall=best.recall,
        review_pairs=review_pairs,
        reached=best.reaches(spec.targets) and best.recall >= spec.targets.recall,
        chosen_on=CLUSTERS,
        tried=tuple(qualities),
    )


def _standard_error(share: float, pairs: int) -> float:
    """Standard error of a share of so many pairs; at most a half, for no pairs."""
    return min(0.5, float(np.sqrt(share * (1 - share) / pairs))) if pairs else 0.5


def _review_band(outside: Floats, match: float, spec: Spec) -> tuple[float, int]:
    """The review threshold that fills the review budget, and the pairs above it that are not merged."""
    lowest = max(spec.floor, min(match, LEAST_REVIEWED))
    waiting = np.sort(outside[outside >= lowest])[::-1]
    if len(waiting) > spec.targets.review_budget:
        first_too_many = waiting[spec.targets.review_budget]
        lowest = min(match, float(np.nextafter(first_too_many, 1.0)))
        lowest = min(match, _rounded_up(lowest))
    return lowest, int((waiting >= lowest).sum())


def _rounded_up(value: float) -> float:
    """Three digits are enough for a threshold that people read."""
    return float(np.ceil(value * 1000) / 1000)


def _inside(
    clustered: ClusteredPairs, distinct: NDArray[np.bool_], clusters: Keys, spec: Spec
) -> tuple[NDArray[np.bool_], int]:
    """Which pairs of distinct records are inside clusters, and how many more there are that have no probability."""
    records, pairs = clustered.records, clustered.pairs
    left, right = (np.searchsorted(records.keys, side) for side in (pairs.left, pairs.right))
    inside: NDArray[np.bool_] = (clusters[left] == clusters[right]) & distinct[left] & distinct[right]
    together = _pairs_of_sizes(clusters[distinct])
    if spec.source_mode != "both" and records.sources is not None:
        _, source = np.unique(records.sources[distinct].astype(str), return_inverse=True)
        of_one_source = _pairs_of_sizes(clusters[distinct].astype(np.int64) * (int(source.max(initial=0)) + 1) + source)
        together = together - of_one_source if spec.source_mode == "link_only" else of_one_source
    return inside, max(0, together - int(inside.sum()))


def _pairs_of_sizes(groups: NDArray[Any]) -> int:
    _, sizes = np.unique(groups, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())


def _expected(
    clustered: ClusteredPairs, inside: NDArray[np.bool_], shift_of: ShiftOf, is_evidence: NDArray[np.bool_]
) -> Floats:
    """The probability of each pair, given whether its records are in one cluster."""
    bounded = np.clip(clustered.pairs.probability, 1e-9, 1 - 1e-9)
    odds = np.log2(bounded / (1 - bounded))
    known = is_evidence & (clustered.place >= 0)
    for group in (inside, ~inside):
        labelled = known & group[clustered.place]
        if labelled.any():
            odds[group] += shift_of(clustered.held_out[labelled], clustered.is_match[labelled])
    return np.asarray(probability_of(odds))
