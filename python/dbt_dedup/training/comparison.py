"""Choose the kind of classifier, and estimate the worth of more labels, by cross-validation on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.training.evaluation import Metrics, measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fold = tuple[Ints, Ints]
MORE_LABELS = 200
SHARES = (0.25, 0.5)


@dataclass(frozen=True)
class ComparedKind:
    """Cross-validated quality of one kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        log_loss: mean over the folds, in nats, >= 0; smaller is better.
        standard_error: of that mean, from the spread of the folds; 0 with one fold.
        f1: over all pairs at the match threshold, in [0, 1].
    """

    kind: str
    log_loss: float
    standard_error: float
    f1: float


@dataclass(frozen=True)
class LearningCurve:
    """Quality of a kind with fewer labels, and an estimate of its quality with more.

    Attributes:
        points: labels trained on (mean over the folds), log loss and F1 (means over the folds), from few to many.
        more_labels: how many labels more than now the estimates are for.
        expected_log_loss: a straight line through the points, over the logarithm of the number of labels, extrapolated;
            not worse than the last point.
        expected_f1: the same for F1, and not above 1.
    """

    points: tuple[tuple[int, float, float], ...]
    more_labels: int
    expected_log_loss: float
    expected_f1: float


def choose_simplest(compared: Sequence[ComparedKind]) -> str:
    """The first kind, in order from the simplest, whose log loss is within one standard error of the best.

    The rule is that of Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984): a
    difference no larger than chance between the folds does not justify a more complicated model.
    """
    best = min(compared, key=lambda kind: kind.log_loss)
    return next(kind.kind for kind in compared if kind.log_loss <= best.log_loss + best.standard_error)


def compare(kind: str, folds: Sequence[Metrics], overall: Metrics) -> ComparedKind:
    """Summarize the cross-validation of a kind: quality by fold and over all pairs."""
    losses = np.array([fold.log_loss for fold in folds])
    error = float(losses.std(ddof=1) / np.sqrt(len(losses))) if len(losses) > 1 else 0.0
    return ComparedKind(kind, float(losses.mean()), error, overall.f1)


def learning_curve(
    predict: Callable[[Ints, Ints], Floats],
    folds: Sequence[Fold],
    full: Sequence[Metrics],
    is_match: Ints,
    threshold: float,
) -> LearningCurve:
    """Train on a quarter and on half of each fold's labels and test on the same pairs as with all of them.

    Args:
        predict: trains on the pairs of its first argument and returns probabilities of those of its second.
        folds: pairs to train on and pairs to test on.
        full: quality of each fold when trained on all its pairs.
        is_match: n labels.
        threshold: probability from which on a pair is a match.
    """
    by_share = [_with_share(share, predict, folds, is_match, threshold) for share in SHARES]
    by_share.append((float(np.mean([len(fit_on) for fit_on, _ in folds])), list(full)))
    points = [
        (labels, float(np.mean([m.log_loss for m in metrics])), float(np.mean([m.f1 for m in metrics])))
        for labels, metrics in by_share
    ]
    size, loss, f1 = np.array(points).T
    more = np.log2((len(is_match) + MORE_LABELS) / size[-1])
    extrapolated = [values[-1] + np.polyfit(np.log2(size), values, 1)[0] * more for values in (loss, f1)]
    return LearningCurve(
        points=tuple((round(labels), loss, f1) for labels, loss, f1 in points),
        more_labels=MORE_LABELS,
        expected_log_loss=float(np.clip(extrapolated[0], 0.0, loss[-1])),
        expected_f1=float(np.clip(extrapolated[1], f1[-1], 1.0)),
    )


def _with_share(
    share: float, predict: Callable[[Ints, Ints], Floats], folds: Sequence[Fold], is_match: Ints, threshold: float
) -> tuple[float, list[Metrics]]:
    """Mean number of labels, and quality of each fold, with a share of each fold's matches and of its other pairs."""
    sizes, metrics = [], []
    for fit_on, test_on in folds:
        order = np.random.default_rng(0).permutation(fit_on)
        few = np.concatenate([_first(order[is_match[order] == label], share) for label in (0, 1)])
        sizes.append(len(few))
        metrics.append(measure(is_match[test_on], predict(np.sort(few), test_on), threshold))
    return float(np.mean(sizes)), metrics


def _first(pairs: Ints, share: float) -> Ints:
    return pairs[: max(1, round(share * len(pairs)))]
