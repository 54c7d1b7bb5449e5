"""Which kind of classifier to take, and what more labels would buy: both by cross-validation on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.evaluation import Metrics, measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fold = tuple[Ints, Ints]
MORE_LABELS = 200
SHARES = (0.25, 0.5)


@dataclass(frozen=True)
class ComparedKind:
    """What cross-validation says of one kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        log_loss: mean over the folds, natural, >= 0; smaller is better.
        standard_error: of that mean, from the spread of the folds; 0 with one fold.
        f1: over all pairs at the match threshold, in [0, 1].
    """

    kind: str
    log_loss: float
    standard_error: float
    f1: float


@dataclass(frozen=True)
class LearningCurve:
    """How a kind does with fewer labels, and what that promises of more.

    Attributes:
        points: labels trained on (mean over the folds), log loss and F1 (means over the folds), from few to many.
        more_labels: labels that `expected` is about, on top of all there are.
        expected_log_loss, expected_f1: the straight line through the points over the logarithm of the labels, carried
            on; not worse than the last point, and F1 not above 1.
    """

    points: tuple[tuple[int, float, float], ...]
    more_labels: int
    expected_log_loss: float
    expected_f1: float


def choose_simplest(compared: Sequence[ComparedKind]) -> str:
    """The first kind, in order from the simplest, whose log loss is within one standard error of the best's.

    The rule is that of Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984): what is no
    better than chance differences between the folds is not worth a more complicated model.
    """
    best = min(compared, key=lambda kind: kind.log_loss)
    return next(kind.kind for kind in compared if kind.log_loss <= best.log_loss + best.standard_error)


def compare(kind: str, folds: Sequence[Metrics], overall: Metrics) -> ComparedKind:
    """Sum up what cross-validation found of a kind, fold by fold and over all pairs."""
    losses = np.array([fold.log_loss for fold in folds])
    error = float(losses.std(ddof=1) / np.sqrt(len(losses))) if len(losses) > 1 else 0.0
    return ComparedKind(kind, float(losses.mean()), error, overall.f1)


def learning_curve(
    judge: Callable[[Ints, Ints], Floats],
    folds: Sequence[Fold],
    full: Sequence[Metrics],
    is_match: Ints,
    threshold: float,
) -> LearningCurve:
    """Train on a quarter and on half of each fold's labels and judge the same pairs as with all of them.

    Args:
        judge: trains on the rows of its first argument and gives probabilities of those of its second.
        folds: rows to train on and rows to test on.
        full: quality of each fold when trained on all its rows.
        is_match: n labels.
        threshold: probability that says match.
    """
    found = [_with_share(share, judge, folds, is_match, threshold) for share in SHARES]
    found.append((float(np.mean([len(fit_on) for fit_on, _ in folds])), list(full)))
    points = [
        (labels, float(np.mean([m.log_loss for m in metrics])), float(np.mean([m.f1 for m in metrics])))
        for labels, metrics in found
    ]
    size, loss, f1 = np.array(points).T
    more = np.log2((len(is_match) + MORE_LABELS) / size[-1])
    carried_on = [values[-1] + np.polyfit(np.log2(size), values, 1)[0] * more for values in (loss, f1)]
    return LearningCurve(
        points=tuple((round(labels), loss, f1) for labels, loss, f1 in points),
        more_labels=MORE_LABELS,
        expected_log_loss=float(np.clip(carried_on[0], 0.0, loss[-1])),
        expected_f1=float(np.clip(carried_on[1], f1[-1], 1.0)),
    )


def _with_share(
    share: float, judge: Callable[[Ints, Ints], Floats], folds: Sequence[Fold], is_match: Ints, threshold: float
) -> tuple[float, list[Metrics]]:
    """Mean number of labels, and quality of each fold, with a share of each fold's matches and of its other pairs."""
    sizes, metrics = [], []
    for fit_on, test_on in folds:
        order = np.random.default_rng(0).permutation(fit_on)
        few = np.concatenate([_first(order[is_match[order] == label], share) for label in (0, 1)])
        sizes.append(len(few))
        metrics.append(measure(is_match[test_on], judge(np.sort(few), test_on), threshold))
    return float(np.mean(sizes)), metrics


def _first(rows: Ints, share: float) -> Ints:
    return rows[: max(1, round(share * len(rows)))]
