"""Calibrate probabilities for production: of the pairs with probability 0.9, nine in ten are matches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from dbt_dedup.constants import MIN_CALIBRATION_EACH
from dbt_dedup.graph import components
from dbt_dedup.names import CHOSEN_BY_DOUBT
from dbt_dedup.training.labelled_pairs import LabelledPairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOG_SLOPE_SPREAD = 0.1  # one standard deviation of the prior: slopes from 0.9 to 1.1
# What was learned without labels may be far too sure, or not sure enough: slopes from one half to 2.
LABEL_FREE_SPREAD = 0.7
# Log2 odds. Labels that are chosen by the features, as all that `dbt-dedup label` asks for, leave the odds at given
# features as they are, so a shift only corrects the fit of the model.
SHIFT_SPREAD = 1.0
# Random pairs that tell how rare matches are, whatever they hold: if none of 30 is a match, one in ten seldom is (4 %).
FEW_RANDOM = 30
FEW_LABELS_ALL = "a few labels"
RANDOM_LABELS, OTHER_LABELS, NO_LABELS = "random labels", "labels of unknown sampling", "no labels"


@dataclass(frozen=True)
class Calibration:
    """Calibrated log odds are `slope` times the log odds of the classifier plus `shift`.

    Attributes:
        learnt_from: what it was learned from: `random labels`, a random sample of the candidate pairs; `labels of
            unknown sampling`; or `no labels`, and then the slope is 1 and the shift 0. (Spelled as in the cards.)
        slope: > 0; below 1 where the classifier was overconfident.
        shift: log2 odds.
        pairs: number of labelled pairs it was learned from.
        matches: how many of them are matches.
    """

    learnt_from: str
    slope: float
    shift: float
    pairs: int
    matches: int


def pairs_to_calibrate_on(labelled: LabelledPairs) -> tuple[str, Floats]:
    """Which labelled pairs to calibrate on, by name, and for how many pairs each of them counts.

    The random ones, by their sampling weights, from `FEW_RANDOM` of them on, or if there are `MIN_CALIBRATION_EACH` of
    each label. Where matches are rare, that few or none are among them is what they tell; any others were chosen
    because they look like matches. Else those that were not chosen by a model's doubt: doubtful pairs are harder than
    pairs of the same probability are in production. If they are too few too, none.

    Pairs that share records, directly or through others, are mistaken together. They count as one pair altogether where
    each group of them is of equal size (the design effect of Kish for clusters that agree in full).

    Returns:
        The name, and n counts; a pair that is not used has 0.
    """
    random, others = _ways_to_count(labelled)
    if (random > 0).sum() >= FEW_RANDOM or _tells_both(labelled, random):
        return RANDOM_LABELS, _counts(labelled, random)
    if _tells_both(labelled, others):
        return OTHER_LABELS, _counts(labelled, others)
    return NO_LABELS, np.zeros(len(labelled))


def pairs_to_compare_on(labelled: LabelledPairs) -> Floats:
    """For how many candidate pairs each labelled pair speaks where kinds are compared: n counts.

    As in the calibration, but random ones alone take enough of each label: of one match no kind can be better than
    another. Where neither sort has enough, all pairs count alike.
    """
    for pairs in _ways_to_count(labelled):
        if _tells_both(labelled, pairs):
            return _counts(labelled, pairs)
    return np.ones(len(labelled))


def pairs_as_evidence(labelled: LabelledPairs) -> NDArray[np.bool_]:
    """Which labelled pairs say what others like them are: those to calibrate on, else all but those chosen by doubt."""
    learned_from, counts = pairs_to_calibrate_on(labelled)
    _, others = _ways_to_count(labelled)
    return (others if learned_from == NO_LABELS else counts) > 0


def _ways_to_count(labelled: LabelledPairs) -> tuple[Floats, Floats]:
    """For how many pairs each stands: of the random ones, and of those that were not chosen by a model's doubt."""
    not_doubtful = np.array([way not in CHOSEN_BY_DOUBT for way in labelled.sampled_by], dtype=np.float64)
    return labelled.sampling_weights, not_doubtful


def _tells_both(labelled: LabelledPairs, counts: Floats) -> bool:
    of_each = [int(((counts > 0) & (labelled.is_match == label)).sum()) for label in (0, 1)]
    return min(of_each) >= MIN_CALIBRATION_EACH


def _counts(labelled: LabelledPairs, counts: Floats) -> Floats:
    """Counts that add up to the number of evenly drawn separate pairs that would tell as much.

    For unequal weights it is that of Kish, "Survey Sampling" (1965).
    """
    even: Floats = counts * counts.sum() / (counts**2).sum() * _separate_share(labelled, counts > 0)
    return even


def few_counts(labelled: LabelledPairs) -> Floats:
    """As `pairs_to_calibrate_on`, for all labels whatever their number, those chosen by doubt too."""
    return _counts(labelled, np.ones(len(labelled)))


def _separate_share(labelled: LabelledPairs, used: NDArray[np.bool_]) -> float:
    """Groups of the used pairs that share no record, as a share of those pairs, in (0, 1]."""
    _, ends = np.unique(np.array(labelled.record_ids, dtype=object)[used].ravel().astype(str), return_inverse=True)
    left, right = ends.reshape(-1, 2).T
    group = components(left, right, int(ends.max()) + 1)[left]
    return len(np.unique(group)) / len(group)


def learn_shift(weight: Floats, is_match: Ints) -> float:
    """The number of log2 odds to add to n weights that fits n labels best, held near 0 where they are few.

    It solves sum(is_match - probability) = shift / spread^2, in natural log odds, by Newton's method.
    """
    odds, spread, shift = weight * np.log(2), SHIFT_SPREAD * np.log(2), 0.0
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(odds + shift, -700, 700)))
        step = ((is_match - fitted).sum() - shift / spread**2) / ((fitted * (1 - fitted)).sum() + 1 / spread**2)
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-12:
            break
    return shift / float(np.log(2))


def learn_calibration(
    learned_from: str, weight: Floats, is_match: Ints, counts: Floats, log_slope_spread: float = LOG_SLOPE_SPREAD
) -> Calibration:
    """Slope and shift of largest likelihood, held near 1 and 0 where the pairs are few.

    The curve is that of Platt, "Probabilistic outputs for support vector machines" (1999). Instead of his smoothed
    labels, the logarithm of the slope and the shift have normal priors.

    Args:
        learned_from: name of the pairs, kept in the result.
        weight: n log2 odds of pairs that the classifier was not fitted on.
        is_match: n labels, 1 for a match, 0 for no match.
        counts: for how many pairs each pair counts, > 0.
        log_slope_spread: one standard deviation of the prior of the slope's logarithm, > 0.
    """
    odds = weight * np.log(2)
    signs = 2.0 * is_match - 1.0

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope, shift = np.exp(parameters[0]), parameters[1] * np.log(2)
        margin = signs * (slope * odds + shift)
        pull = counts * signs * np.exp(-np.logaddexp(0.0, margin))
        prior = parameters / np.array([log_slope_spread, SHIFT_SPREAD]) ** 2
        gradient = prior - np.array([slope * (pull * odds).sum(), np.log(2) * pull.sum()])
        return float((counts * np.logaddexp(0.0, -margin)).sum() + (parameters * prior).sum() / 2), gradient

    log_slope, shift = minimize(loss, np.zeros(2), jac=True, method="BFGS").x
    return Calibration(
        learned_from, float(np.exp(log_slope)), float(shift), pairs=len(is_match), matches=int(is_match.sum())
    )
