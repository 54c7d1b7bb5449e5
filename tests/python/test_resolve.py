from __future__ import annotations

import dataclasses
import tracemalloc
from collections import Counter
from typing import Any

import duckdb
import numpy as np
import pytest
from examples import make_spec, spec_json
from numpy.typing import NDArray

import dbt_dedup.linkage
import dbt_dedup.resolve.clusters
from dbt_dedup.errors import DedupError
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, cluster_pairs, find_components, resolve
from dbt_dedup.resolve.closure import with_closure
from dbt_dedup.resolve.component import Component
from dbt_dedup.resolve.replay import replay

Pairs = list[tuple[int, int, float]]


def clusters(records: list[int], pairs: Pairs) -> dict[int, int]:
    """The clusters that the Python model finds."""
    with duckdb.connect() as cursor:
        cursor.execute(
            "create table records"
            " (record_key integer, record_id text, representative_key integer, is_distinctive boolean)"
        )
        cursor.execute(
            "create table pairs"
            " (record_key_l integer, record_key_r integer, match_probability double, is_vetoed boolean)"
        )
        cursor.execute(
            "create table links"
            " (record_key_l integer, record_key_r integer, decision text, origin text, override_id text)"
        )
        cursor.execute("create table thresholds as select 0.9 as match_threshold, 0.5 as review_threshold")
        cursor.execute("create table spec as select ? as spec", [spec_json()])
        if records:
            cursor.executemany(
                "insert into records values (?, ?, ?, false)", [[key, f"r{key:05}", key] for key in records]
            )
        if pairs:
            cursor.executemany("insert into pairs values (?, ?, ?, false)", pairs)
        names = ("records", "pairs", "links", "thresholds", "spec")
        found = cluster_pairs(*(cursor.query(f"select * from {name}") for name in names))
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
        ([1, 2, 3], [(1, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0)], {1: 1, 2: 1, 3: 1}),
        ([30, 10, 20], [(20, 30, 1.0)], {10: 10, 20: 20, 30: 20}),
        # the third pair is unlikely, but the average is not
        ([1, 2, 3], [(1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.2)], {1: 1, 2: 1, 3: 1}),
        # two pairs against one bridge
        ([1, 2, 3, 4], [(1, 2, 0.99), (3, 4, 0.99), (2, 3, 0.95), (1, 4, 0.1)], {1: 1, 2: 1, 3: 3, 4: 3}),
    ],
)
def test_clusters_hold_together_on_average(records: list[int], pairs: Pairs, expected: dict[int, int]) -> None:
    assert clusters(records, pairs) == expected


def test_order_of_records_and_pairs_makes_no_difference() -> None:
    random = np.random.default_rng(0)
    ends = np.unique(np.sort(random.integers(1, 200, (400, 2)), axis=1), axis=0)
    pairs = [(int(a), int(b), float(p)) for (a, b), p in zip(ends, random.random(len(ends)), strict=True) if a != b]
    records = list(range(1, 200))
    expected = clusters(records, pairs)
    shuffled = clusters(random.permutation(records).tolist(), [pairs[i] for i in random.permutation(len(pairs))])
    assert shuffled == expected
    assert all(cluster == min(k for k, c in expected.items() if c == cluster) for cluster in expected.values())
    assert 1 < max(Counter(expected.values()).values()) < 20


def test_keys_make_no_difference() -> None:
    """Ties are broken by the order of the record ids, so records may arrive in any order."""
    random = np.random.default_rng(1)
    left, right = np.triu_indices(30, 1)
    some = random.random(len(left)) < 0.3
    left, right, weight = left[some], right[some], random.choice([0.95, 0.99, 0.4], int(some.sum()))

    def by_id(key_of: NDArray[np.int32]) -> set[frozenset[int]]:
        order = np.empty(30, dtype=np.int64)
        order[key_of] = np.arange(30)
        pairs = ScoredPairs(key_of[left], key_of[right], weight)
        found = resolve(Records(np.arange(30, dtype=np.int32), order=order), pairs, Decisions(), make_spec())
        groups: dict[int, set[int]] = {}
        for record in range(30):
            groups.setdefault(int(found[key_of[record]]), set()).add(record)
        return set(map(frozenset, groups.values()))

    keys = np.arange(30, dtype=np.int32)
    assert len(by_id(keys)) > 5
    assert by_id(keys) == by_id(random.permutation(keys).astype(np.int32))


