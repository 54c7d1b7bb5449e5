"""Cross-validation that never tests on an entity it trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

Ints = NDArray[np.int64]


def grouped_folds(
    record_ids: Sequence[tuple[str, str]], is_match: Ints, n_splits: int = 5
) -> Iterator[tuple[Ints, Ints]]:
    """Split labelled pairs into training and test, without an entity on both sides.

    Records joined by a match are one entity. Pairs that share a record, directly or through others, stay in one fold;
    where that would make a fold larger than its share, pairs stay with the entity of their left record only, and a
    pair of which an entity is tested is left out of that fold's training. Every pair is tested once, except in a fold
    where that leaves only one label to train on: it is left out.

    Args:
        record_ids: n pairs of record ids.
        is_match: n labels, 1 for a match and 0 for none.
        n_splits: folds, >= 2; fewer where there are fewer groups with, or without, a match.

    Yields:
        Row numbers to train on and row numbers to test on, at most `n_splits` times, the same for the same input.
    """
    _, ends = np.unique(np.array(record_ids, dtype=object).ravel().astype(str), return_inverse=True)
    left, right = ends.reshape(-1, 2).T
    records = int(ends.max()) + 1
    entity = _components(left[is_match == 1], right[is_match == 1], records)
    group = _components(left, right, records)[left]
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


def _components(left: Ints, right: Ints, records: int) -> Ints:
    edges = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(records, records))
    labels: Ints = connected_components(edges, directed=False)[1]
    return labels
