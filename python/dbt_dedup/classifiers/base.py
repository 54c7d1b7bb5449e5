"""What every classifier of pairs can do, and the meaning of its weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sklearn_private import checked_sample_weight
from dbt_dedup.classifiers.sql import SqlModel
from dbt_dedup.errors import DedupError

Floats = NDArray[np.float64]
Scorer = Callable[[Mapping[int, Floats], int], tuple[Floats, Floats]]


class PairClassifier(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """The probability that two records are one entity, with the weight of each feature in it.

    Weights are in log2 odds: +1 doubles the odds of a match, -1 halves them. The weights of a pair's features and
    `bias_` add up to the weight of the pair.

    A kind derives from `SumOfFeatures` if the weight of a feature depends on that feature alone; from
    `LabelledPairClassifier` if it learns from labels in another way; else from this class.

    Attributes after fit:
        classes_: the two labels, sorted; the second is the match.
        n_features_in_: number of features.
        ignored_features_: indices of the features left out, ascending. They weigh 0.
        bias_: log2 odds that no feature accounts for.
    """

    classes_: NDArray[Any]
    n_features_in_: int
    ignored_features_: NDArray[np.int64]
    bias_: float
    directions: Sequence[int] | None

    ranges: ClassVar[Mapping[str, Range]] = {}  # of the parameters that are numbers

    @abstractmethod
    def fit(self, X: ArrayLike, y: ArrayLike) -> PairClassifier:
        """Learn from pairs: features, n pairs by f features, and n labels. NaN is null."""

    @abstractmethod
    def scorer(self, groups: Sequence[int] | None) -> Scorer:
        """A function that production scores many batches of pairs with: weights and reasons in one pass.

        Args:
            groups: the group of each feature, such as its field, from 0; None leaves out the weights of groups.

        Returns:
            A function of the columns of features by index (`used_features` at least; NaN is null) and the number n of
            pairs. It returns the n weights of the pairs in log2 odds, those of `decision_function`, and the weight of
            the features of each group together, n by groups.
        """

    @abstractmethod
    def used_features(self) -> list[int]:
        """Indices of the features that can have a weight, ascending; scoring needs no other."""

    @abstractmethod
    def recalibrate(self, slope: float, shift: float) -> None:
        """Make the log2 odds `slope` (> 0) times what they are, plus `shift`; probabilities and weights follow."""

    @abstractmethod
    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""

    def to_sql(self, columns: Sequence[str]) -> SqlModel:
        """SQL that gives the numbers of `decision_function`, to the last bits, and of `explain` summed up by field.

        Args:
            columns: the SQL of each feature, in order; a weight may read any of them.

        Raises:
            DedupError: this kind of classifier has no SQL.
        """
        raise DedupError(
            f"A {type(self).__name__} cannot be written as SQL. Score it with `scoring: python`, or train another kind."
        )

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probabilities, n pairs by 2 classes; column 1 is that of a match, in [0, 1]."""
        match = probability(self.decision_function(X))
        return np.column_stack([1.0 - match, match])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The more probable of the two labels, for each of n pairs."""
        likely = self.decision_function(X) > 0
        return self.classes_[likely.astype(np.int64)]

    def decision_function(self, X: ArrayLike) -> Floats:
        """Weight of each of n pairs in log2 odds."""
        features = self._check(X)
        return self.scorer(None)(dict(enumerate(features.T)), len(features))[0]

    def explain(self, X: ArrayLike) -> Floats:
        """Weight of each feature in log2 odds, n pairs by f features; with `bias_` they add up to the pair's."""
        features = self._check(X)
        scorer = self.scorer(range(self.n_features_in_))
        return scorer(dict(enumerate(features.T)), len(features))[1]

    def _check(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        checked: Floats = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return checked

    def _check_parameters(self) -> None:
        for name, allowed in self.ranges.items():
            allowed.check(name, getattr(self, name))

    def _directions(self, n_features: int, unknown: int = 0) -> list[int]:
        directions = [unknown] * n_features if self.directions is None else [int(d) for d in self.directions]
        if len(directions) != n_features or not set(directions) <= {-1, 0, 1}:
            raise ValueError(f"directions must be {n_features} values of -1, 0 and 1, found {self.directions!r}.")
        return directions

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags


class LabelledPairClassifier(PairClassifier):
    """A classifier that learns from labelled pairs.

    A feature that is null, or has only one value, in all labelled pairs cannot be learned from: it is left out and is
    in `ignored_features_`.

    Args:
        directions: f values of +1 (larger is more alike), -1 (larger is less alike) and 0 (unknown); None, the
            default, means that all are unknown.
    """

    def __init__(self, directions: Sequence[int] | None = None) -> None:
        self.directions = directions

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> LabelledPairClassifier:
        """Learn from labelled pairs.

        Args:
            X: features, n pairs by f features; NaN is null.
            y: n labels with exactly two values; of 0 and 1 the match is 1.
            sample_weight: n weights >= 0; None gives all pairs the same weight.

        Raises:
            ValueError: a parameter out of its range, shapes that do not fit, infinite features, not two classes, or no
                feature that varies.
        """
        self._check_parameters()
        features, labels = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(labels)
        weights = checked_sample_weight(sample_weight, features)
        self.classes_, is_match = np.unique(labels, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(labels, input_name='y')}."
            )
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {self.classes_[0]}.")
        directions = self._directions(features.shape[1])
        used = np.array([varies(column) for column in features.T])
        if not used.any():
            raise ValueError("No feature varies between the labelled pairs, so there is nothing to learn from.")
        self.ignored_features_ = np.flatnonzero(~used)
        self._learn(features, is_match, weights, used, directions)
        return self

    @abstractmethod
    def _learn(
        self, X: Floats, is_match: NDArray[np.int64], weights: Floats, used: NDArray[np.bool_], directions: list[int]
    ) -> None:
        """Set `bias_` and the other fitted attributes from checked input; `used` marks the features that vary."""