def test_a_chain_of_matches_whose_ends_differ_is_cut() -> None:
    found = Counter(clusters(list(range(1, 2001)), [(k, k + 1, 1.0) for k in range(1, 2000)]).values())
    assert max(found.values()) == 2


@pytest.mark.parametrize("pair", [(2, 7, 1.0), (0, 2, 1.0), (2, 5, 1.0)])
def test_a_pair_of_an_unknown_record(pair: tuple[int, int, float]) -> None:
    unknown = pair[0] if pair[0] == 0 else pair[1]
    with pytest.raises(DedupError) as error:
        clusters([1, 2, 6], [pair])
    assert str(error.value) == (
        f"The scored pairs of entity 'customers' name record_key {unknown}, which is not a key of its records:"
        " the two were built from different inputs. Run `dbt build --select +int_customers__clusters`."
    )


def resolved(
    decisions: Decisions, *pairs: tuple[int, int, float], records: Records | None = None, **spec: Any
) -> list[int]:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    probability = np.array([pair[2] for pair in pairs])
    records = records or Records(np.array([1, 2, 5, 9], dtype=np.int32))
    changed = dataclasses.replace(make_spec(), **spec)
    found: list[int] = resolve(records, ScoredPairs(left, right, probability), decisions, changed).tolist()
    return found


def test_a_decision_joins_what_the_model_keeps_apart() -> None:
    assert resolved(Decisions(), (1, 2, 0.95), (2, 9, 0.2)) == [1, 1, 5, 9]
    assert resolved(Decisions(must_link=((5, 9),)), (1, 2, 0.95), (2, 9, 0.2)) == [1, 1, 5, 5]
    # what is joined by decision is judged together: 9 is as far from 1 as before, but 2 and 9 are one
    assert resolved(Decisions(must_link=((9, 2),)), (1, 2, 0.99), (1, 9, 0.6)) == [1, 1, 5, 1]


def test_a_decision_keeps_apart_what_the_model_joins() -> None:
    assert resolved(Decisions(cannot_link=((2, 1),)), (1, 2, 0.99)) == [1, 2, 5, 9]
    # 9 goes where it belongs most
    pairs = ((1, 9, 0.95), (2, 9, 0.97), (1, 2, 0.95))
    assert resolved(Decisions(cannot_link=((1, 2),)), *pairs) == [1, 2, 5, 2]


def test_decisions_that_contradict_each_other_keep_the_records_together() -> None:
    decisions = Decisions(must_link=((1, 2), (2, 5)), cannot_link=((1, 5),))
    assert resolved(decisions, (1, 2, 0.5)) == [1, 1, 1, 9]


def test_a_replay_says_which_merge_was_decided_and_which_the_model_made() -> None:
    left, right = np.array([1, 2], dtype=np.int32), np.array([2, 9], dtype=np.int32)
    records, pairs = Records(np.array([1, 2, 5, 9], dtype=np.int32)), ScoredPairs(left, right, np.array([0.99, 0.99]))
    decisions = Decisions(must_link=((1, 2),), cannot_link=((5, 9),))
    (found,) = replay(records, pairs, decisions, make_spec())
    assert [(m.left, m.right, m.merged, m.reason, m.because) for m in found.meetings] == [
        ((1,), (2,), True, "decided", ((1, 2),)),
        ((1, 2), (9,), True, "average", ()),
    ]


def sourced(*sources: str, **more: Any) -> Records:
    return Records(np.array([1, 2, 5, 9], dtype=np.int32), sources=np.array(sources, dtype=object), **more)


def test_a_source_without_duplicates_has_one_record_in_an_entity() -> None:
    pairs = ((1, 2, 0.99), (1, 5, 0.95), (2, 5, 0.98))
    assert resolved(Decisions(), *pairs, records=sourced("crm", "crm", "web", "web")) == [1, 1, 1, 9]
    assert resolved(Decisions(), *pairs, records=sourced("crm", "crm", "web", "web"), duplicate_free=("crm",)) == [
        1,
        2,
        2,
        9,
    ]


