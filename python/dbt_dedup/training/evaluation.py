"""Measure probabilities against labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_BINS, MIN_BIN = 10, 20
NORMAL_95 = 1.959963984540054  # 97.5 % quantile of the normal distribution


@dataclass(frozen=True)
class Metrics:
    """Quality over labelled pairs.

    Precision, recall, F1 and average precision are in [0, 1], larger is better. The first three hold at `threshold`,
    and precision is 1 where no pair reaches it. Log loss (in nats) and Brier score are >= 0, smaller is better.
    Average precision is 0 where there is no match to find.
    """

    pairs: int
    matches: int
    threshold: float
    precision: float
    recall: float
    f1: float
    average_precision: float
    log_loss: float
    brier: float


@dataclass(frozen=True)
class Interval:
    """An observed share in [0, 1] with its 95 % confidence interval (Wilson, JASA 22, 1927), 0 to 1 for no pairs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ReliabilityBin:
    """Pairs of neighbouring probabilities: how many, their mean probability, and the observed share of matches."""

    pairs: int
    probability: float
    observed: Interval


@dataclass(frozen=True)
class Reliability:
    """How far probabilities are from observed shares.

    Attributes:
        bins: from the least to the most probable pairs, with equally many pairs in each.
        expected_calibration_error: mean distance between probability and observed share, weighted by bin, in [0, 1].
    """

    bins: tuple[ReliabilityBin, ...]
    expected_calibration_error: float


@dataclass(frozen=True)
class SampleQuality:
    """Precision and recall on a random sample of the candidate pairs, which estimate those of all candidate pairs.

    `pairs` and `matches` are those of the sample; shares count each by its sampling weight.
    """

    pairs: int
    matches: int
    precision: Interval
    recall: Interval


def share(of: NDArray[np.bool_], weights: Floats) -> Interval:
    """The weighted share of pairs for which `of` holds, with its interval; 1 for no pairs.

    The interval is that of the number of evenly drawn pairs that would tell as much (Kish, "Survey Sampling", 1965).
    """
    if not weights.sum():
        return Interval(1.0, 0.0, 1.0)
    value, pairs = float(weights[of].sum() / weights.sum()), float(weights.sum() ** 2 / (weights**2).sum())
    width = NORMAL_95**2 / pairs
    middle = (value + width / 2) / (1 + width)
    half = NORMAL_95 * float(np.sqrt(value * (1 - value) / pairs + width / pairs / 4)) / (1 + width)
    return Interval(value, max(0.0, middle - half), min(1.0, middle + half))


def reliability(is_match: Ints, probability: Floats, weights: Floats) -> Reliability:
    """How n probabilities compare with n labels.

    There are at most `MAX_BINS` bins of at least `MIN_BIN` pairs each; one bin if there are fewer pairs. Means and
    shares count each pair by its weight > 0.
    """
    order = np.argsort(probability, kind="stable")
    groups = np.array_split(order, min(MAX_BINS, max(1, len(order) // MIN_BIN)))
    bins = tuple(
        ReliabilityBin(
            len(pairs),
            float(np.average(probability[pairs], weights=weights[pairs])),
            share(is_match[pairs] == 1, weights[pairs]),
        )
        for pairs in groups
    )
    distance = [abs(pairs.probability - pairs.observed.value) for pairs in bins]
    return Reliability(bins, float(np.average(distance, weights=[weights[pairs].sum() for pairs in groups])))


def sample_quality(is_match: Ints, probability: Floats, threshold: float, weights: Floats) -> SampleQuality:
    """Precision and recall at `threshold` of n probabilities against n labels of a random sample with its weights."""
    predicted_match, matched = probability >= threshold, is_match == 1
    return SampleQuality(
        pairs=len(is_match),
        matches=int(matched.sum()),
        precision=share(matched[predicted_match], weights[predicted_match]),
        recall=share(predicted_match[matched], weights[matched]),
    )


def measure(is_match: Ints, probability: Floats, threshold: float) -> Metrics:
    """Quality of n probabilities against n labels (1 for a match, 0 for no match), decided at `threshold`."""
    predicted_match = probability >= threshold
    hits = int((predicted_match & (is_match == 1)).sum())
    precision = hits / int(predicted_match.sum()) if predicted_match.any() else 1.0
    recall = hits / int(is_match.sum()) if is_match.any() else 1.0
    return Metrics(
        pairs=len(is_match),
        matches=int(is_match.sum()),
        threshold=threshold,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if hits else 0.0,
        average_precision=float(average_precision_score(is_match, probability)) if is_match.any() else 0.0,
        log_loss=float(log_loss(is_match, probability, labels=[0, 1])),
        brier=float(brier_score_loss(is_match, probability)),
    )


def best_f1_threshold(is_match: Ints, probability: Floats) -> float:
    """The threshold with the best F1 of n probabilities against n labels (1 match, 0 no match), both classes present.

    Of several thresholds with that F1 it is the highest. It is half way to the next probability below it.
    """
    order = np.argsort(-probability, kind="stable")
    ranked, hits = probability[order], np.cumsum(is_match[order])
    at_least = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    f1 = 2 * hits[at_least] / (at_least + 1 + is_match.sum())
    return _between(ranked, at_least[int(np.argmax(f1))])


def _between(ranked: Floats, position: int) -> float:
    """A threshold with few digits that keeps the pairs up to `position` and drops those after it."""
    above = float(ranked[position])
    below = float(ranked[position + 1]) if position + 1 < len(ranked) else 0.0
    for digits in range(2, 17):
        rounded = round((above + below) / 2, digits)
        if below < rounded <= above:
            return rounded
    return above
