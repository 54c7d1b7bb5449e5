"""Which records are one entity: connected components over the matches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dbt_dedup.errors import DedupError
from dbt_dedup.score import read_spec


def cluster_pairs(records_relation: Any, scores_relation: Any, spec_relation: Any) -> pa.Table:
    """Put records into clusters that hang together by matches.

    Args:
        records_relation: DuckDB relation of `int_<entity>__keyed_records`; read: record_key.
        scores_relation: DuckDB relation of `int_<entity>__pair_scores`; read: record_key_l, record_key_r,
            match_probability. Pairs at the spec's match threshold and above are matches.
        spec_relation: DuckDB relation of `int_<entity>__spec`.

    Returns:
        One row a record, in order of record_key: record_key and cluster_key (int32), the smallest record_key of its
        cluster. A record without a match is a cluster of its own.

    Raises:
        DedupError: a pair names a record that does not exist.
    """
    spec = read_spec(spec_relation)
    keys = np.sort(_column(records_relation.project("record_key::integer as k"), "k"))
    matches = scores_relation.filter(f"match_probability >= {spec.thresholds.match!r}")
    edges = matches.project("record_key_l::integer as l, record_key_r::integer as r").to_arrow_table()
    left, right = (edges[side].to_numpy() for side in ("l", "r"))
    return pa.table({"record_key": keys, "cluster_key": components(keys, left, right, spec.name)})


def components(
    keys: NDArray[np.int32], left: NDArray[np.int32], right: NDArray[np.int32], entity: str
) -> NDArray[np.int32]:
    """The smallest record_key of the connected component of each record.

    Args:
        keys: n record keys, ascending.
        left: record keys of one side of the matches.
        right: of the other side.
        entity: name of the entity, for the message.

    Raises:
        DedupError: a match names a record that is not in `keys`.
    """
    ends = [_positions(keys, side, entity) for side in (left, right)]
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), tuple(ends)), shape=(len(keys), len(keys)))
    _, component = connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    smallest: NDArray[np.int32] = keys[first[component]]
    return smallest


def _column(relation: Any, name: str) -> NDArray[np.int32]:
    return np.asarray(relation.to_arrow_table()[name].to_numpy(), dtype=np.int32)


def _positions(keys: NDArray[np.int32], wanted: NDArray[np.int32], entity: str) -> NDArray[np.int64]:
    position = np.searchsorted(keys, wanted)
    known = position < len(keys)
    known[known] = keys[position[known]] == wanted[known]
    if not known.all():
        raise DedupError(
            f"The scored pairs of entity {entity!r} name record_key {wanted[~known][0]}, which is not in"
            f" int_{entity}__keyed_records: the two were built from different inputs."
            f" Run `dbt build --select +int_{entity}__clusters`."
        )
    return position