def test_two_records_of_a_source_without_duplicates_stay_apart_whatever_their_component() -> None:
    records = sourced("web", "web", "crm", "crm")
    assert resolved(Decisions(), (5, 9, 0.99), records=records, duplicate_free=("crm",)) == [1, 2, 5, 9]
    assert resolved(Decisions(), (5, 9, 0.99), records=records, duplicate_free=("shop", "crm")) == [1, 2, 5, 9]


def test_records_of_two_sources_are_assigned_together_and_not_first_come() -> None:
    # the closest pair, 1 and 5, would leave 2 and 9 alone
    pairs = ((1, 5, 0.97), (1, 9, 0.96), (2, 5, 0.96), (2, 9, 0.05))
    found = resolved(Decisions(), *pairs, records=sourced("crm", "crm", "web", "web"), duplicate_free=("crm", "web"))
    assert found == [1, 2, 2, 1]


def test_a_copy_goes_where_its_original_goes() -> None:
    copies = Records(np.array([1, 2, 5, 9], dtype=np.int32), representatives=np.array([1, 1, 5, 9], dtype=np.int32))
    assert resolved(Decisions(), (1, 2, 0.99), (1, 5, 0.95), records=copies) == [1, 1, 1, 9]
    # not if the pair of the two is no match, as of records that say nothing
    assert resolved(Decisions(), (1, 2, 0.3), (1, 5, 0.95), records=copies) == [1, 2, 1, 9]
    # a copy that is kept apart from the original is as like the others as the original is
    apart = Decisions(cannot_link=((1, 2),), must_link=((1, 9),))
    assert resolved(apart, (1, 2, 0.99), (1, 5, 0.95), records=copies) == [1, 2, 2, 1]


@pytest.mark.parametrize("pairs", [(), ((1, 2, 0.3),), ((2, 1, 0.3),)])
def test_a_copy_of_a_distinctive_record_is_the_same_entity_whatever_its_score(pairs: Pairs) -> None:
    distinctive = np.array([True, True, False, False])
    copies = Records(
        np.array([1, 2, 5, 9], dtype=np.int32), np.array([1, 1, 5, 5], dtype=np.int32), distinctive=distinctive
    )
    assert resolved(Decisions(), *pairs, (1, 5, 0.95), (5, 9, 0.3), records=copies) == [1, 1, 1, 9]
    # people know better
    assert resolved(Decisions(cannot_link=((1, 2),)), *pairs, (5, 9, 0.95), records=copies) == [1, 2, 5, 5]
    none = ScoredPairs(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))
    (components,) = find_components(copies, none, Decisions(), make_spec(), [9])
    assert components.tolist() == [1, 1, 5, 9]


def test_pairs_of_a_copy_of_a_distinctive_record_count_as_those_of_the_record() -> None:
    """2 copies 1, and 9 copies 5: only pairs of the copies are known."""
    keys, copies = np.array([1, 2, 5, 9], dtype=np.int32), np.array([1, 1, 5, 5], dtype=np.int32)
    distinctive = Records(keys, copies, distinctive=np.array([True, True, True, True]))
    assert resolved(Decisions(), (2, 9, 0.95), records=distinctive) == [1, 1, 1, 1]
    assert resolved(Decisions(), (9, 2, 0.95), records=distinctive) == [1, 1, 1, 1]
    assert resolved(Decisions(), (2, 5, 0.95), (1, 9, 0.2), records=distinctive) == [1, 1, 5, 5]  # the last is listed


