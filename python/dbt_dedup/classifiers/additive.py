"""Boosted trees without interactions: after training one step function a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from dbt_dedup.classifiers.base import Floats, SumOfFeatures, weight_of_null
from dbt_dedup.classifiers.boosting import RANGES, boost
from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sql import SqlModel, step_function
from dbt_dedup.classifiers.steps import find_steps


class AdditiveClassifier(SumOfFeatures):
    """Boosted trees, each of which looks at one feature, so that the model is a sum of step functions.

    Trained by scikit-learn's `HistGradientBoostingClassifier` with `interaction_cst="no_interactions"`, each feature
    monotone in its direction. The trees are then collapsed into the steps of each feature, which give the same
    probabilities and can be read, drawn and written as SQL. Beyond the values of training a step function stays
    constant. This is the generalized additive model of Lou, Caruana and Gehrke, "Intelligible models for classification
    and regression" (KDD 2012). `benchmarks/classifiers.py` shows the effect of each parameter with 100, 300 and 1,000
    labelled pairs: fewer than 200 trees learn too little, 800 too much, and known directions help most.

    Args:
        directions: f values of -1, 0 and 1, default None; see `LabelledPairClassifier`.
        min_nulls: int >= 0, default 10. Labelled pairs with a null that it takes to learn the weight of null. With
            fewer, null is half way between the mean weights of matches and of non-matches.
        n_trees: int >= 1, default 400. Number of trees.
        learning_rate: float in (0, 1], default 0.1. Share of each tree's values that is added.
        max_leaf_nodes: int >= 2, default 3. Steps that a tree may have.
        min_samples_leaf: int >= 1, default 5. Labelled pairs that a step must rest on.
        l2_regularization: float >= 0, default 0.3. Strength that pulls each step towards 0.

    Attributes after fit (besides those of `PairClassifier`):
        starts_: f + 1 offsets; the steps of feature j are at `starts_[j]` to `starts_[j + 1]` in the next two.
        upper_ends_: largest value of each step, ascending; the last two of a feature are +inf, and NaN for null.
        weights_: log2 odds of each step; that of null is 0.
    """

    ranges: ClassVar[Mapping[str, Range]] = {**RANGES, "min_nulls": Range(0, whole=True)}

    starts_: NDArray[np.int64]
    upper_ends_: Floats
    weights_: Floats

    def __init__(
        self,
        directions: Sequence[int] | None = None,
        min_nulls: int = 10,
        n_trees: int = 400,
        learning_rate: float = 0.1,
        max_leaf_nodes: int = 3,
        min_samples_leaf: int = 5,
        l2_regularization: float = 0.3,
    ) -> None:
        super().__init__(directions)
        self.min_nulls = min_nulls
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization

    def steps(self, feature: int) -> tuple[Floats, Floats]:
        """Upper ends and log2 odds of the steps of one feature, by its index; the last step is that of null."""
        at = slice(self.starts_[feature], self.starts_[feature + 1])
        return self.upper_ends_[at], self.weights_[at]

    def to_sql(self, columns: Sequence[str]) -> SqlModel:
        """SQL of the weight of each feature: see `PairClassifier`."""
        check_is_fitted(self)
        weights = {}
        for j, column in enumerate(columns):
            ends, steps = self.steps(j)
            if steps.any():
                weights[column] = step_function(column, ends[:-1].tolist(), steps[:-1].tolist())
        return SqlModel(weights)

    def used_features(self) -> list[int]:
        """Indices of the features that have a step whose weight is not 0: see `PairClassifier`."""
        return [j for j in range(self.n_features_in_) if self.steps(j)[1].any()]

    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""
        n = len(self.upper_ends_)
        fits = (
            len(self.starts_) == self.n_features_in_ + 1
            and len(self.weights_) == n
            and self.starts_[0] == 0
            and self.starts_[-1] == n
            and bool(np.all(np.diff(self.starts_) >= 2))
            and bool(np.isfinite(self.weights_).all())
            and bool(np.isnan(self.upper_ends_[self.starts_[1:] - 1]).all())
        )
        if not fits:
            raise ValueError("the step functions of the model do not belong together")

    def _learn(
        self, X: Floats, is_match: NDArray[np.int64], weights: Floats, used: NDArray[np.bool_], directions: list[int]
    ) -> None:
        turned = np.array(directions)[used].tolist()
        boosted = boost(self, X[:, used], is_match, weights, turned, "no_interactions")
        trees = boosted.trees
        self.bias_ = float(boosted.baseline / np.log(2))
        ends, values = [], []
        position = np.cumsum(used) - 1
        for j in range(X.shape[1]):
            of_feature = [t for t in trees if used[j] and t["feature_idx"][0] == position[j] and not t["is_leaf"][0]]
            feature_ends, feature_values, null_value = _collapse(of_feature)
            null = np.isnan(X[:, j])
            if null.sum() < self.min_nulls:
                contribution = feature_values[np.searchsorted(feature_ends[:-1], np.where(null, 0.0, X[:, j]))]
                null_value = weight_of_null(contribution, null, is_match, weights)
            ends.append(feature_ends)
            values.append(np.append(feature_values[:-1] - null_value, 0.0))
            self.bias_ += null_value
        # trees without a split give every pair the same value
        self.bias_ += float(sum(t["value"][0] for t in trees if t["is_leaf"][0]) / np.log(2))
        self.starts_ = np.cumsum([0] + [len(e) for e in ends])
        self.upper_ends_ = np.concatenate(ends)
        self.weights_ = np.concatenate(values)

    def _scale(self, slope: float) -> None:
        self.weights_ = self.weights_ * slope

    def _weigh(self, feature: int, values: Floats) -> Floats:
        ends, weights = self.steps(feature)
        return weights.take(find_steps(values, ends[:-2]))


def _collapse(trees: list[NDArray[Any]]) -> tuple[Floats, Floats, float]:
    """Upper ends and log2 odds of the steps that trees over one feature add up to, and the log2 odds of null."""
    cuts = [tree["num_threshold"][tree["is_leaf"] == 0] for tree in trees]
    finite = np.unique(np.concatenate([np.empty(0), *cuts]))
    ends = np.concatenate([finite[np.isfinite(finite)], [np.inf]])
    values = np.zeros(len(ends))
    null_value = 0.0
    for tree in trees:
        _add_tree(tree, 0, slice(0, len(ends)), ends, values)
        node = 0
        while not tree["is_leaf"][node]:
            node = tree["left" if tree["missing_go_to_left"][node] else "right"][node]
        null_value += tree["value"][node]
    return np.append(ends, np.nan), np.append(values, 0.0) / np.log(2), float(null_value / np.log(2))


def _add_tree(tree: NDArray[Any], node: int, reach: slice, ends: Floats, values: Floats) -> None:
    """Add the leaves below `node` to the steps that they cover; `reach` are the steps that arrive at `node`."""
    if tree["is_leaf"][node]:
        values[reach] += tree["value"][node]
        return
    cut = int(np.searchsorted(ends, tree["num_threshold"][node])) + 1
    _add_tree(tree, tree["left"][node], slice(reach.start, cut), ends, values)
    _add_tree(tree, tree["right"][node], slice(cut, reach.stop), ends, values)