class SumOfFeatures(LabelledPairClassifier):
    """A classifier whose weight of a pair is a sum of one weight per feature, each a function of that feature alone.

    A null gives no evidence: its weight is exactly 0. `bias_` is the weight of a pair whose features are all null, and
    all other weights are relative to that.

    A kind implements `_learn`, `_weigh`, `_scale` and `check_state`.
    """

    def scorer(self, groups: Sequence[int] | None) -> Scorer:
        """A function that production scores with: see `PairClassifier`. Weights are added up feature by feature."""
        check_is_fitted(self)
        used, n_groups = self.used_features(), count_groups(groups)

        def score(columns: Mapping[int, Floats], pairs: int) -> tuple[Floats, Floats]:
            total, weights = np.full(pairs, self.bias_), np.zeros((pairs, n_groups), order="F")
            for j in used:
                weight = self._weigh(j, columns[j])
                total += weight
                if groups is not None:
                    weights[:, groups[j]] += weight
            return total, weights

        return score

    def used_features(self) -> list[int]:
        """Indices of the features that are not ignored: see `PairClassifier`."""
        return sorted(set(range(self.n_features_in_)) - set(self.ignored_features_.tolist()))

    def recalibrate(self, slope: float, shift: float) -> None:
        """Multiply the log2 odds by `slope` (> 0) and add `shift`: see `PairClassifier`."""
        check_is_fitted(self)
        self._scale(slope)
        self.bias_ = self.bias_ * slope + shift

    @abstractmethod
    def _scale(self, slope: float) -> None:
        """Multiply the weights of all features by `slope` (> 0); `bias_` is not yours to change."""

    @abstractmethod
    def _weigh(self, feature: int, values: Floats) -> Floats:
        """Weight in log2 odds of the n values of one feature; 0 where null."""


def count_groups(groups: Sequence[int] | None) -> int:
    """Number of groups; None has none."""
    return 0 if groups is None else max(groups) + 1


def probability(weight: Floats) -> Floats:
    """Probabilities in [0, 1] of weights in log2 odds."""
    with np.errstate(over="ignore"):  # 2 to the power of a large number is inf, and the probability 0
        return 1.0 / (1.0 + np.exp2(-weight))


def weight_of_null(contribution: Floats, null: NDArray[np.bool_], is_match: NDArray[np.int64], w: Floats) -> float:
    """The weight of a null where too few were seen to learn it: half way between matches and non-matches.

    Args:
        contribution: the weight of the feature in each of n labelled pairs.
        null: where the feature is null; the contribution does not count there.
        is_match: 1 for a match, 0 for no match.
        w: weight >= 0 of each pair.
    """
    means = []
    for label in (0, 1):
        known = ~null & (is_match == label) & (w > 0)
        if known.any():
            means.append(float(np.average(contribution[known], weights=w[known])))
    return sum(means) / len(means) if means else 0.0


def varies(column: Floats) -> bool:
    """Whether a feature has two different values that are not null."""
    known = column[~np.isnan(column)]
    return bool(len(known) and known.min() < known.max())