def test_copies_that_are_apart_from_their_original_are_as_like_each_other_as_each_is_the_original() -> None:
    """2, 5 and 9 copy 1; decisions keep 2 and 5 from other records, so they do not simply follow."""
    keys, copies = np.array([1, 2, 5, 9, 10, 11], dtype=np.int32), np.array([1, 1, 1, 1, 10, 11], dtype=np.int32)
    records = Records(keys, copies)
    pairs = ((1, 2, 0.99), (1, 5, 0.99), (1, 9, 0.99))
    assert resolved(Decisions(), *pairs, records=records) == [1, 1, 1, 1, 10, 11]
    # apart from 1, 2 and 5 are one entity still
    apart = Decisions(cannot_link=((1, 2), (1, 5)))
    assert resolved(apart, *pairs, records=records) == [1, 2, 2, 1, 10, 11]
    reversed_pairs = [(right, left, value) for left, right, value in pairs]
    assert resolved(apart, *reversed_pairs, records=records) == [1, 2, 2, 1, 10, 11]
    # nothing is known of a copy whose pair with the original is not listed
    assert resolved(apart, pairs[0], pairs[2], records=records) == [1, 2, 5, 1, 10, 11]
    # what the original is like, each of them is like, also two copies of two originals
    two = Records(keys, np.array([1, 1, 5, 5, 10, 11], dtype=np.int32))
    decided = Decisions(cannot_link=((1, 2), (5, 9), (2, 5), (1, 9)))
    matches = ((1, 2, 0.99), (5, 9, 0.99), (1, 5, 0.98), (5, 10, 0.95), (1, 10, 0.95))
    assert resolved(decided, *matches, records=two) == [1, 2, 1, 2, 1, 11]


def test_copies_in_sources_without_duplicates_are_records_of_their_own() -> None:
    """1 and 2 say the same, and each source has one of an entity at most: 5 of the second goes to one of them."""
    copies = np.array([1, 1, 5, 9], dtype=np.int32)
    for free in (("crm",), ("web", "crm")):
        records = sourced("crm", "crm", "web", "shop", representatives=copies)
        found = resolved(Decisions(), (1, 2, 0.99), (1, 5, 0.95), records=records, duplicate_free=free)
        assert found == [1, 2, 1, 9]
    records = sourced("crm", "web", "web", "shop", representatives=copies)
    found = resolved(Decisions(), (1, 2, 0.99), (1, 5, 0.95), records=records, duplicate_free=("web", "shop"))
    assert found == [1, 1, 5, 9]


def test_sources_that_nobody_listed_bind_nothing() -> None:
    pairs = ((1, 2, 0.99), (2, 5, 0.99), (1, 5, 0.99))
    assert resolved(Decisions(), *pairs, duplicate_free=("crm",)) == [1, 1, 1, 9]  # the records have no sources
    assert resolved(Decisions(), *pairs, records=sourced("a", "a", "a", "b"), duplicate_free=("b",)) == [1, 1, 1, 9]


def test_a_component_that_is_too_large_is_parted_at_its_weakest_bridge() -> None:
    pairs = ((1, 2, 0.99), (5, 9, 0.98), (2, 5, 0.95), (1, 5, 0.94), (1, 9, 0.94), (2, 9, 0.94))
    assert resolved(Decisions(), *pairs) == [1, 1, 1, 1]
    assert resolved(Decisions(), *pairs, max_cluster_size=3) == [1, 1, 5, 5]
    (components,) = find_components(
        Records(np.array([1, 2, 5, 9], dtype=np.int32)),
        ScoredPairs(*(np.array(side) for side in zip(*pairs, strict=True))),
        Decisions(),
        make_spec(),
        [3],
    )
    assert components.tolist() == [1, 1, 5, 5]


def test_pairs_that_blocking_did_not_propose_are_compared() -> None:
    asked: list[tuple[int, int]] = []

    def probabilities(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.float64]:
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        return np.full(len(left), 0.93)

    records = Records(np.array([1, 2, 5, 9], dtype=np.int32))
    pairs = ScoredPairs(np.array([1, 2], dtype=np.int32), np.array([2, 5], dtype=np.int32), np.array([0.95, 0.96]))
    closed = with_closure(records, pairs, make_spec(), probabilities)
    assert asked == [(1, 5)]
    assert resolve(records, pairs, Decisions(), make_spec()).tolist() == [1, 2, 2, 9]
    assert resolve(records, closed, Decisions(), make_spec()).tolist() == [1, 1, 1, 9]


