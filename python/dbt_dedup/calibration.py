"""Make probabilities mean what they say in production: of pairs with 0.9, nine in ten are matches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from dbt_dedup.labels import LabelledPairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIN_EACH = 10
DOUBTFUL = ("uncertainty", "diversity")
LOG_SLOPE_SPREAD = 0.1  # one standard deviation of the prior: slopes from 0.9 to 1.1
SHIFT_SPREAD = 3.0  # log2 odds
RANDOM_LABELS, OTHER_LABELS, NO_LABELS = "random labels", "labels of unknown sampling", "no labels"


@dataclass(frozen=True)
class Calibration:
    """Calibrated log odds are `slope` times the log odds of the classifier plus `shift`.

    Attributes:
        learnt_from: `random labels`, a random sample of the candidate pairs; `labels of unknown sampling`; or
            `no labels`, and then the slope is 1 and the shift 0.
        slope: > 0; below 1 the classifier was too sure of itself.
        shift: log2 odds.
        pairs, matches: labelled pairs that it was learnt from.
    """

    learnt_from: str
    slope: float
    shift: float
    pairs: int
    matches: int


def pairs_to_calibrate_on(labelled: LabelledPairs) -> tuple[str, Floats]:
    """How much each labelled pair says of how probable matches are in production, and what those that do are called.

    The random ones if there are 10 of each label, by their sampling weights; these are scaled to add up to the number
    of evenly drawn pairs that would tell as much (Kish, "Survey Sampling", 1965). Else those that were not chosen by a
    model's doubt, which are harder than pairs of their probability are in production; and if they are too few too,
    none. A pair that says nothing has 0.
    """
    weights = labelled.sampling_weights
    undoubted = np.array([way not in DOUBTFUL for way in labelled.sampled_by], dtype=np.float64)
    for learnt_from, counted in ((RANDOM_LABELS, weights), (OTHER_LABELS, undoubted)):
        if min(int(((counted > 0) & (labelled.is_match == label)).sum()) for label in (0, 1)) >= MIN_EACH:
            return learnt_from, counted * counted.sum() / (counted**2).sum()
    return NO_LABELS, np.zeros(len(labelled))


def learn_calibration(learnt_from: str, weight: Floats, is_match: Ints, counted: Floats) -> Calibration:
    """Slope and shift of largest likelihood, held near 1 and 0 where the pairs are few.

    The curve is that of Platt, "Probabilistic outputs for support vector machines" (1999); in place of his smoothed
    labels, the logarithm of the slope and the shift have normal priors.

    Args:
        learnt_from: said of the result.
        weight: n log2 odds of pairs that the classifier was not fitted on.
        is_match: n labels, 1 for a match and 0 for none.
        counted: how many pairs each of them counts for, > 0.
    """
    odds = weight * np.log(2)
    signs = 2.0 * is_match - 1.0

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope, shift = np.exp(parameters[0]), parameters[1] * np.log(2)
        margin = signs * (slope * odds + shift)
        pull = counted * signs * np.exp(-np.logaddexp(0.0, margin))
        prior = parameters / np.array([LOG_SLOPE_SPREAD, SHIFT_SPREAD]) ** 2
        gradient = prior - np.array([slope * (pull * odds).sum(), np.log(2) * pull.sum()])
        return float((counted * np.logaddexp(0.0, -margin)).sum() + (parameters * prior).sum() / 2), gradient

    found = minimize(loss, np.zeros(2), jac=True, method="BFGS").x
    return Calibration(
        learnt_from, float(np.exp(found[0])), float(found[1]), pairs=len(is_match), matches=int(is_match.sum())
    )
