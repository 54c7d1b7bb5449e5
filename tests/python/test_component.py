"""Clusters of one component, against the plain way to find them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from dbt_dedup.resolve.component import Component

Pairs = list[tuple[int, int, float]]
Decided = list[tuple[int, int]]
Told = list[tuple[list[int], list[int], float | None]]


def found(size: int, pairs: Pairs, absent: float = -4.0, **constraints: list[int] | Decided) -> list[list[int]]:
    """The clusters, each in order, in order of their first record."""
    cluster_of = Component(size, pairs, absent, **constraints).clusters()  # type: ignore[arg-type]
    clusters: dict[int, list[int]] = {}
    for record, cluster in enumerate(cluster_of):
        clusters.setdefault(cluster, []).append(record)
    return sorted(clusters.values())


def plain(
    size: int, pairs: Pairs, absent: float, together: Decided, apart: Decided, sources: Sequence[int]
) -> tuple[list[list[int]], Told]:
    """The plain way: of the clusters that may merge those of the highest mean do, until it is below 0; and what merged.

    Of equal means it is that of the smallest records.
    """
    clusters = [[record] for record in range(size)]
    weights = {(min(pair[:2]), max(pair[:2])): pair[2] for pair in pairs}
    told: Told = []

    def cluster_of(record: int) -> list[int]:
        return next(cluster for cluster in clusters if record in cluster)

    def merge(one: list[int], other: list[int], average: float | None) -> None:
        told.append((sorted(one), sorted(other), average))
        clusters.remove(other)
        one += other
        clusters.sort(key=min)

    def mean(one: list[int], other: list[int]) -> float:
        between = [weights.get((min(a, b), max(a, b)), absent) for a in one for b in other]
        return round(sum(between) / len(between), 9)

    for left, right in together:
        if cluster_of(left) is not cluster_of(right):
            merge(cluster_of(left), cluster_of(right), None)
    ruled_out = [pair for pair in apart if cluster_of(pair[0]) is not cluster_of(pair[1])]
    while True:
        possible = [
            (-mean(one, other), min(one), min(other), one, other)
            for one, other in itertools.combinations(clusters, 2)
            if not any((a in one and b in other) or (a in other and b in one) for a, b in ruled_out)
            and not {sources[r] for r in one if sources[r] >= 0} & {sources[r] for r in other if sources[r] >= 0}
            and any((min(a, b), max(a, b)) in weights for a in one for b in other)
        ]
        if not possible or min(possible)[0] > 0:
            return sorted(sorted(cluster) for cluster in clusters), told
        distance, *_, one, other = min(possible)
        merge(one, other, -distance)


@pytest.mark.parametrize("seed", range(60))
def test_a_linkage_is_the_plain_one_under_decisions_and_sources(seed: int) -> None:
    """With ties, pairs in any order and direction, and decisions that contradict each other."""
    random = np.random.default_rng(seed)
    size = 10
    ends = [pair for pair in itertools.combinations(range(size), 2) if random.random() < 0.6]
    ends = [ends[at] for at in random.permutation(len(ends))]
    pairs = [
        (*(pair if random.random() < 0.5 else pair[::-1]), float(random.choice([-5, -2, 0, 1, 1.3, 3])))
        for pair in ends
    ]
    decided = [tuple(random.choice(size, 2, replace=False).tolist()) for _ in range(6)]
    together, apart = decided[: seed % 4], decided[seed % 4 :]
    sources = random.choice([-1, 0, 1, 2], size).tolist() if seed % 2 else None
    expected, _ = plain(size, pairs, -4.0, together, apart, sources or [-1] * size)
    constraints = {"together": together, "apart": apart, "sources": sources}
    assert found(size, pairs, **constraints) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(20))
def test_each_merge_is_told_with_its_average_and_those_of_decisions_without(seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = [
        (a, b, float(random.normal(0, 3))) for a, b in itertools.combinations(range(8), 2) if random.random() < 0.7
    ]
    together = [tuple(random.choice(8, 2, replace=False).tolist()) for _ in range(3)]
    told: Told = []

    def on_merge(left: Sequence[int], right: Sequence[int], average: float | None) -> None:
        one, other = sorted([sorted(left), sorted(right)])
        told.append((one, other, average))

    Component(8, pairs, -4.0, together).clusters(on_merge)
    _, expected = plain(8, pairs, -4.0, together, [], [-1] * 8)
    assert [merge[:2] for merge in told] == [tuple(sorted(merge[:2])) for merge in expected]
    assert [merge[2] for merge in told] == pytest.approx([merge[2] for merge in expected])
    assert [merge[2] is None for merge in told] == [merge[2] is None for merge in expected]


def test_an_average_of_0_is_enough_and_one_below_is_not() -> None:
    assert found(3, [(0, 1, 5.0), (1, 2, 4.0)]) == [[0, 1, 2]]
    assert found(3, [(0, 1, 5.0), (1, 2, 3.999)]) == [[0, 1], [2]]
    assert found(2, [(0, 1, -2e-10)]) == [[0, 1]]  # a rounding error


def best_sum(sources: list[int], weights: dict[tuple[int, int], float]) -> tuple[float, int]:
    """The largest sum of weights of pairs of the two sources, each record in one pair at most, and how many pairs."""
    one, other = ([record for record, s in enumerate(sources) if s == source] for source in sorted(set(sources)))
    if len(one) > len(other):
        one, other = other, one
    best = (0.0, 0)
    for order in itertools.permutations(other, len(one)):
        chosen = [weights.get((min(pair), max(pair)), -4.0) for pair in zip(one, order, strict=True)]
        kept = [weight for weight in chosen if weight >= 0]
        best = max(best, (sum(kept), len(kept)))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_records_of_two_sources_are_assigned_so_that_the_sum_is_largest(seed: int) -> None:
    random = np.random.default_rng(seed)
    sources = [0, 2, 2, 0, 2, 0, 0] if seed % 2 else [2, 0, 0, 2, 2]
    size = len(sources)
    pairs = [
        (a, b, float(random.integers(-3, 7)))
        for a, b in itertools.permutations(range(size), 2)
        if (a < b) == bool(random.integers(2)) and random.random() < 0.6
    ]
    weights = {(min(pair[:2]), max(pair[:2])): pair[2] for pair in pairs}
    clusters = found(size, pairs, sources=sources)
    assert max(map(len, clusters)) <= 2
    merged = [(cluster[0], cluster[1]) for cluster in clusters if len(cluster) == 2]
    assert all(sources[one] != sources[other] for one, other in merged)
    assert all(weights.get(pair, -4.0) >= 0 for pair in merged)
    assert (sum(weights[pair] for pair in merged), len(merged)) == best_sum(sources, weights)


def test_a_pair_at_the_threshold_itself_is_assigned() -> None:
    assert found(2, [(1, 0, 0.0)], sources=[0, 1]) == [[0, 1]]
    assert found(2, [(1, 0, -5e-10)], sources=[0, 1]) == [[0, 1]]  # a rounding error
    assert found(2, [(1, 0, -0.001)], sources=[0, 1]) == [[0], [1]]


@pytest.mark.parametrize(
    ("sources", "together", "apart", "is_assignment"),
    [
        ([0, 1, 1], [], [], True),
        ([0, 1, 2], [], [], False),
        ([0, 0, 0], [], [], False),
        ([0, 1, -1], [], [], False),
        ([0, -1, -1], [], [], False),
        ([0, 1, 1], [(0, 1)], [], False),
        ([0, 1, 1], [], [(0, 1)], False),
        (None, [], [], False),
    ],
)
def test_only_records_of_two_sources_about_which_nothing_is_decided_are_assigned(
    sources: list[int] | None, together: Decided, apart: Decided, is_assignment: bool
) -> None:
    assert Component(3, [(0, 1, 1.0)], -1.0, together, apart, sources).is_assignment() is is_assignment


def test_a_record_takes_the_place_of_another_of_its_source_where_that_gains() -> None:
    """Of three sources: 0 and 2 merge first, then 1 and 3, and 0 and 1 are of one source."""
    pairs = [(0, 2, 5.0), (0, 3, 1.0), (1, 2, 4.9), (1, 3, 4.8), (2, 3, 4.0), (0, 4, 4.7)]
    sources = [0, 0, 1, 2, 1]
    # the linkage alone gives [0, 2] and [1, 3] with 9.8; exchanges give [1, 2, 3] with 13.7, and [0, 4] with 4.7
    assert found(5, pairs, sources=sources) == [[0, 4], [1, 2, 3]]
    # decisions hold, so nothing changes places
    assert found(5, pairs, sources=sources, apart=[(1, 4)]) == [[0, 2], [1, 3], [4]]


def test_a_record_moves_to_the_first_of_places_that_are_equally_good() -> None:
    """0 and 1 merge, then 2 and 3, then both: of 2 that is wrong, and the odds of 4 and of 5 are even."""
    pairs = [(0, 1, 9.0), (2, 3, 5.0), (2, 0, -4.0), (2, 1, -4.0), (3, 0, 4.0), (3, 1, 4.0), (2, 4, 0.0), (2, 5, 0.0)]
    assert found(6, pairs, sources=[0, 1, 2, 3, 4, 5]) == [[0, 1, 3], [2, 4], [5]]


def test_records_change_places_only_where_that_gains() -> None:
    """1 would be as well off with 2 as 0 is."""
    pairs = [(0, 2, 5.0), (1, 2, 5.0), (0, 3, -4.0), (1, 3, -4.0), (2, 3, -4.0)]
    assert found(4, pairs, sources=[0, 0, 1, 2]) == [[0, 2], [1], [3]]


def test_a_record_without_a_source_is_no_rival_of_another() -> None:
    """1 and 2 are of no source; 3 is torn from 0 by both."""
    pairs = [(0, 3, 2.0), (1, 3, 1.5), (2, 3, 1.5), (1, 2, 1.0)]
    assert found(4, pairs, sources=[0, -1, -1, 0], absent=-0.5) == [[0], [1, 2, 3]]
    assert found(4, pairs, sources=[0, -1, -1, 1], absent=-0.5) == [[0, 1, 2, 3]]
