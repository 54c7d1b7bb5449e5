from __future__ import annotations

import duckdb
import numpy as np
import pytest
from examples import make_spec, spec_json

from dbt_dedup.errors import DedupError
from dbt_dedup.resolve import Decisions, ScoredPairs, cluster_pairs, resolve


def clusters(records: list[int], pairs: list[tuple[int, int, float]]) -> dict[int, int]:
    with duckdb.connect() as cursor:
        cursor.execute("create table records (record_key integer)")
        cursor.execute("create table scores (record_key_l integer, record_key_r integer, match_probability double)")
        cursor.execute("create table spec as select ? as spec", [spec_json()])
        if records:
            cursor.executemany("insert into records values (?)", [[key] for key in records])
        if pairs:
            cursor.executemany("insert into scores values (?, ?, ?)", pairs)
        found = cluster_pairs(*(cursor.query(f"select * from {name}") for name in ("records", "scores", "spec")))
        assert [str(field.type) for field in found.schema] == ["int32", "int32"]
        return dict(zip(found["record_key"].to_pylist(), found["cluster_key"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("records", "pairs", "expected"),
    [
        ([], [], {}),
        ([1], [], {1: 1}),
        ([1, 2, 3], [], {1: 1, 2: 2, 3: 3}),
        ([1, 2, 3, 4], [(2, 4, 0.95)], {1: 1, 2: 2, 3: 3, 4: 2}),
        ([1, 2, 3], [(1, 2, 0.9), (2, 3, 0.8999999)], {1: 1, 2: 1, 3: 3}),
        ([1, 2, 3, 4, 5], [(4, 5, 1.0), (3, 4, 1.0), (1, 5, 1.0)], {1: 1, 2: 2, 3: 1, 4: 1, 5: 1}),
        ([1, 2, 3], [(1, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0)], {1: 1, 2: 1, 3: 1}),
        ([30, 10, 20], [(20, 30, 1.0)], {10: 10, 20: 20, 30: 20}),
    ],
)
def test_clusters_hang_together_by_matches(
    records: list[int], pairs: list[tuple[int, int, float]], expected: dict[int, int]
) -> None:
    assert clusters(records, pairs) == expected


def test_order_of_records_and_pairs_makes_no_difference() -> None:
    random = np.random.default_rng(0)
    pairs = [(int(a), int(b), 1.0) for a, b in np.sort(random.integers(1, 500, (300, 2)), axis=1) if a != b]
    records = list(range(1, 500))
    expected = clusters(records, pairs)
    shuffled = clusters(random.permutation(records).tolist(), [pairs[i] for i in random.permutation(len(pairs))])
    assert shuffled == expected
    assert all(cluster == min(k for k, c in expected.items() if c == cluster) for cluster in expected.values())


def test_a_long_chain_is_one_cluster() -> None:
    assert set(clusters(list(range(1, 2001)), [(k, k + 1, 1.0) for k in range(1, 2000)]).values()) == {1}


@pytest.mark.parametrize("pair", [(2, 7, 1.0), (0, 2, 1.0), (2, 5, 1.0)])
def test_a_pair_of_an_unknown_record(pair: tuple[int, int, float]) -> None:
    unknown = pair[0] if pair[0] == 0 else pair[1]
    with pytest.raises(DedupError) as error:
        clusters([1, 2, 6], [pair])
    assert str(error.value) == (
        f"The scored pairs of entity 'customers' name record_key {unknown}, which is not a key of its records:"
        " the two were built from different inputs. Run `dbt build --select +int_customers__clusters`."
    )


def resolved(decisions: Decisions, *pairs: tuple[int, int, float]) -> list[int]:
    left, right, probability = (np.array(side) for side in zip(*pairs, strict=True))
    keys = np.array([1, 2, 5, 9], dtype=np.int32)
    found: list[int] = resolve(keys, ScoredPairs(left, right, probability), decisions, make_spec()).tolist()
    return found


def test_a_decision_joins_what_the_model_keeps_apart() -> None:
    assert resolved(Decisions(), (1, 2, 0.95), (2, 9, 0.2)) == [1, 1, 5, 9]
    assert resolved(Decisions(must_link=((5, 9),)), (1, 2, 0.95), (2, 9, 0.2)) == [1, 1, 5, 5]
    assert resolved(Decisions(must_link=((9, 2),)), (1, 2, 0.95), (2, 9, 0.2)) == [1, 1, 5, 1]


def test_a_decision_that_is_not_supported_yet_is_refused() -> None:
    with pytest.raises(DedupError, match="Entity 'customers': cannot-link decisions are not supported yet"):
        resolved(Decisions(cannot_link=((1, 2),)), (1, 2, 0.95))
