"""The names of scikit-learn that are not public and that this package uses, all in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import _check_sample_weight

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier


def checked_sample_weight(sample_weight: ArrayLike | None, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """N weights >= 0 of n pairs, 1 each for None.

    Raises:
        ValueError: a weight is negative or not finite, or there are not n.
    """
    weights: NDArray[np.float64] = _check_sample_weight(
        sample_weight, features, dtype=np.float64, ensure_non_negative=True
    )
    return weights


def tree_nodes(booster: HistGradientBoostingClassifier) -> list[NDArray[Any]]:
    """The nodes of each tree of a fitted binary booster, as structured arrays."""
    return [tree.nodes for (tree,) in booster._predictors]


def baseline(booster: HistGradientBoostingClassifier) -> float:
    """Natural log odds that a fitted binary booster starts from, before its first tree."""
    return float(booster._baseline_prediction.item())
