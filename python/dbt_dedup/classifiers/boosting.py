"""What the classifiers share that learn by boosting trees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from dbt_dedup.classifiers.base import Floats, PairClassifier


class BoostingClassifier(PairClassifier):
    """Learns by gradient boosting, monotone in each feature's direction, and keeps the trees as arrays of its own.

    Each kind says what its arguments mean, and has defaults of its own.
    """

    def __init__(
        self,
        directions: Sequence[int] | None,
        min_nulls: int,
        n_trees: int,
        learning_rate: float,
        max_leaf_nodes: int,
        min_samples_leaf: int,
        l2_regularization: float,
    ) -> None:
        super().__init__(directions=directions, min_nulls=min_nulls)
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization

    def _boost(
        self,
        X: Floats,
        is_match: NDArray[np.int64],
        weights: Floats,
        directions: list[int],
        interactions: str | None = None,
    ) -> HistGradientBoostingClassifier:
        """The trained trees; the same pairs give the same bytes. `interactions` is scikit-learn's `interaction_cst`."""
        booster = HistGradientBoostingClassifier(
            max_iter=self.n_trees,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=self.min_samples_leaf,
            l2_regularization=self.l2_regularization,
            interaction_cst=interactions,
            monotonic_cst=directions,
            early_stopping=False,
            random_state=0,
        )
        with threadpool_limits(limits=1):  # sums in one order: the same labels give the same bytes
            booster.fit(X, is_match, sample_weight=weights)
        self._on_boosted(booster)
        return booster

    def _on_boosted(self, booster: HistGradientBoostingClassifier) -> None:
        """For tests: the trees that the arrays were made of."""
