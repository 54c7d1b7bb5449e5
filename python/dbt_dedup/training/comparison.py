"""Choose the kind of classifier, and estimate the worth of more labels, by cross-validation on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, log_loss

from dbt_dedup.spec import Targets
from dbt_dedup.training.evaluation import Metrics, measure
from dbt_dedup.training.thresholds import from_labels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fold = tuple[Ints, Ints]
MORE_LABELS = 200
SHARES = (0.25, 0.5)
SMALLEST_SHOWN = 0.00005  # a smaller log loss is shown as 0.0000
LEAST_LOSS = 1e-12  # no smaller one has a logarithm that tells anything


@dataclass(frozen=True)
class ComparedKind:
    """Cross-validated quality of one kind.

    Attributes:
        kind: a key of `dbt_dedup.classifiers.KINDS`.
        log_loss: over all tested pairs, each weighted by the candidate pairs it speaks for; in nats, >= 0, smaller is
            better.
        standard_error: of that mean, from the spread of the folds; 0 with one fold.
        f1: at `match`, over the same pairs with the same weights, in [0, 1].
        match: the match threshold that the held-out probabilities of this kind suggest.
        fold_losses: log loss of each fold.
        fold_f1: F1 of each fold.
        made_pairs: whether it learned from made pairs of relatives beside the labels.
    """

    kind: str
    log_loss: float
    standard_error: float
    f1: float
    match: float
    fold_losses: tuple[float, ...] = ()
    fold_f1: tuple[float, ...] = ()
    made_pairs: bool = False


@dataclass(frozen=True)
class LearningCurve:
    """Quality of a kind with fewer labels, and an estimate of its quality with more.

    Attributes:
        points: labels trained on (mean over the folds), log loss and F1 (means over the folds), from few to many.
        more_labels: how many labels more than now the estimates are for.
        expected_log_loss: a straight line through the logarithm of the log loss, over that of the number of labels,
            extrapolated; not worse than the last point. So it never reaches 0.
        expected_f1: a straight line through F1, over the logarithm of the number of labels, extrapolated; not worse
            than the last point and not above 1.
        gain_is_measurable: whether log loss is expected to fall by more than its standard error over the folds, and to
            something that this error and four decimals can tell from 0.
    """

    points: tuple[tuple[int, float, float], ...]
    more_labels: int
    expected_log_loss: float
    expected_f1: float
    gain_is_measurable: bool = True


def choose_kind(compared: Sequence[ComparedKind]) -> str:
    """The first kind, in order from the simplest, that no later one surpasses.

    A kind surpasses another if it is better in log loss and in F1 at the threshold of its choice, each by more than one
    standard error of the difference between the folds (after Breiman, Friedman, Olshen and Stone, "Classification and
    Regression Trees", 1984): a difference no larger than chance, or one that changes no decision, does not justify a
    more complicated model.
    """
    return next(
        kind.kind
        for place, kind in enumerate(compared)
        if not any(_surpasses(later, kind) for later in compared[place + 1 :])
    )


def _surpasses(later: ComparedKind, simpler: ComparedKind) -> bool:
    return _is_above(simpler.fold_losses, later.fold_losses) and _is_above(later.fold_f1, simpler.fold_f1)


def _is_above(larger: Sequence[float], smaller: Sequence[float]) -> bool:
    difference = np.array(larger) - np.array(smaller)
    error = difference.std(ddof=1) / np.sqrt(len(difference)) if len(difference) > 1 else 0.0
    return bool(difference.mean() > error)


def compare(
    kind: str, is_match: Ints, probability: Floats, weights: Floats, test_folds: Sequence[Ints], targets: Targets
) -> ComparedKind:
    """Summarize the cross-validation of a kind.

    Args:
        kind: its name.
        is_match: n labels.
        probability: n held-out probabilities; NaN where no fold tested the pair.
        weights: for how many candidate pairs each speaks, >= 0.
        test_folds: the pairs that each fold tested.
        targets: by which the match threshold is chosen.
    """
    counted = ~np.isnan(probability) & (weights > 0)
    match = from_labels(is_match[counted], probability[counted], weights[counted], targets).match

    def loss(pairs: Any) -> float:
        return float(log_loss(is_match[pairs], probability[pairs], sample_weight=weights[pairs], labels=[0, 1]))

    def f1(pairs: Any) -> float:
        return float(
            f1_score(is_match[pairs], probability[pairs] >= match, sample_weight=weights[pairs], zero_division=1.0)
        )

    folds = [pairs for test_on in test_folds if len(pairs := test_on[counted[test_on]])]
    losses = tuple(loss(pairs) for pairs in folds)
    return ComparedKind(
        kind, loss(counted), _standard_error(losses), f1(counted), match, losses, tuple(f1(pairs) for pairs in folds)
    )


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
    slope_of_log, slope_of_f1 = (
        np.polyfit(np.log2(size), values, 1)[0] for values in (np.log2(np.maximum(loss, LEAST_LOSS)), f1)
    )
    expected_loss = float(loss[-1] * 2 ** min(0.0, slope_of_log * more))
    error = _standard_error([fold.log_loss for fold in full])
    return LearningCurve(
        points=tuple((round(labels), loss, f1) for labels, loss, f1 in points),
        more_labels=MORE_LABELS,
        expected_log_loss=expected_loss,
        expected_f1=float(np.clip(f1[-1] + slope_of_f1 * more, f1[-1], 1.0)),
        gain_is_measurable=bool(loss[-1] - expected_loss > error and expected_loss > max(error, SMALLEST_SHOWN)),
    )


def _standard_error(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


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
