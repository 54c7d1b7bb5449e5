"""Decisions that cannot all be true, and which of them hold: by hand and against the plain way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dbt_dedup.resolve.conflicts import Conflict, Link, find_conflicts, settle


def test_a_conflict_names_its_ends_its_pairs_and_its_chain() -> None:
    conflict = Conflict(("d", "b", "c", "a"))
    assert conflict.ends == ("a", "d")
    assert Conflict(("a", "b", "d")).ends == ("a", "d")
    assert conflict.pairs == (("d", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    assert str(conflict) == "d = b = c = a, but d <> a"


def test_labels_conflict_where_a_chain_of_matches_joins_records_that_do_not_match() -> None:
    labels = [("b", "a", True), ("b", "c", True), ("c", "a", False), ("d", "d", False), ("e", "a", False)]
    assert [conflict.chain for conflict in find_conflicts(labels)] == [("a", "b", "c")]
    both = [("a", "b", True), ("b", "a", False), ("c", "d", True), ("d", "c", False)]
    assert [conflict.chain for conflict in find_conflicts(both)] == [("a", "b"), ("c", "d")]


def match(left: str, right: str, override_id: str | None = None) -> Link:
    return Link(left, right, True, override_id is not None, override_id)


def apart(left: str, right: str, override_id: str | None = None) -> Link:
    return Link(left, right, False, override_id is not None, override_id)


def said(links: list[Link]) -> list[tuple[str, tuple[str, str], str]]:
    return [(found.issue, found.link.pair, found.detail) for found in settle(links)[1]]


def test_labels_alone_are_listed_and_all_hold() -> None:
    links = [match("a", "b"), match("c", "b"), apart("c", "a"), match("d", "e")]
    kept, found = settle(links)
    assert sorted(link.pair for link in kept) == sorted(link.pair for link in links)
    assert [(each.issue, each.link, each.detail) for each in found] == [("contradicting_labels", links[2], "a = b = c")]


def test_a_label_that_joins_what_an_override_keeps_apart_gives_way() -> None:
    links = [apart("d", "a", "o1"), match("a", "b"), match("b", "c"), match("d", "c")]
    kept, found = settle(links)
    assert links[3] not in kept
    assert len(kept) == 3
    assert [each.detail for each in found] == ["labelled match, but d <> a = b = c (override o1)"]
    without_id = [Link("d", "a", False, True), *links[1:]]
    assert said(without_id) == [
        ("overruled_label", ("c", "d"), "labelled match, but d <> a = b = c (override without id)")
    ]


def test_groups_that_labels_join_are_apart_from_all_that_either_was_apart_from() -> None:
    apart_of_both = [apart("a", "x", "o1"), apart("b", "y", "o2"), apart("b", "z", "o3")]
    for joined in (match("a", "b"), match("b", "a")):
        for other in "xyz":
            for near in "ab":
                kept, _ = settle([*apart_of_both, joined, match(f"{near}", other)])
                assert match(near, other) not in kept
    # also where two groups were apart from the same one
    kept, _ = settle([apart("a", "x", "o1"), apart("b", "x", "o2"), match("a", "b"), match("b", "c"), match("c", "x")])
    assert match("c", "x") not in kept


def test_overrides_that_join_outrank_one_that_keeps_apart_and_a_label_that_does() -> None:
    joins = [match("a", "b", "o1"), match("b", "c", "o2"), match("c", "d", "o1")]
    held = "must_link joins them and holds: a = b = c = d (overrides o1, o2)"
    assert said([*joins, apart("d", "a", "o3")]) == [
        ("contradicting_overrides", ("a", "d"), f"cannot_link, but {held}")
    ]
    assert said([*joins, apart("d", "a")]) == [("overruled_label", ("a", "d"), f"labelled no_match, but {held}")]
    kept, _ = settle([*joins, apart("d", "a", "o3")])
    assert len(kept) == 4


def test_an_override_within_a_group_keeps_nothing_apart() -> None:
    links = [match("a", "b", "o1"), apart("a", "b", "o2"), match("b", "c"), match("a", "c")]
    kept, found = settle(links)
    assert len(kept) == 4
    assert [each.issue for each in found] == ["contradicting_overrides"]


def test_contradictions_come_in_order_of_their_records() -> None:
    links = [
        match("m", "n", "o1"),
        apart("n", "m"),
        match("a", "b", "o2"),
        apart("a", "b"),
        apart("c", "d", "o3"),
        match("c", "d"),
    ]
    assert [pair for _, pair, _ in said(links)] == [("a", "b"), ("c", "d"), ("m", "n")]


@pytest.mark.parametrize("seed", range(60))
def test_labels_that_hold_are_those_that_join_no_records_kept_apart(seed: int) -> None:
    """The plain way: in order of their records, each match label holds unless its groups hold a pair kept apart."""
    random = np.random.default_rng(seed)
    names = "abcdefgh"
    chosen = [pair for pair in itertools.combinations(names, 2) if random.random() < 0.5]
    links = [
        Link(
            *(pair if random.random() < 0.5 else pair[::-1]),
            bool(random.random() < 0.6),
            bool(random.random() < 0.4),
            "o",
        )
        for pair in chosen
    ]
    links = [links[at] for at in random.permutation(len(links))]
    group = {name: {name} for name in names}

    def join(link: Link) -> None:
        together = group[link.left] | group[link.right]
        group.update(dict.fromkeys(together, together))

    overrides = [link for link in links if link.is_override]
    for link in overrides:
        if link.is_match:
            join(link)
    ruled_out = [link for link in overrides if not link.is_match and group[link.left] is not group[link.right]]
    expected = set(overrides)
    for link in sorted((link for link in links if not link.is_override), key=lambda link: link.pair):
        sides = (group[link.left], group[link.right])
        blocked = any(
            (out.left in one and out.right in other) for out in ruled_out for one, other in (sides, sides[::-1])
        )
        if not link.is_match or not blocked:
            expected.add(link)
        if link.is_match and not blocked:
            join(link)
    kept, found = settle(links)
    assert set(kept) == expected
    assert len(kept) == len(expected)
    overruled = {each.link for each in found if each.issue == "overruled_label" and each.link.is_match}
    assert overruled == set(links) - expected
    for each in found:
        if each.link.is_match:
            assert "<>" in each.detail
        else:
            assert each.link.right in group[each.link.left]
