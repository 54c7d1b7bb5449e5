"""Weights of levels from few likely matches and many random pairs: expectation maximization with one class known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_A_PAIR = 0.5  # added to each level of each class, as Jeffreys' prior does
PRIOR_ROUNDS = 30  # of the share of matches alone; it is at rest long before
AT_REST = 1e-12  # largest change of a probability in a round after which no further one would tell


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of levels, and how often each occurs.

    Attributes:
        levels: p patterns by g fields; the last level of a field is null.
        count: pairs of each pattern.
    """

    levels: Ints
    count: Floats

    def shares(self, sizes: list[int], weight: Floats | None = None) -> list[Floats]:
        """Share of the pairs in each level of each field but null."""
        mass = self.count if weight is None else self.count * weight
        counted = (
            np.bincount(level, weights=mass, minlength=size)[:-1] + HALF_A_PAIR
            for level, size in zip(self.levels.T, sizes, strict=True)
        )
        return [np.asarray(count / count.sum()) for count in counted]

    def weigh(self, weights: list[Floats]) -> Floats:
        """The weight of each field in each pattern, p by g."""
        return np.column_stack([w[self.levels[:, field]] for field, w in enumerate(weights)])

    def covariance(self, contributions: Floats, weight: Floats | None = None) -> Floats:
        """Covariance of the weights of the fields, g by g; 0 where no pair has a weight."""
        mass = self.count if weight is None else self.count * weight
        if mass.sum() <= 0:
            return np.zeros((contributions.shape[1], contributions.shape[1]))
        centred = contributions - np.average(contributions, axis=0, weights=mass)
        return np.asarray((centred * mass[:, None]).T @ centred / mass.sum())


@dataclass(frozen=True)
class AnchoredLevels:
    """What anchored expectation maximization found; logarithms are natural.

    Attributes:
        m, u: shares of matches and of random pairs in the levels of each field, null left out.
        weights: log odds of each level, discounted; that of null, the last, is 0.
        discounts: what the weights of each field were multiplied by.
        matches: expected number of matches among the candidate pairs.
        bias: log odds of a match among all pairs of records.
        log_odds: of each candidate pattern.
    """

    m: list[Floats]
    u: list[Floats]
    weights: list[Floats]
    discounts: Floats
    matches: float
    bias: float
    log_odds: Floats


def learn_anchored(
    candidates: Patterns,
    random: Patterns,
    sizes: list[int],
    all_pairs: float,
    start: Floats,
    rounds: int,
    *,
    discounted: bool,
    related: bool = False,
) -> AnchoredLevels:
    """Learn how matches look; how other pairs look is known from random pairs.

    A pair of records is a match with odds N m(x) / (A u(x)), where N is the number of matches and A that of all pairs.
    Blocking needs no correction: whether it proposes a pair is a function of x. Candidate pairs only show
    where matches are.

    Args:
        candidates: patterns of the candidate pairs.
        random: patterns of random pairs.
        sizes: levels of each field, null included.
        all_pairs: number of pairs of records that could be candidates.
        start: probability of a match of each candidate pattern to begin with.
        rounds: times that m is estimated at most; with 1 it is that of the start.
        discounted: whether fields that say the same share their weight: see `FellegiSunterClassifier`.
        related: whether a third class is learned among the candidates, of pairs that are related but no match, such as
            people of one household. Its log odds are against both other classes.
    """
    u = random.shares(sizes)
    match, relative = start, 1.0 - start
    for _ in range(rounds):
        m = candidates.shares(sizes, match)
        weights = [
            np.append(ascending(np.log(level_m / level_u), level_m + level_u), 0.0)
            for level_m, level_u in zip(m, u, strict=True)
        ]
        discounts = _discounts(candidates, random, weights, match) if discounted else np.ones(len(sizes))
        weights = [w * d for w, d in zip(weights, discounts, strict=True)]
        evidence = candidates.weigh(weights).sum(axis=1)
        others = np.zeros(len(evidence))
        if related:
            others = _odds_of_relatives(candidates, sizes, u, discounts, relative, all_pairs)
        matches = _settle(evidence, others, candidates.count, (match * candidates.count).sum(), all_pairs)
        bias = float(np.log(matches / all_pairs))
        before = match
        match = _logistic(evidence + bias - np.logaddexp(others, 0.0) if related else evidence + bias)
        relative = np.exp(others - np.logaddexp(np.logaddexp(evidence + bias, others), 0.0)) if related else relative
        if not related and np.abs(match - before).max() < AT_REST:
            break
    log_odds = evidence + bias - (np.logaddexp(others, 0.0) if related else 0.0)
    return AnchoredLevels(m, u, weights, discounts, matches, bias, log_odds)


def _odds_of_relatives(
    candidates: Patterns, sizes: list[int], u: list[Floats], discounts: Floats, relative: Floats, all_pairs: float
) -> Floats:
    weights = [
        np.append(np.log(share / u[field]), 0.0) * discounts[field]
        for field, share in enumerate(candidates.shares(sizes, relative))
    ]
    number = max(float((relative * candidates.count).sum()), 1.0)
    return np.asarray(candidates.weigh(weights).sum(axis=1) + np.log(number / all_pairs))


def _settle(evidence: Floats, others: Floats, count: Floats, matches: float, all_pairs: float) -> float:
    """The number of matches that agrees with itself: as many as it makes probable (Saerens and others, 2002)."""
    matches = max(float(matches), 1.0)
    against = np.logaddexp(others, 0.0) if others.any() else others
    for _ in range(PRIOR_ROUNDS):
        before = matches
        matches = max(float((_logistic(evidence + np.log(matches / all_pairs) - against) * count).sum()), 1.0)
        if abs(matches - before) < 1e-9 * before:
            break
    return min(matches, all_pairs * 0.999)


def _discounts(candidates: Patterns, random: Patterns, weights: list[Floats], match: Floats) -> Floats:
    of_matches = candidates.covariance(candidates.weigh(weights), match)
    within = of_matches + random.covariance(random.weigh(weights))
    variance, together = np.diag(within), np.maximum(within, 0).sum(axis=1)
    return np.where(together > 0, variance / np.where(together > 0, together, 1.0), 1.0)


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -700, 700))))


def ascending(values: Floats, weights: Floats) -> Floats:
    """The nearest values that never fall (pool adjacent violators; Ayer and others, 1955)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (v1, w1, n1), (v2, w2, n2) = blocks[-2:]
            blocks[-2:] = [((v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return np.repeat([v for v, _, _ in blocks], [n for _, _, n in blocks])
