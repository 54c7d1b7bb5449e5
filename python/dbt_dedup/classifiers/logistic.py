"""Logistic regression over standardized features, with an indicator for null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from dbt_dedup.classifiers.base import Floats, SumOfFeatures, weight_of_null
from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sql import SqlModel, sql_number

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

STRENGTHS = tuple(10.0 ** np.arange(-3, 2.5, 0.5))


class LogisticClassifier(SumOfFeatures):
    """A straight line per feature: slope times value, or 0 for null.

    Features are standardized, a null becomes the mean and an indicator. The strength of the L2 penalty is the
    one with the smallest log loss in stratified cross-validation. The result is folded back into one slope and one
    offset per feature, so prediction is plain arithmetic. Directions are not imposed.

    Args:
        directions: f values of -1, 0 and 1, default None; see `LabelledPairClassifier`.
        min_nulls: int >= 0, default 10. Labelled pairs with a null that it takes to learn the weight of null. With
            fewer, null is half way between the mean weights of matches and of non-matches.
        n_splits: int >= 2, default 5. Folds of the cross-validation; fewer are used where a class has fewer pairs.

    Attributes after fit (besides those of `PairClassifier`):
        slopes_: f slopes, log2 odds per unit of the feature.
        offsets_: f offsets, log2 odds of the feature at 0.
        strength_: inverse of the penalty that was chosen (scikit-learn's C).
    """

    ranges: ClassVar[Mapping[str, Range]] = {"min_nulls": Range(0, whole=True), "n_splits": Range(2, whole=True)}

    slopes_: Floats
    offsets_: Floats
    strength_: float

    def __init__(self, directions: Sequence[int] | None = None, min_nulls: int = 10, n_splits: int = 5) -> None:
        super().__init__(directions)
        self.min_nulls = min_nulls
        self.n_splits = n_splits

    def to_sql(self, columns: Sequence[str]) -> SqlModel:
        """SQL of the weight of each feature: see `PairClassifier`."""
        check_is_fitted(self)
        return SqlModel(
            {
                column: f"coalesce({column} * {sql_number(slope)} + {sql_number(offset)}, 0e0)"
                for column, slope, offset in zip(columns, self.slopes_, self.offsets_, strict=True)
                if slope != 0 or offset != 0
            }
        )

    def used_features(self) -> list[int]:
        """Indices of the features whose line is not 0: see `PairClassifier`."""
        return [int(j) for j in np.flatnonzero((self.slopes_ != 0) | (self.offsets_ != 0))]

    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""
        lines = np.array([self.slopes_, self.offsets_])
        if lines.shape != (2, self.n_features_in_) or not np.isfinite(lines).all():
            raise ValueError("the slopes and offsets of the model do not belong together")

    def _learn(
        self, X: Floats, is_match: NDArray[np.int64], weights: Floats, used: NDArray[np.bool_], directions: list[int]
    ) -> None:
        null = np.isnan(X)
        mean, scale = np.zeros(X.shape[1]), np.ones(X.shape[1])
        mean[used], scale[used] = np.nanmean(X[:, used], axis=0), np.nanstd(X[:, used], axis=0)
        indicated = used & (null.sum(axis=0) >= self.min_nulls)
        standardized = np.where(null, 0.0, (X - mean) / scale)
        design = np.hstack([standardized[:, used], null[:, indicated]])
        with threadpool_limits(limits=1):  # sums in one order: the same labels give the same bytes
            self.strength_ = self._choose_strength(design, is_match, weights)
            line = _regression(self.strength_).fit(design, is_match, sample_weight=weights)
        coefficients = line.coef_[0] / np.log(2)

        self.slopes_ = np.zeros(X.shape[1])
        self.slopes_[used] = coefficients[: used.sum()] / scale[used]
        of_null = np.zeros(X.shape[1])
        of_null[indicated] = coefficients[used.sum() :]
        for j in np.flatnonzero(used & ~indicated):
            contribution = self.slopes_[j] * (np.where(null[:, j], 0.0, X[:, j]) - mean[j])
            of_null[j] = weight_of_null(contribution, null[:, j], is_match, weights)
        self.offsets_ = -self.slopes_ * mean - of_null
        self.bias_ = float(line.intercept_[0] / np.log(2) + of_null.sum())

    def _scale(self, slope: float) -> None:
        self.slopes_, self.offsets_ = self.slopes_ * slope, self.offsets_ * slope

    def _weigh(self, feature: int, values: Floats) -> Floats:
        weight: Floats = self.slopes_[feature] * values
        weight += self.offsets_[feature]
        weight[np.isnan(weight)] = 0.0
        return weight

    def _choose_strength(self, design: Floats, is_match: NDArray[np.int64], weights: Floats) -> float:
        """The C of smallest cross-validated log loss; the smallest such C where several are equally good."""
        from sklearn.metrics import log_loss
        from sklearn.model_selection import StratifiedKFold

        n_splits = min(self.n_splits, int(np.bincount(is_match).min()))
        if n_splits < 2:
            return 1.0
        losses = np.zeros(len(STRENGTHS))
        folds = StratifiedKFold(n_splits, shuffle=True, random_state=0)
        for train, test in folds.split(design, is_match):
            if not (weights[train] > 0).any() or not (weights[test] > 0).any():
                continue
            for i, strength in enumerate(STRENGTHS):
                line = _regression(strength).fit(design[train], is_match[train], sample_weight=weights[train])
                probability = line.predict_proba(design[test])[:, 1]
                losses[i] += log_loss(is_match[test], probability, sample_weight=weights[test], labels=[0, 1])
        return float(STRENGTHS[int(np.argmin(losses))])


def _regression(strength: float) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression  # not in a build, which only scores

    return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)