def test_thousands_of_records_in_one_component_take_no_square_matrix() -> None:
    random = np.random.default_rng(0)
    keys = np.arange(20_000, dtype=np.int32)
    left = np.concatenate([keys[:-1], random.integers(0, 19_999, 40_000).astype(np.int32)])
    right = np.concatenate([keys[1:], random.integers(0, 19_999, 40_000).astype(np.int32)])
    distinct = left != right
    pairs = np.unique(np.sort(np.stack([left, right])[:, distinct], axis=0), axis=1)
    scored = ScoredPairs(pairs[0], pairs[1], np.full(pairs.shape[1], 0.95))
    spec = dataclasses.replace(make_spec(), max_cluster_size=20_000)
    tracemalloc.start()
    found = resolve(Records(keys), scored, Decisions(), spec)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 2 <= np.bincount(found).max() <= 10
    assert peak < 400e6


def test_small_components_together_are_as_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where means are equal and rows come in any order, with copies and with pairs that are not known."""
    random = np.random.default_rng(3)
    for _ in range(20):
        nodes = 60
        ends = np.unique(np.sort(random.integers(0, nodes, (150, 2)), axis=1), axis=0)
        ends = ends[ends[:, 0] != ends[:, 1]]
        probability = random.choice([0.1, 0.4, 0.7, 0.93, 0.97, 0.99], len(ends))
        representatives = np.where(random.random(nodes) < 0.1, np.arange(nodes) // 2, np.arange(nodes)).astype(np.int32)
        records = Records(np.arange(nodes, dtype=np.int32), representatives, order=random.permutation(nodes))
        rows = random.permutation(len(ends))
        left, right = ends[rows].T.astype(np.int32)
        pairs = ScoredPairs(left, right, probability[rows])
        monkeypatch.setattr(dbt_dedup.resolve.clusters, "SMALL", 64)
        together = resolve(records, pairs, Decisions(), make_spec())
        monkeypatch.setattr(dbt_dedup.resolve.clusters, "SMALL", 0)
        assert together.tolist() == resolve(records, pairs, Decisions(), make_spec()).tolist()
        assert 5 < len(np.unique(together)) < nodes


def test_a_linkage_is_left_to_components_in_which_a_pair_is_unknown_or_speaks_against_one_entity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At a million records, the linkage of components that are one cluster anyway would take most of the time."""
    linked: list[set[int]] = []
    original = dbt_dedup.linkage.merge_by_average

    def listening(left: NDArray[np.int64], right: NDArray[np.int64], *rest: Any, **more: Any) -> NDArray[np.int64]:
        linked.append({*left.tolist(), *right.tolist()})
        return original(left, right, *rest, **more)

    monkeypatch.setattr(dbt_dedup.resolve.clusters, "merge_by_average", listening)
    records = Records(np.array([1, 2, 5, 9, 10, 11], dtype=np.int32))
    whole = [(1, 2, 0.95), (2, 5, 0.95), (1, 5, 0.5), (9, 10, 0.95), (2, 9, 0.1)]
    assert resolved(Decisions(), *whole, records=records) == [1, 1, 1, 9, 9, 11]
    assert linked.pop() == set()
    assert resolved(Decisions(), *whole[:2], *whole[3:], records=records) == [1, 1, 5, 9, 9, 11]
    assert linked.pop() == {0, 1, 2}
    assert resolved(Decisions(), *whole[:2], (1, 5, 0.49), *whole[3:], records=records) == [1, 1, 1, 9, 9, 11]
    assert linked.pop() == {0, 1, 2}


def test_several_components_of_which_something_is_decided_stay_apart_from_each_other() -> None:
    keys = np.arange(1, 11, dtype=np.int32)
    pairs = [(1, 2, 0.99), (2, 3, 0.97), (1, 3, 0.6), (4, 5, 0.99), (5, 6, 0.97), (4, 6, 0.6), (8, 10, 0.99)]
    apart = Decisions(cannot_link=((2, 3), (6, 5), (8, 10)), must_link=((7, 9),))
    assert resolved(apart, *pairs, records=Records(keys)) == [1, 1, 3, 4, 4, 6, 7, 8, 7, 10]
    # what is decided about two components decides nothing inside them
    between = Decisions(cannot_link=((2, 4), (8, 1)))
    assert resolved(between, *pairs, records=Records(keys)) == [1, 1, 1, 4, 4, 4, 7, 8, 9, 8]


