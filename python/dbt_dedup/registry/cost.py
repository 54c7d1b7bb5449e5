"""The cost of scoring."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import PairClassifier

TIMED_PAIRS = 50_000


def seconds_per_million_pairs(classifier: PairClassifier, features: NDArray[np.float64]) -> float:
    """Seconds to score a million pairs on this machine, without reading or writing them.

    Args:
        classifier: fitted.
        features: pairs by f features, repeated until there are enough.
    """
    pairs = np.resize(features, (TIMED_PAIRS, features.shape[1]))
    classifier.decision_function(pairs[:100])
    started = time.perf_counter()
    classifier.decision_function(pairs)
    return (time.perf_counter() - started) * 1_000_000 / TIMED_PAIRS
