"""Gradient boosting, with trees as arrays that a model can keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sklearn_private import baseline, tree_nodes

Floats = NDArray[np.float64]

RANGES = {
    "n_trees": Range(1, whole=True),
    "learning_rate": Range(0, 1, above_low=True),
    "max_leaf_nodes": Range(2, whole=True),
    "min_samples_leaf": Range(1, whole=True),
    "l2_regularization": Range(0),
}


class BoostingParameters(Protocol):
    """The parameters of a classifier that boosts trees; see `AdditiveClassifier` for their meaning."""

    n_trees: int
    learning_rate: float
    max_leaf_nodes: int
    min_samples_leaf: int
    l2_regularization: float


@dataclass(frozen=True)
class BoostedTrees:
    """The trees that boosting learned.

    Attributes:
        trees: nodes of each tree, as scikit-learn's structured arrays; values in natural log odds.
        baseline: natural log odds before the first tree.
    """

    trees: list[NDArray[Any]]
    baseline: float


def boost(
    parameters: BoostingParameters,
    X: Floats,
    is_match: NDArray[np.int64],
    weights: Floats,
    directions: list[int],
    interactions: str | None = None,
) -> BoostedTrees:
    """Boost trees that are monotone in each feature's direction; the same pairs give the same bytes.

    Args:
        parameters: of the booster.
        X: features that vary, n pairs by f; NaN is null.
        is_match: n labels, 1 for a match, 0 for no match.
        weights: n weights >= 0.
        directions: +1, -1 or 0 for each feature.
        interactions: scikit-learn's `interaction_cst`.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # not in a build, which only scores

    booster = HistGradientBoostingClassifier(
        max_iter=parameters.n_trees,
        learning_rate=parameters.learning_rate,
        max_leaf_nodes=parameters.max_leaf_nodes,
        min_samples_leaf=parameters.min_samples_leaf,
        l2_regularization=parameters.l2_regularization,
        interaction_cst=interactions,
        monotonic_cst=directions,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(limits=1):  # sums in one order: the same labels give the same bytes
        booster.fit(X, is_match, sample_weight=weights)
    return BoostedTrees(tree_nodes(booster), baseline(booster))
