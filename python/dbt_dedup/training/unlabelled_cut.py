"""Where to cut a ranking that was learned without labels: what is merged, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.base import probability
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, resolve
from dbt_dedup.spec import Spec

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]

HALF_BIT = 0.5
CHANCE_BITS = 1.0  # half of all random pairs are as alike as that: the field does not agree
DOUBT_BITS = 10.0  # one pair in a thousand that chance brings together among all pairs of records


@dataclass(frozen=True)
class UnlabelledThresholds:
    """Probabilities at which pairs are merged, and at which they wait for review; review < match."""

    match: float
    review: float


@dataclass(frozen=True)
class Cut:
    """The cut through all candidate pairs.

    Attributes:
        weight: log2 odds from which on pairs are merged.
        pairs: candidate pairs that are.
        transitivity: share of the candidate pairs inside the entities that are more likely matches than not; 1 where
            there are none.
    """

    weight: float
    pairs: int
    transitivity: float


def cut_that_holds_together(
    left: Keys, right: Keys, weight: NDArray[np.floating[Any]], spec: Spec, least: float = 0.0
) -> Cut:
    """The lowest cut at which the entities hold together, in half bits from `least` on.

    One wrong pair joins two entities, and all candidate pairs between those are then inside one. So the share of the
    pairs inside entities that are matches themselves falls as soon as wrong pairs are merged. It has to reach the
    precision that the entity asks for. It is not that precision: pairs of two single records stand alone.

    Args:
        left: smaller record keys of the n candidate pairs.
        right: larger record keys.
        weight: their log2 odds.
        spec: for the precision target.
        least: the lowest cut that may be.
    """
    weights = weight.astype(np.float64)
    scored = ScoredPairs(left, right, probability(weights))
    record_keys = np.arange(max(left.max(initial=-1), right.max(initial=-1)) + 1, dtype=np.int32)

    def at(half_bits: int) -> Cut:
        bits = least + half_bits * HALF_BIT
        match = _probability(bits)
        cluster = resolve(Records(record_keys), scored, Decisions(), spec.with_thresholds(match, match))
        inside = cluster[left] == cluster[right]
        share = float((weights[inside] > 0).mean()) if inside.any() else 1.0
        return Cut(bits, int((scored.probability >= match).sum()), share)

    lowest = at(0)
    if lowest.transitivity >= spec.targets.precision:
        return lowest
    low, high = 0, int((max(float(weights.max(initial=0.0)) - least, 0.0) + 1) / HALF_BIT)
    while high - low > 1:  # at `low` the target is missed, at `high` it is reached
        middle = (low + high) // 2
        low, high = (low, middle) if at(middle).transitivity >= spec.targets.precision else (middle, high)
    return at(high)


def thresholds_at(cut: Cut, weight: NDArray[np.floating[Any]], spec: Spec) -> UnlabelledThresholds:
    """Probabilities of the cut and of a review band of as many pairs as the entity's owner has time for."""
    match = _probability(cut.weight)
    below = weight[probability(weight.astype(np.float64)) < match].astype(np.float64)
    asked = min(max(spec.targets.review_budget, 1), len(below))
    review = match / 2
    if asked:
        review = float(probability(np.partition(below, len(below) - asked)[len(below) - asked]))
    return UnlabelledThresholds(match, max(min(review, match), min(spec.floor, match / 2)))


def _probability(weight: float) -> float:
    return float(probability(np.array([weight]))[0])


def sum_beyond_doubt(total: Floats, scores: Floats, all_pairs: float) -> float:
    """The sum of surprises, in bits, above which no candidate pair has a field that does not agree.

    Nor may chance be expected to bring together a pair of that sum among all pairs of records.

    Args:
        total: the sum of each of n candidate pairs.
        scores: surprise of each of their fields, n by g; NaN is unknown.
        all_pairs: number of pairs of records.
    """
    differs = (scores < CHANCE_BITS).any(axis=1)
    return float(max(total[differs].max(initial=0.0), np.log2(all_pairs) + DOUBT_BITS))
