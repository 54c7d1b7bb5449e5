"""What the Python models of the room call: they read DuckDB relations and return tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dbt_dedup.constants import CLOSURE_RECORDS
from dbt_dedup.names import MATCH, NO_MATCH, OVERRIDE
from dbt_dedup.resolve.clusters import find_components, resolve
from dbt_dedup.resolve.conflicts import Link, settle
from dbt_dedup.resolve.records import Decisions, Keys, Records, ScoredPairs
from dbt_dedup.spec import Spec, read_spec


def connect_records(
    records_relation: Any, scores_relation: Any, links_relation: Any, thresholds_relation: Any, spec_relation: Any
) -> pa.Table:
    """The components of an entity's records: those that matches connect, directly or through others.

    Args:
        records_relation: DuckDB relation of `int_<entity>__keyed_records`; read: record_key, record_id,
            representative_key, is_distinctive, source.
        scores_relation: DuckDB relation of `int_<entity>__pair_scores`; read: record_key_l, record_key_r,
            match_probability.
        links_relation: DuckDB relation of `int_<entity>__links`.
        thresholds_relation: DuckDB relation of `int_<entity>__match_thresholds`.
        spec_relation: DuckDB relation of `int_<entity>__spec`.

    Returns:
        A table of one row per record, in order of record_key: record_key, connected_key (smallest record_key of the
        records that matches connect), component_key (the same, where components of more than `max_cluster_size`
        distinct records are parted) and closure_key (the same for the groups inside which pairs that blocking did not
        propose are compared), all int32.

    Raises:
        DedupError: a pair names a record that does not exist.
    """
    spec = _decided(spec_relation, thresholds_relation)
    pairs = _pairs(scores_relation.filter(f"match_probability >= {spec.thresholds.match!r}"))
    decisions = read_decisions(links_relation, records_relation)

    def connected(records: Records) -> dict[str, Keys]:
        limits = {
            "connected_key": len(records),
            "component_key": spec.max_cluster_size,
            "closure_key": min(CLOSURE_RECORDS, spec.max_cluster_size),
        }
        keys = find_components(records, pairs, decisions, spec, [max(1, limit) for limit in limits.values()])
        return dict(zip(limits, keys, strict=True))

    records = read_records(records_relation, spec, ordered=False)
    keys = connected(records)
    if not np.array_equal(
        keys["connected_key"], keys["closure_key"]
    ):  # only where components are parted are there ties
        keys = connected(read_records(records_relation, spec))
    return pa.table({"record_key": records.keys, **keys})


def cluster_pairs(
    records_relation: Any, pairs_relation: Any, links_relation: Any, thresholds_relation: Any, spec_relation: Any
) -> pa.Table:
    """Resolve an entity: see `resolve`.

    Args:
        records_relation: as for `connect_records`.
        pairs_relation: DuckDB relation of `int_<entity>__component_pairs`: record_key_l, record_key_r,
            match_probability, is_vetoed.
        links_relation: as for `connect_records`.
        thresholds_relation: as for `connect_records`.
        spec_relation: as for `connect_records`.

    Returns:
        A table of one row per record, in order of record_key: record_key and cluster_key (int32), the smallest
        record_key of its cluster.

    Raises:
        DedupError: a pair names a record that does not exist.
    """
    spec = _decided(spec_relation, thresholds_relation)
    records = read_records(records_relation, spec)
    pairs, vetoed = _pairs_and_vetoes(pairs_relation)
    decisions = read_decisions(links_relation, records_relation).with_vetoes(vetoed)
    clusters = resolve(records, pairs, decisions, spec)
    return pa.table({"record_key": records.keys, "cluster_key": clusters})


def label_conflicts(records_relation: Any, links_relation: Any) -> pa.Table:
    """The decisions of people that others contradict through a chain.

    Args:
        records_relation: DuckDB relation of `int_<entity>__keyed_records`; read: record_key, record_id.
        links_relation: DuckDB relation of `int_<entity>__links`.

    Returns:
        A table of one row per such decision: issue, override_id, record_id_l, record_id_r and chain. See
        `Contradiction`.
    """
    _, contradictions = settle(read_links(links_relation, records_relation))
    columns = {
        "issue": [contradiction.issue for contradiction in contradictions],
        "override_id": [contradiction.link.override_id for contradiction in contradictions],
        "record_id_l": [contradiction.link.pair[0] for contradiction in contradictions],
        "record_id_r": [contradiction.link.pair[1] for contradiction in contradictions],
        "chain": [contradiction.detail for contradiction in contradictions],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _decided(spec_relation: Any, thresholds_relation: Any) -> Spec:
    ((match, review),) = thresholds_relation.project("match_threshold, review_threshold").fetchall()
    return read_spec(spec_relation).fill_thresholds(match, review)


def read_records(relation: Any, spec: Spec, ordered: bool = True) -> Records:
    """The records in `int_<entity>__keyed_records`, a DuckDB relation; with sources only where resolving needs them.

    Args:
        relation: the records.
        spec: the entity.
        ordered: whether with the order of their ids, which takes a sort of all ids.
    """
    columns = [
        "record_key::integer as record_key",
        "representative_key::integer as representative_key",
        "is_distinctive",
    ]
    needs_sources = bool(spec.duplicate_free) or spec.source_mode != "both"
    if needs_sources:
        columns.append("source")
    if ordered:
        columns.append("row_number() over (order by record_id asc) as record_order")
    table = relation.project(", ".join(columns)).order("record_key asc").to_arrow_table()
    return Records(
        keys=table["record_key"].to_numpy(),
        representatives=table["representative_key"].to_numpy(),
        distinctive=table["is_distinctive"].to_numpy(zero_copy_only=False),
        sources=np.array(table["source"].to_pylist(), dtype=object) if needs_sources else None,
        order=table["record_order"].to_numpy() if ordered else None,
    )


PAIR_COLUMNS = {"record_key_l": "integer", "record_key_r": "integer", "match_probability": "double"}


def _pairs(relation: Any) -> ScoredPairs:
    columns = ", ".join(f"{name}::{data_type} as {name}" for name, data_type in PAIR_COLUMNS.items())
    table = relation.project(columns).to_arrow_table()
    return ScoredPairs(*(table[name].to_numpy() for name in PAIR_COLUMNS))


def _pairs_and_vetoes(relation: Any) -> tuple[ScoredPairs, list[tuple[int, int]]]:
    """All pairs of the relation, which is computed as it is read, and those that are vetoed."""
    columns = {**PAIR_COLUMNS, "is_vetoed": "boolean"}
    table = relation.project(
        ", ".join(f"{name}::{data_type} as {name}" for name, data_type in columns.items())
    ).to_arrow_table()
    left, right, probability, is_vetoed = (table[name].to_numpy() for name in columns)
    vetoed = np.flatnonzero(is_vetoed)
    return ScoredPairs(left, right, probability), list(zip(left[vetoed].tolist(), right[vetoed].tolist(), strict=True))


def read_links(links_relation: Any, records_relation: Any) -> list[Link]:
    """The links in `int_<entity>__links` by record id; both arguments are DuckDB relations."""
    named = _named(links_relation, records_relation)
    rows = named.project("record_id_l, record_id_r, decision, origin, override_id").fetchall()
    return [
        Link(left, right, decision == MATCH, origin == OVERRIDE, override_id)
        for left, right, decision, origin, override_id in rows
    ]


def read_decisions(links_relation: Any, records_relation: Any) -> Decisions:
    """The decisions in `int_<entity>__links` that hold: without the labels `match` that overrides rule out.

    Args:
        links_relation: DuckDB relation of `int_<entity>__links`.
        records_relation: DuckDB relation of `int_<entity>__keyed_records`; read: record_key, record_id.
    """
    rows = links_relation.project("record_key_l, record_key_r, decision, origin").fetchall()
    if any(origin == OVERRIDE for *_, origin in rows):
        named = _named(links_relation, records_relation)
        of_pair = {
            (min(left_id, right_id), max(left_id, right_id)): (left, right)
            for left, right, left_id, right_id in named.project(
                "record_key_l, record_key_r, record_id_l, record_id_r"
            ).fetchall()
        }
        kept, _ = settle(read_links(links_relation, records_relation))
        decided = [(*of_pair[link.pair], MATCH if link.is_match else NO_MATCH) for link in kept]
    else:
        decided = [(left, right, decision) for left, right, decision, _ in rows]
    must, cannot = (
        tuple(sorted((left, right) for left, right, decision in decided if decision == wanted))
        for wanted in (MATCH, NO_MATCH)
    )
    return Decisions(must, cannot)


def _named(links_relation: Any, records_relation: Any) -> Any:
    """The links with record_id_l and record_id_r, a DuckDB relation."""
    links = links_relation.set_alias("links")
    left = records_relation.project("record_key as key_l, record_id as record_id_l").set_alias("l")
    right = records_relation.project("record_key as key_r, record_id as record_id_r").set_alias("r")
    return links.join(left, "links.record_key_l = l.key_l").join(right, "links.record_key_r = r.key_r")
