"""Made pairs of an entity that is learned without labels."""

from __future__ import annotations

import numpy as np
from examples import make_spec

from dbt_dedup.spec import Spec

FIELDS = ("name", "city", "phone")


def neighbours_spec(types: dict[str, str] | None = None, match: float | str = "auto") -> Spec:
    return make_spec(
        fields=[{"name": name, "column": name, "type": (types or {}).get(name, "category")} for name in FIELDS],
        features=[{"name": name, "field": name, "direction": 1, "description": ""} for name in FIELDS],
        thresholds={"match": match, "review": "auto", "floor": 0.01},
    )


def neighbour_pairs(
    entities: int, copies: int, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours in threes are candidates: both sides, features, those of random pairs, and whether a pair matches."""
    random = np.random.default_rng(seed)
    records = entities * copies
    entity = np.arange(records) // copies
    ends = [(a, b) for a in range(records) for b in range(a + 1, min(records, a + 3 * copies)) if a // 6 == b // 6]
    left, right = np.array(ends).T
    is_match = entity[left] == entity[right]
    features = np.where(is_match[:, None], 0.9, 0.1) + random.normal(0, 0.05, (len(left), 3))
    chance = 0.1 + random.normal(0, 0.05, (3000, 3))
    return left, right, features, chance, is_match
