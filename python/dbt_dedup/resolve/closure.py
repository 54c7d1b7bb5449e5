"""Pairs that blocking did not propose, inside the components that matches make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.constants import CLOSURE_RECORDS
from dbt_dedup.resolve.clusters import find_components
from dbt_dedup.resolve.records import NO_DECISIONS, Keys, Records, ScoredPairs
from dbt_dedup.spec import Spec

Probabilities = Callable[[Keys, Keys], NDArray[np.float64]]


def with_closure(records: Records, scored_pairs: ScoredPairs, spec: Spec, probabilities: Probabilities) -> ScoredPairs:
    """The scored pairs, and those that `int_<entity>__closure_pairs` would add, scored.

    Args:
        records: the records; with their sources if the spec has a source mode.
        scored_pairs: the candidate pairs at the floor or above.
        spec: the entity, for the thresholds and the source mode.
        probabilities: of pairs given by two arrays of record keys, the smaller key first.
    """
    limit = min(CLOSURE_RECORDS, spec.max_cluster_size)
    (closure,) = find_components(records, scored_pairs, NO_DECISIONS, spec, [limit])
    left, right = _pairs_within(records, closure, spec)
    unknown = ~np.isin(_codes(left, right), _codes(scored_pairs.left, scored_pairs.right))
    left, right = left[unknown], right[unknown]
    if not len(left):
        return scored_pairs
    return ScoredPairs(
        np.concatenate([scored_pairs.left, left]),
        np.concatenate([scored_pairs.right, right]),
        np.concatenate([scored_pairs.probability, probabilities(left, right)]),
    )


def _pairs_within(records: Records, groups: Keys, spec: Spec) -> tuple[Keys, Keys]:
    """All pairs of distinct records in one group that the source mode allows, the smaller key first."""
    distinct = np.arange(len(records))
    if records.representatives is not None:
        distinct = np.flatnonzero(records.representatives == records.keys)
    order = distinct[np.argsort(groups[distinct], kind="stable")]
    starts = np.flatnonzero(np.append(True, np.diff(groups[order]) != 0))
    sizes = np.diff(np.append(starts, len(order)))
    left, right = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for size in np.unique(sizes[sizes > 1]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        left.append(members[:, one].ravel())
        right.append(members[:, other].ravel())
    lefts, rights = np.concatenate(left), np.concatenate(right)
    if records.sources is not None and spec.source_mode != "both":
        same = records.sources[lefts] == records.sources[rights]
        allowed = ~same if spec.source_mode == "link_only" else same
        lefts, rights = lefts[allowed], rights[allowed]
    return records.keys[lefts], records.keys[rights]


def _codes(left: Keys, right: Keys) -> NDArray[np.int64]:
    """One number for each pair of keys."""
    return np.minimum(left, right).astype(np.int64) << 32 | np.maximum(left, right).astype(np.int64)
