"""Which records are one entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError
from dbt_dedup.graph import components
from dbt_dedup.spec import Spec, read_spec

Keys = NDArray[np.int32]
KeyPairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ScoredPairs:
    """n pairs of records with the probability of a match.

    Attributes:
        left: record_key of one side.
        right: record_key of the other side.
        probability: in [0, 1]. A pair that is not listed is not a match.
    """

    left: Keys
    right: Keys
    probability: NDArray[np.float64]


@dataclass(frozen=True)
class Decisions:
    """What people decided about pairs of records, by record_key; it holds whatever the model says.

    Attributes:
        must_link: pairs that are one entity.
        cannot_link: pairs that are not; not supported yet.
    """

    must_link: KeyPairs = ()
    cannot_link: KeyPairs = ()


NO_DECISIONS = Decisions()


def resolve(record_keys: Keys, scored_pairs: ScoredPairs, decisions: Decisions, spec: Spec) -> Keys:
    """Put records into clusters: the connected components over matches and must-link decisions.

    A pure function: equal arguments give equal clusters. The dbt model, the report and training without labels all call
    it, so what they say about entities is what the warehouse serves.

    Args:
        record_keys: n record keys, ascending and distinct.
        scored_pairs: pairs of these records. Those at the match threshold or above are matches.
        decisions: what people decided.
        spec: the entity, for its thresholds and its name.

    Returns:
        The cluster of each record: the smallest record_key in it, n. A record without a match is a cluster of its own.

    Raises:
        DedupError: a pair names a record that is not in `record_keys`, or there are cannot-link decisions.

    Example:
        >>> pairs = ScoredPairs(np.array([1, 2]), np.array([2, 9]), np.array([0.97, 0.4]))
        >>> resolve(np.array([1, 2, 9]), pairs, Decisions(), spec).tolist()  # doctest: +SKIP
        [1, 1, 9]
    """
    if decisions.cannot_link:
        raise DedupError(f"Entity {spec.name!r}: cannot-link decisions are not supported yet.")
    matches = scored_pairs.probability >= spec.thresholds.match
    decided = np.array(decisions.must_link, dtype=np.int32).reshape(-1, 2)
    left, right = (
        _positions(record_keys, np.concatenate([side[matches], must]), spec.name)
        for side, must in zip((scored_pairs.left, scored_pairs.right), decided.T, strict=True)
    )
    component = components(left, right, len(record_keys))
    _, first = np.unique(component, return_index=True)
    clusters: Keys = record_keys[first[component]]
    return clusters


def cluster_pairs(records_relation: Any, scores_relation: Any, spec_relation: Any) -> Any:
    """Resolve an entity inside a dbt model.

    Args:
        records_relation: DuckDB relation with one row per record; read: record_key.
        scores_relation: DuckDB relation of `int_<entity>__pair_scores`; read: record_key_l, record_key_r,
            match_probability.
        spec_relation: DuckDB relation of `int_<entity>__spec`.

    Returns:
        A pyarrow table of one row per record, in order of record_key: record_key and cluster_key (int32), the smallest
        record_key of its cluster.

    Raises:
        DedupError: a pair names a record that does not exist.
    """
    import pyarrow as pa

    spec = read_spec(spec_relation)
    records = records_relation.project("record_key::integer as record_key").to_arrow_table()
    record_keys = np.sort(np.asarray(records["record_key"].to_numpy(), dtype=np.int32))
    scores = scores_relation.project(
        "record_key_l::integer as record_key_l, record_key_r::integer as record_key_r,"
        " match_probability::double as match_probability"
    ).to_arrow_table()
    scored_pairs = ScoredPairs(
        *(scores[name].to_numpy() for name in ("record_key_l", "record_key_r", "match_probability"))
    )
    clusters = resolve(record_keys, scored_pairs, NO_DECISIONS, spec)
    return pa.table({"record_key": record_keys, "cluster_key": clusters})


def _positions(record_keys: Keys, keys: Keys, entity: str) -> NDArray[np.int64]:
    position = np.searchsorted(record_keys, keys)
    known = position < len(record_keys)
    known[known] = record_keys[position[known]] == keys[known]
    if not known.all():
        raise DedupError(
            f"The scored pairs of entity {entity!r} name record_key {keys[~known][0]}, which is not a key of its"
            " records: the two were built from different inputs."
            f" Run `dbt build --select +int_{entity}__clusters`."
        )
    return position
