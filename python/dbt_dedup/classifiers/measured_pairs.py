"""Pairs on the scale of surprise, in levels, and the distinct patterns of levels among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.anchored import Patterns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class MeasuredPairs:
    """n candidate pairs and r random pairs on the scale of surprise. Fields are read one by one, so each is contiguous.

    Attributes:
        scores: bits of each of g fields in each candidate pair, n by g; NaN where nothing is known.
        levels: the level of each of them; the last level of a field is null.
        random_levels: the same of the random pairs, r by g.
        sizes: levels of each field, null included.
    """

    scores: Floats
    levels: Ints
    random_levels: Ints
    sizes: list[int]

    @property
    def total(self) -> Floats:
        """The plain sum of surprises of each candidate pair, in bits."""
        total = np.zeros(len(self.scores))
        for score in self.scores.T:
            total += np.where(np.isnan(score), 0.0, score)
        return total

    def patterns(self) -> tuple[Patterns, Ints]:
        """The distinct candidate pairs, and which each pair is."""
        levels, count, of_pair = count_patterns(self.levels, self.sizes)
        return Patterns(levels, count.astype(float)), of_pair

    def random_patterns(self) -> Patterns:
        """The distinct random pairs."""
        levels, count, _ = count_patterns(self.random_levels, self.sizes)
        return Patterns(levels, count.astype(float))


def count_patterns(levels: Ints, sizes: list[int]) -> tuple[Ints, Ints, Ints]:
    """The distinct rows, how often each is there, and which each row is."""
    code, codes = np.zeros(len(levels), dtype=np.int64), 1
    for j, size in enumerate(sizes):
        if codes > 2**62 // size:
            distinct, code = np.unique(code, return_inverse=True)
            codes = len(distinct)
        code, codes = code * size + levels[:, j], codes * size
    _, first, of_row, count = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return levels.T[:, first].T, count, of_row  # a column stays contiguous
