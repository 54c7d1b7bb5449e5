"""Cross-validation that never tests on an entity it trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from dbt_dedup.graph import components

Ints = NDArray[np.int64]


def grouped_folds(
    record_ids: Sequence[tuple[str, str]], is_match: Ints, n_splits: int = 5
) -> Iterator[tuple[Ints, Ints]]:
    """Split labelled pairs into training and test pairs so that no entity is on both sides.

    Records joined by a match are one entity. Pairs that share a record, directly or through others, stay in one fold;
    where that would make a fold larger than its share, pairs stay with the entity of their left record only, and a
    pair that has a tested entity is left out of that fold's training. Every pair is tested once, unless
    that leaves a fold with only one label to train on: then the fold is left out.

    Args:
        record_ids: n pairs of record ids.
        is_match: n labels, 1 for a match, 0 for no match.
        n_splits: folds, >= 2; fewer where there are fewer groups with, or without, a match.

    Yields:
        Row numbers to train on and row numbers to test on, at most `n_splits` times, the same for the same input.
    """
    _, ends = np.unique(np.array(record_ids, dtype=object).ravel().astype(str), return_inverse=True)
    left, right = ends.reshape(-1, 2).T
    records = int(ends.max()) + 1
    entity = components(left[is_match == 1], right[is_match == 1], records)
    group = components(left, right, records)[left]
    crowded = np.bincount(group)[group] > len(group) / n_splits
    group = np.where(crowded, records + entity[left], group)

    n_splits = min(n_splits, *(len(np.unique(group[is_match == label])) for label in (0, 1)))
    if n_splits < 2:
        return
    splitter = StratifiedGroupKFold(n_splits, shuffle=True, random_state=0)
    for train, test in splitter.split(np.zeros(len(group)), is_match, group):
        tested = np.union1d(entity[left[test]], entity[right[test]])
        apart = ~np.isin(entity[left[train]], tested) & ~np.isin(entity[right[train]], tested)
        kept = train[apart]
        if len(np.unique(is_match[kept])) == 2:
            yield kept, test
