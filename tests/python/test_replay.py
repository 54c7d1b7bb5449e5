"""What a replay of a component says: each merge and each refusal with its average, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.resolve import Decisions, Records, Replay, ScoredPairs, replay

# probabilities of so many log2 odds; a pair without a score counts as -CERTAIN
FOUR, TWO, ZERO, MINUS_TWO = 16 / 17, 0.8, 0.5, 0.2
CERTAIN = float(np.log2(99))
Pairs = list[tuple[int, int, float]]


def replayed(pairs: Pairs, decisions: Decisions = Decisions(), keys: int = 6, **more: Any) -> list[Replay]:  # noqa: B008
    """The replays of records 1 to `keys`; a match has log2 odds of 4 or more."""
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    changes = {name: more.pop(name) for name in ("duplicate_free", "max_cluster_size") if name in more}
    match = more.pop("match", 0.94)
    spec = dataclasses.replace(make_spec(), **changes).with_thresholds(match, match)
    records = Records(np.arange(1, keys + 1, dtype=np.int32), **more)
    return replay(records, ScoredPairs(left, right, np.array([pair[2] for pair in pairs])), decisions, spec)


def said(found: Replay) -> list[tuple[Any, ...]]:
    return [(m.left, m.right, m.merged, m.reason, m.pairs, m.unknown, m.because) for m in found.meetings]


def test_merges_come_in_their_order_and_refusals_the_likeliest_first() -> None:
    (found,) = replayed([(1, 2, 32 / 33), (3, 2, FOUR), (1, 3, ZERO), (3, 4, FOUR), (2, 4, MINUS_TWO), (5, 4, FOUR)])
    # 4 is nearest to 5, as near as to 3, which 1 and 2 have taken by then
    assert said(found) == [
        ((1,), (2,), True, "average", 1, 0, ()),
        ((3,), (4,), True, "average", 1, 0, ()),
        ((1, 2), (3, 4), False, "average", 4, 1, ()),
        ((3, 4), (5,), False, "average", 2, 1, ()),
    ]
    averages = [5, 4, (0 + 4 - 2 - CERTAIN) / 4, (4 - CERTAIN) / 2]
    assert [meeting.average for meeting in found.meetings] == pytest.approx(averages)
    assert found.clusters == ((1, 2), (3, 4), (5,))
    assert (found.needed, found.rearranged) == (0.0, False)


def test_a_likelier_refusal_comes_before_one_of_smaller_records() -> None:
    (found,) = replayed([(1, 2, 32 / 33), (3, 4, 32 / 33), (5, 6, 32 / 33), (2, 3, FOUR), (4, 5, FOUR), (3, 5, TWO)])
    assert [(m.left, m.right, m.merged) for m in found.meetings[3:]] == [
        ((3, 4), (5, 6), False),
        ((1, 2), (3, 4), False),
    ]
    assert found.meetings[3].average == pytest.approx((4 + 2 - 2 * CERTAIN) / 4)


def test_of_equally_likely_refusals_those_of_the_smallest_records_come_first() -> None:
    pairs = [(1, 2, 32 / 33), (3, 4, 32 / 33), (5, 6, 32 / 33), (4, 5, FOUR), (2, 3, FOUR), (6, 1, FOUR)]
    (found,) = replayed(pairs)
    assert [(m.left, m.right) for m in found.meetings if not m.merged] == [
        ((1, 2), (3, 4)),
        ((1, 2), (5, 6)),
        ((3, 4), (5, 6)),
    ]


def test_two_records_that_match_merge_and_nothing_is_said_of_one_record() -> None:
    first, second = replayed([(1, 2, FOUR), (4, 6, FOUR)])
    assert said(first) == [((1,), (2,), True, "average", 1, 0, ())]
    assert said(second) == [((4,), (6,), True, "average", 1, 0, ())]


def test_clusters_of_which_no_pair_is_known_do_not_meet() -> None:
    (found,) = replayed([(1, 2, 32 / 33), (2, 3, FOUR), (3, 4, 32 / 33), (4, 5, FOUR), (5, 6, 32 / 33)])
    assert [(m.left, m.right) for m in found.meetings if not m.merged] == [((1, 2), (3, 4)), ((3, 4), (5, 6))]


def test_a_lower_match_threshold_is_what_is_needed() -> None:
    (found,) = replayed([(1, 2, MINUS_TWO), (2, 3, MINUS_TWO)], match=0.2)
    assert found.needed == pytest.approx(-2)
    assert [m.average for m in found.meetings] == pytest.approx([-2, (-2 - CERTAIN) / 2])
    assert said(found) == [
        ((1,), (2,), True, "average", 1, 0, ()),
        ((1, 2), (3,), False, "average", 2, 1, ()),
    ]


def test_a_decision_that_keeps_clusters_apart_is_named_in_either_direction() -> None:
    for decided in ((1, 3), (3, 1)):
        (found,) = replayed([(1, 2, FOUR), (1, 3, FOUR), (2, 3, FOUR)], Decisions(cannot_link=(decided,)))
        assert said(found) == [
            ((1,), (2,), True, "average", 1, 0, ()),
            ((1, 2), (3,), False, "decided", 2, 0, (decided,)),
        ]


def test_a_decision_about_another_cluster_keeps_nothing_else_apart() -> None:
    decisions = Decisions(cannot_link=((1, 3),))
    (found,) = replayed([(1, 2, 32 / 33), (1, 3, FOUR), (2, 4, FOUR), (3, 4, MINUS_TWO)], decisions)
    assert [(m.left, m.right, m.reason, m.because) for m in found.meetings if not m.merged] == [
        ((1, 2), (3,), "decided", ((1, 3),)),
        ((1, 2), (4,), "average", ()),
        ((3,), (4,), "average", ()),
    ]


def test_decisions_that_join_are_named_with_what_they_join() -> None:
    for decided in ((2, 3), (3, 2)):
        (found,) = replayed([(1, 2, 32 / 33), (1, 3, TWO), (1, 4, FOUR)], Decisions(must_link=(decided,)))
        assert said(found) == [
            ((decided[0],), (decided[1],), True, "decided", 1, 1, (decided,)),
            ((1,), (4,), True, "average", 1, 0, ()),
            ((1, 4), (2, 3), False, "average", 4, 2, ()),
        ]


def names(*sources: str | None) -> np.ndarray:
    return np.array(sources, dtype=object)


def test_records_of_one_source_are_named_where_it_allows_one() -> None:
    pairs = [(1, 2, 32 / 33), (1, 3, FOUR), (2, 3, FOUR)]
    (found,) = replayed(pairs, keys=3, sources=names("crm", None, "crm"), duplicate_free=("crm",))
    assert said(found) == [
        ((1,), (2,), True, "average", 1, 0, ()),
        ((1, 2), (3,), False, "source", 2, 0, ((1, 3),)),
    ]


def test_records_of_no_source_are_no_rivals() -> None:
    pairs = [(1, 2, FOUR), (1, 3, FOUR), (2, 3, 0.01)]
    (found,) = replayed(pairs, keys=3, sources=names(None, "shop", None), duplicate_free=("crm",))
    assert [m.reason for m in found.meetings] == ["average", "average"]
    assert not found.meetings[1].merged


def test_an_assignment_says_why_each_pair_was_not_chosen() -> None:
    pairs = [(1, 3, 32 / 33), (1, 4, FOUR), (2, 3, FOUR), (2, 4, 0.05), (1, 2, ZERO)]
    sources = names("crm", "crm", "web", "web")
    (found,) = replayed(pairs, keys=4, sources=sources, duplicate_free=("crm", "web"))
    # 1 with 4 and 2 with 3 have 8, 1 with 3 has 5
    assert found.clusters == ((1, 4), (2, 3))
    assert said(found) == [
        ((1,), (4,), True, "assigned", 1, 0, ()),
        ((2,), (3,), True, "assigned", 1, 0, ()),
        ((1, 4), (2, 3), False, "source", 4, 1, ((1, 2), (4, 3))),
    ]
    assert not found.rearranged
    # a record that is left alone was assigned to nobody
    (found,) = replayed(pairs[:2], keys=4, sources=sources, duplicate_free=("crm", "web"))
    assert said(found) == [
        ((1,), (3,), True, "assigned", 1, 0, ()),
        ((1, 3), (4,), False, "source", 2, 1, ((3, 4),)),
    ]


def test_records_that_changed_places_are_told_of() -> None:
    """0 and 1 of one source; the linkage joins 1 with 3 and 2 with 4, exchanges put 3 to 2."""
    weights = {(1, 3): 5.0, (1, 4): 1.0, (2, 3): 4.9, (2, 4): 4.8, (3, 4): 4.0, (1, 5): 4.7}
    pairs = [(*pair, 1 / (1 + 2.0**-weight)) for pair, weight in weights.items()]
    sources = names("a", "a", "b", "c", "b")
    free = ("a", "b", "c")
    (found,) = replayed(pairs, keys=5, sources=sources, duplicate_free=free, match=0.9)
    assert found.clusters == ((1, 5), (2, 3, 4))
    assert found.rearranged
    assert [(m.left, m.right) for m in found.meetings if m.merged] == [((1,), (3,)), ((2,), (4,))]
    # of two clusters that a third record left, one is as it was merged
    other = [(6, 7, FOUR), (4, 6, MINUS_TWO)]
    more = names(*sources, "a", "c")
    pairs.append((1, 6, 0.91))
    (found,) = replayed([*pairs, *other], keys=7, sources=more, duplicate_free=free, match=0.9)
    assert (6, 7) in found.clusters
    assert found.rearranged
    (found,) = replayed(pairs[:1], keys=5, sources=sources, duplicate_free=free, match=0.9)
    assert not found.rearranged


def test_copies_go_with_their_original_and_count_once() -> None:
    """5 copies 1, and 2 copies 6; the pair of 6 and 2 is no match, so both are nodes."""
    copies = np.array([1, 6, 3, 4, 1, 6], dtype=np.int32)
    pairs = [(1, 5, FOUR), (1, 3, FOUR), (3, 6, TWO), (2, 6, ZERO), (3, 4, FOUR)]
    (found,) = replayed(pairs, representatives=copies)
    assert said(found)[0] == ((1, 5), (3,), True, "average", 1, 0, ())
    assert found.clusters == ((1, 3, 5), (4,))
    reversed_keys = np.array([5, 2, 3, 4, 5, 2], dtype=np.int32)  # now 1 copies 5: the original is the larger key
    decisions = Decisions(cannot_link=((5, 3),))
    (found,) = replayed([(1, 5, FOUR), (5, 3, FOUR)], decisions, representatives=reversed_keys)
    assert said(found)[0] == ((1, 5), (3,), False, "decided", 1, 0, ((5, 3),))


def test_a_component_that_is_too_large_is_replayed_as_it_was_parted() -> None:
    pairs = [(1, 2, 32 / 33), (2, 3, FOUR), (3, 4, 32 / 33)]
    first, second = replayed(pairs, max_cluster_size=2)
    assert (first.clusters, second.clusters) == (((1, 2),), ((3, 4),))