@pytest.mark.parametrize("size", [62, 64, 66])
def test_a_component_is_resolved_whatever_its_size_with_a_decision_as_well(size: int) -> None:
    """Each pair of neighbours matches, and nothing else: every second one merges with the one before."""
    keys = np.arange(size, dtype=np.int32)
    pairs = [(k, k + 1, 0.95) for k in range(size - 1)]
    expected = [k - k % 2 for k in range(size)]
    assert resolved(Decisions(), *pairs, records=Records(keys)) == expected
    assert resolved(Decisions(cannot_link=((0, 1),)), *pairs, records=Records(keys))[:5] == [0, 1, 1, 3, 3]


def test_a_pair_that_is_listed_twice_weighs_what_was_listed_last() -> None:
    for order in (1, -1):
        twice = [(1, 2, 0.95), (2, 5, 0.95), (1, 5, 0.6), (5, 1, 0.01)][::order]
        assert resolved(Decisions(), *twice) == ([1, 1, 1, 9] if order < 0 else [1, 1, 5, 9])


def test_a_pair_of_the_match_threshold_below_one_half_joins_where_the_average_reaches_it() -> None:
    thresholds: dict[str, Any] = {"declared_thresholds": make_spec().with_thresholds(0.2, 0.2).declared_thresholds}
    assert resolved(Decisions(), (1, 2, 0.2), (2, 5, 0.19), **thresholds) == [1, 1, 5, 9]
    assert resolved(Decisions(), (1, 2, 0.3), (2, 5, 0.3), (1, 5, 0.15), **thresholds) == [1, 1, 1, 9]
    assert resolved(Decisions(), (1, 2, 0.3), (2, 5, 0.3), (1, 5, 0.1), **thresholds) == [1, 1, 5, 9]


def test_one_pair_outvotes_no_more_than_odds_of_99_to_1() -> None:
    sure = ((1, 2, 1.0), (2, 5, 0.995))
    assert resolved(Decisions(), *sure, (1, 5, 0.011)) == [1, 1, 1, 9]
    assert resolved(Decisions(), (1, 2, 1.0), (2, 5, 0.98), (1, 5, 0.001)) == [1, 1, 5, 9]
    assert resolved(Decisions(), *sure, (1, 5, 0.0)) == [1, 1, 1, 9]


def test_keys_with_wide_gaps() -> None:
    keys = np.array([3, 10, 2_000_000_000], dtype=np.int32)
    pairs = ScoredPairs(keys[:1], keys[2:], np.array([0.99]))
    assert resolve(Records(keys), pairs, Decisions(), make_spec()).tolist() == [3, 10, 3]
    for unknown in (4, 2_000_000_001):
        pairs = ScoredPairs(keys[:1], np.array([unknown], dtype=np.int32), np.array([0.99]))
        with pytest.raises(DedupError, match=f"name record_key {unknown}, which is not a key"):
            resolve(Records(keys), pairs, Decisions(), make_spec())


def test_with_three_sources_no_move_and_no_exchange_of_two_records_is_left_that_gains() -> None:
    sources, absent = [0, 0, 1, 1, 2, 2], -3.0
    for seed in range(200):
        random = np.random.default_rng(seed)
        pairs = [(i, j, float(random.integers(-4, 5))) for i in range(6) for j in range(i) if random.random() < 0.8]
        weights = {(min(pair), max(pair)): weight for *pair, weight in pairs}

        def worth(cluster_of: list[int], weights: dict[tuple[int, int], float] = weights) -> float:
            """The sum of the weights inside clusters; minus infinity where two records of a source share one."""
            inside = [(i, j) for j in range(6) for i in range(j) if cluster_of[i] == cluster_of[j]]
            if any(sources[i] == sources[j] for i, j in inside):
                return float("-inf")
            return sum(weights.get(pair, absent) for pair in inside)

        found = Component(6, pairs, absent, sources=sources).clusters()
        best = worth(found)
        for record, other in ((i, j) for i in range(6) for j in range(6)):
            moved = list(found)
            moved[record] = found[other]
            if sources[record] == sources[other]:  # they change places
                moved[other] = found[record]
            if weights.get((min(record, other), max(record, other)), absent) >= 0 or sources[record] == sources[other]:
                assert worth(moved) <= best + 1e-9, (seed, found, moved)
