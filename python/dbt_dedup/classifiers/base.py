"""What every classifier of pairs can do, and how its weights are to be read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from dbt_dedup.classifiers.sql import SqlModel
from dbt_dedup.errors import DedupError

Floats = NDArray[np.float64]
Scorer = Callable[[Mapping[int, Floats], int], tuple[Floats, Floats]]


class PairClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Gives the probability that a pair is one entity as a sum of one weight per feature.

    Weights are in log2 odds: +1 doubles the odds of a match, -1 halves them. A null says nothing, so its weight is
    exactly 0, and `bias_` is the weight of a pair of which nothing is known; all other weights are relative to that.
    A feature that is null, or has one value only, in all labelled pairs teaches nothing: it is left out, weighs 0
    and stands in `ignored_features_`.

    Args:
        directions: one of +1 (larger is more alike), -1 (larger is less alike) and 0 (unknown) per feature,
            or None where all are unknown.
        min_nulls: pairs with a null that it takes to learn what a null means. With fewer, a null stands half way
            between what the feature says on average of matches and of non-matches.

    Attributes after fit:
        classes_: the two labels, sorted; the second is the match.
        n_features_in_: number of features.
        ignored_features_: indices of the features left out, ascending.
        bias_: log2 odds of a pair of which every feature is null.
    """

    classes_: NDArray[Any]
    n_features_in_: int
    ignored_features_: NDArray[np.int64]
    bias_: float

    def __init__(self, directions: Sequence[int] | None = None, min_nulls: int = 10) -> None:
        self.directions = directions
        self.min_nulls = min_nulls

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> PairClassifier:
        """Learn from labelled pairs.

        Args:
            X: features, n pairs by f features; NaN is null.
            y: n labels of exactly two values; of 0 and 1 the match is 1.
            sample_weight: n weights >= 0; None weighs all pairs alike.

        Raises:
            ValueError: shapes do not fit, infinite features, other than two classes, or no feature that varies.
        """
        features, labels = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(labels)
        weights = _check_sample_weight(sample_weight, features, dtype=np.float64, ensure_non_negative=True)
        self.classes_, is_match = np.unique(labels, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(labels, input_name='y')}."
            )
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier can't train when only one class is present: {self.classes_[0]}.")
        directions = self._directions(features.shape[1])
        used = np.array([_varies(column) for column in features.T])
        if not used.any():
            raise ValueError("No feature varies between the labelled pairs, so there is nothing to learn from.")
        self.ignored_features_ = np.flatnonzero(~used)
        self._learn(features, is_match, weights, used, directions)
        return self

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probabilities, n pairs by 2 classes; column 1 is that of a match, in [0, 1]."""
        match = probability(self.decision_function(X))
        return np.column_stack([1.0 - match, match])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The more probable of the two labels, for each of n pairs."""
        likely = self.decision_function(X) > 0
        return self.classes_[likely.astype(np.int64)]

    def decision_function(self, X: ArrayLike) -> Floats:
        """Weight of each of n pairs in log2 odds: `bias_` and the weights of its features, added up in order."""
        features = self._check(X)
        return self.scorer(None)(dict(enumerate(features.T)), len(features))[0]

    def explain(self, X: ArrayLike) -> Floats:
        """Weight of each feature in log2 odds, n pairs by f features; with `bias_` they add up to the pair's."""
        features = self._check(X)
        scorer = self.scorer(range(self.n_features_in_))
        return scorer(dict(enumerate(features.T)), len(features))[1]

    def used_features(self) -> list[int]:
        """Indices of the features that can weigh anything, ascending; scoring needs no other."""
        return sorted(set(range(self.n_features_in_)) - set(self.ignored_features_.tolist()))

    def scorer(self, groups: Sequence[int] | None) -> Scorer:
        """What production scores many batches of pairs with: weights and reasons in one pass.

        Args:
            groups: the group of each feature, such as its field, from 0; None leaves out the weights of groups.

        Returns:
            A function of the columns of features by index (`used_features` at least; NaN is null) and the number n of
            pairs. It gives the n weights of the pairs in log2 odds, those of `decision_function`, and what the features
            of each group say together, n by groups.
        """
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

    def recalibrate(self, slope: float, shift: float) -> None:
        """Make the log2 odds `slope` (> 0) times what they are, plus `shift`; probabilities and weights follow."""
        check_is_fitted(self)
        self._scale(slope)
        self._shift(shift)

    @abstractmethod
    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""

    @abstractmethod
    def _learn(
        self, X: Floats, is_match: NDArray[np.int64], weights: Floats, used: NDArray[np.bool_], directions: list[int]
    ) -> None:
        """Set `bias_` and what `_weigh` needs, from checked input; `used` says which features vary."""

    @abstractmethod
    def _scale(self, slope: float) -> None:
        """Multiply the weights of all features by `slope` (> 0), and `bias_`."""

    def _shift(self, shift: float) -> None:
        self.bias_ += shift

    @abstractmethod
    def _weigh(self, feature: int, values: Floats) -> Floats:
        """Weight in log2 odds of the n values of one feature; 0 where null."""

    def _check(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        checked: Floats = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return checked

    def _directions(self, n_features: int) -> list[int]:
        directions = [0] * n_features if self.directions is None else [int(d) for d in self.directions]
        if len(directions) != n_features or not set(directions) <= {-1, 0, 1}:
            raise ValueError(f"directions must be {n_features} values of -1, 0 and 1, found {self.directions!r}.")
        return directions

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags


def count_groups(groups: Sequence[int] | None) -> int:
    """Number of groups; None has none."""
    return 0 if groups is None else max(groups) + 1


def probability(weight: Floats) -> Floats:
    """Probabilities in [0, 1] of weights in log2 odds."""
    with np.errstate(over="ignore"):  # 2 to the power of a large number is inf, and the probability 0
        return 1.0 / (1.0 + np.exp2(-weight))


def weight_of_null(contribution: Floats, null: NDArray[np.bool_], is_match: NDArray[np.int64], w: Floats) -> float:
    """What a null is worth where too few were seen to learn it: half way between matches and non-matches.

    Args:
        contribution: what the feature says of each of n labelled pairs.
        null: which of them are null, and so not asked.
        is_match: 1 for a match, 0 for none.
        w: weight >= 0 of each pair.
    """
    means = []
    for label in (0, 1):
        asked = ~null & (is_match == label) & (w > 0)
        if asked.any():
            means.append(float(np.average(contribution[asked], weights=w[asked])))
    return sum(means) / len(means) if means else 0.0


def _varies(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return bool(len(known) and known.min() < known.max())
