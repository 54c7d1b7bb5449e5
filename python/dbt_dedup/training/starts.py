"""Where learning without labels starts: the surest pairs, and rankings of all candidate pairs to begin with."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.classifiers.anchored import AnchoredLevels, learn_anchored
from dbt_dedup.classifiers.measured_pairs import MeasuredPairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

BINS = 256
ROUNDS = 30  # of anchored estimation; where it drifts for longer, the answer is judged by its structure anyway
FEW_ROUNDS = 3  # from the surest pairs: they widen m a little and do not yet drift
SUM_SCALE = 3.0  # bits of summed surprise that double the odds: fields are not independent


@dataclass(frozen=True)
class Start:
    """Log2 odds of all candidate pairs to begin with.

    Attributes:
        name: what they were learned from.
        weight: log2 odds of each pair.
        classifier: what gives them; None where no classifier can.
        keeps_relatives_apart: whether they are against pairs of relatives too.
    """

    name: str
    weight: Floats
    classifier: FellegiSunterClassifier | None = None
    keeps_relatives_apart: bool = False


def surest_pairs(left: Ints, right: Ints, total: Floats, records: int) -> Mask:
    """Pairs that are the best of both their records and above Otsu's cut of the sums of such pairs.

    Args:
        left: number of one record of each of n pairs, below `records`.
        right: number of the other record.
        total: the plain sum of surprises of each pair, in bits.
        records: number of records.
    """
    best = np.full(records, -np.inf)
    np.maximum.at(best, left, total)
    np.maximum.at(best, right, total)
    mutual = (total >= best[left]) & (total >= best[right])
    return np.asarray(mutual & (total > otsu(total[mutual])))


def otsu(values: Floats) -> float:
    """The cut that leaves the least variance within the values on either side (Otsu, IEEE SMC 9, 1979)."""
    count, edges = np.histogram(values, BINS)
    centre = (edges[1:] + edges[:-1]) / 2
    below, sum_below = np.cumsum(count)[:-1], np.cumsum(count * centre)[:-1]
    whole, total = count.sum(), (count * centre).sum()
    apart = below * (whole - below)
    between = np.where(apart > 0, (total * below / whole - sum_below) ** 2 / np.maximum(apart, 1), 0.0)
    return float(centre[int(np.argmax(between))])


def starts(blank: FellegiSunterClassifier, measured: MeasuredPairs, surest: Mask, all_pairs: float) -> Iterator[Start]:
    """Anchored estimation from the surest pairs and from all pairs above the prior, and cuts through the plain sum.

    None of them is right everywhere. Without discounts a field counts fully, with them fields that say the same count
    once; a third class, of related pairs, keeps households out; few rounds stay near the surest pairs.
    """
    candidates, of_pair = measured.patterns()
    random, total = measured.random_patterns(), measured.total
    share_surest = np.bincount(of_pair, weights=surest) / candidates.count
    sums = np.bincount(of_pair, weights=total) / candidates.count
    above_prior = np.where(sums > np.log2(all_pairs), 0.95, 0.05)

    def anchored(start: Floats, rounds: int, discounted: bool, related: bool = False) -> AnchoredLevels:
        return learn_anchored(
            candidates, random, measured.sizes, all_pairs, start, rounds, discounted=discounted, related=related
        )

    for name, start, rounds, discounted in (
        ("surest pairs, discounted", share_surest, 1, True),
        ("surest pairs", share_surest, 1, False),
        ("surest pairs, widened", share_surest, FEW_ROUNDS, False),
        ("above the prior, discounted", above_prior, ROUNDS, True),
    ):
        learned = anchored(start, rounds, discounted)
        classifier = copy.copy(blank).take_anchored(learned, len(total))
        yield Start(name, learned.log_odds[of_pair] / np.log(2), classifier)
    for name, discounted in (("with relatives", False), ("with relatives, discounted", True)):
        weight = anchored(above_prior, ROUNDS, discounted, related=True).log_odds[of_pair] / np.log(2)
        yield Start(name, weight, keeps_relatives_apart=True)
    yield from _cuts_of_the_sum(total, int(surest.sum()))


def _cuts_of_the_sum(total: Floats, first: int) -> Iterator[Start]:
    """The plain sum, cut at as many pairs as there are surest ones, at twice as many, and so on."""
    descending = -np.sort(-total)
    for doubled in range(5):
        at = first << doubled
        if 0 < at < len(descending):
            yield Start(f"plain sum, {at} pairs", (total - descending[at]) / SUM_SCALE)
