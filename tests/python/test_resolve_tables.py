"""What the Python models of the room resolve read from tables, and what they return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import pytest
from examples import spec_json

from dbt_dedup.constants import CLOSURE_RECORDS
from dbt_dedup.resolve import Decisions, cluster_pairs, connect_records, label_conflicts
from dbt_dedup.resolve.dbt_models import read_decisions, read_links, read_records
from dbt_dedup.spec import Spec

Links = Sequence[tuple[int, int, str, str, str | None]]


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def table(cursor: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> Any:
    cursor.execute(f"create or replace table {name} ({columns})")
    if rows:
        cursor.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
    return cursor.table(name)


def records(
    cursor: duckdb.DuckDBPyConnection,
    keys: Sequence[int],
    copies: dict[int, int] | None = None,
    sources: dict[int, str] | None = None,
    ids: dict[int, str] | None = None,
) -> Any:
    rows = [
        (
            key,
            (ids or {}).get(key, f"r{key:04}"),
            (copies or {}).get(key, key),
            key in (copies or {}),
            (sources or {}).get(key),
        )
        for key in keys
    ]
    columns = "record_key bigint, record_id text, representative_key bigint, is_distinctive boolean, source text"
    return table(cursor, "records", columns, rows[::-1])


def links(cursor: duckdb.DuckDBPyConnection, rows: Links) -> Any:
    columns = "record_key_l integer, record_key_r integer, decision text, origin text, override_id text"
    return table(cursor, "links", columns, rows)


def connected(
    cursor: duckdb.DuckDBPyConnection,
    keys: Sequence[int],
    pairs: Sequence[tuple[int, int, float]],
    decided: Links = (),
    ids: dict[int, str] | None = None,
    **spec: Any,
) -> dict[str, list[int]]:
    scores = table(cursor, "scores", "record_key_l integer, record_key_r integer, match_probability double", pairs)
    thresholds = table(cursor, "thresholds", "match_threshold double, review_threshold double", [(0.9, 0.5)])
    as_json = table(cursor, "spec", "spec text", [(spec_json(**spec),)])
    found = connect_records(records(cursor, keys, ids=ids), scores, links(cursor, decided), thresholds, as_json)
    assert {str(field.type) for field in found.schema} == {"int32"}
    columns: dict[str, list[int]] = found.to_pydict()
    return columns


def test_records_are_connected_by_matches_and_decisions(cursor: duckdb.DuckDBPyConnection) -> None:
    decided = [(3, 4, "match", "label", None), (1, 5, "no_match", "label", None)]
    found = connected(cursor, range(1, 7), [(1, 2, 0.9), (2, 3, 0.95), (5, 6, 0.89)], decided)
    together = [1, 1, 1, 1, 5, 6]
    assert found == {
        "record_key": [1, 2, 3, 4, 5, 6],
        "connected_key": together,
        "component_key": together,
        "closure_key": together,
    }


def test_components_are_parted_by_the_largest_cluster_and_the_closure_by_its_own_limit_too(
    cursor: duckdb.DuckDBPyConnection,
) -> None:
    path = [(1, 2, 0.99), (2, 3, 0.91), (3, 4, 0.98)]
    found = connected(cursor, range(1, 5), path, max_cluster_size=2)
    assert found["connected_key"] == [1, 1, 1, 1]
    assert found["component_key"] == found["closure_key"] == [1, 1, 3, 3]
    star = [(0, key, 0.95) for key in range(1, CLOSURE_RECORDS + 1)]
    found = connected(cursor, range(CLOSURE_RECORDS + 1), star)
    assert found["component_key"] == [0] * (CLOSURE_RECORDS + 1)
    assert found["closure_key"] == [0] * CLOSURE_RECORDS + [CLOSURE_RECORDS]


def test_ties_are_broken_by_the_record_ids_where_components_are_parted(cursor: duckdb.DuckDBPyConnection) -> None:
    path = [(1, 2, 0.95), (2, 3, 0.95)]
    assert connected(cursor, range(1, 4), path, max_cluster_size=2)["component_key"] == [1, 1, 3]
    ids = {1: "c", 2: "b", 3: "a"}
    assert connected(cursor, range(1, 4), path, ids=ids, max_cluster_size=2)["component_key"] == [1, 2, 2]


def test_no_record_has_no_component(cursor: duckdb.DuckDBPyConnection) -> None:
    assert connected(cursor, [], []) == {
        name: [] for name in ("record_key", "connected_key", "component_key", "closure_key")
    }


def test_one_record_stays_alone_whatever_the_limit(cursor: duckdb.DuckDBPyConnection) -> None:
    assert connected(cursor, [7, 9], [(7, 9, 0.95)], max_cluster_size=1)["component_key"] == [7, 9]


@pytest.mark.parametrize(
    ("changes", "has_sources"),
    [
        ({}, False),
        ({"duplicate_free": ["crm"]}, True),
        ({"source_mode": "link_only"}, True),
        ({"source_mode": "dedupe_only", "duplicate_free": ["crm"]}, True),
    ],
)
def test_sources_are_read_where_resolving_needs_them(
    cursor: duckdb.DuckDBPyConnection, changes: dict[str, Any], has_sources: bool
) -> None:
    relation = records(cursor, [1, 2, 3], {3: 1}, {1: "crm", 3: "web"}, {1: "b", 2: "a", 3: "c"})
    found = read_records(relation, Spec.from_json(spec_json(**changes)))
    assert found.keys.tolist() == [1, 2, 3]
    assert found.representatives is not None
    assert found.distinctive is not None
    assert found.order is not None
    assert found.representatives.tolist() == [1, 2, 1]
    assert found.distinctive.tolist() == [False, False, True]
    assert found.order.tolist() == [2, 1, 3]
    assert (None if found.sources is None else found.sources.tolist()) == (
        ["crm", None, "web"] if has_sources else None
    )
    assert read_records(relation, Spec.from_json(spec_json(**changes)), ordered=False).order is None


LABEL, OVERRIDE = "label", "override"


def test_links_are_read_by_record_id(cursor: duckdb.DuckDBPyConnection) -> None:
    decided = [(1, 2, "match", LABEL, None), (3, 2, "no_match", OVERRIDE, "o1")]
    found = read_links(links(cursor, decided), records(cursor, [1, 2, 3]))
    assert sorted((link.left, link.right, link.is_match, link.is_override, link.override_id) for link in found) == [
        ("r0001", "r0002", True, False, None),
        ("r0003", "r0002", False, True, "o1"),
    ]


def test_decisions_of_labels_alone_all_hold(cursor: duckdb.DuckDBPyConnection) -> None:
    decided = [(2, 3, "match", LABEL, None), (1, 2, "match", LABEL, None), (1, 3, "no_match", LABEL, None)]
    found = read_decisions(links(cursor, decided), records(cursor, [1, 2, 3]))
    assert found == Decisions(((1, 2), (2, 3)), ((1, 3),))


def test_a_label_that_an_override_rules_out_does_not_hold(cursor: duckdb.DuckDBPyConnection) -> None:
    """Ids sort the other way round than keys."""
    decided = [
        (1, 2, "match", OVERRIDE, "o1"),
        (2, 3, "no_match", OVERRIDE, "o2"),
        (1, 3, "match", LABEL, None),
        (3, 4, "match", LABEL, None),
    ]
    ids = {1: "d", 2: "c", 3: "b", 4: "a"}
    found = read_decisions(links(cursor, decided), records(cursor, [1, 2, 3, 4], ids=ids))
    assert found == Decisions(((1, 2), (3, 4)), ((2, 3),))


def test_contradictions_are_listed_by_record_id(cursor: duckdb.DuckDBPyConnection) -> None:
    decided = [
        (1, 2, "match", LABEL, None),
        (3, 2, "match", LABEL, None),
        (3, 1, "no_match", LABEL, None),
        (5, 4, "match", OVERRIDE, "o1"),
        (4, 5, "no_match", OVERRIDE, "o2"),
    ]
    found = label_conflicts(records(cursor, range(1, 6)), links(cursor, decided)).to_pylist()
    assert found == [
        {
            "issue": "contradicting_labels",
            "override_id": None,
            "record_id_l": "r0001",
            "record_id_r": "r0003",
            "chain": "r0001 = r0002 = r0003",
        },
        {
            "issue": "contradicting_overrides",
            "override_id": "o2",
            "record_id_l": "r0004",
            "record_id_r": "r0005",
            "chain": "cannot_link, but must_link joins them and holds: r0004 = r0005 (overrides o2)",
        },
    ]


def clusters(cursor: duckdb.DuckDBPyConnection, decided: Links, vetoed: bool) -> list[int]:
    columns = "record_key_l integer, record_key_r integer, match_probability double, is_vetoed boolean"
    pairs = table(cursor, "pairs", columns, [(1, 2, 0.99, vetoed), (2, 3, 0.95, False), (1, 3, 0.95, False)])
    thresholds = table(cursor, "thresholds", "match_threshold double, review_threshold double", [(0.9, 0.5)])
    as_json = table(cursor, "spec", "spec text", [(spec_json(),)])
    found = cluster_pairs(records(cursor, [1, 2, 3]), pairs, links(cursor, decided), thresholds, as_json)
    keys: list[int] = found["cluster_key"].to_pylist()
    return keys


def test_a_veto_keeps_records_apart_unless_people_joined_them(cursor: duckdb.DuckDBPyConnection) -> None:
    assert clusters(cursor, [], False) == [1, 1, 1]
    assert clusters(cursor, [], True) == [1, 2, 1]
    assert clusters(cursor, [(2, 1, "match", LABEL, None)], True) == [1, 1, 1]


def test_vetoes_are_decisions_in_order_after_those_of_people() -> None:
    people = Decisions(must_link=((4, 3),), cannot_link=((9, 8),))
    assert people.with_vetoes([(5, 6), (3, 4), (1, 2)]) == Decisions(((4, 3),), ((9, 8), (1, 2), (5, 6)))
    assert np.array(people.with_vetoes([]).cannot_link).tolist() == [[9, 8]]
