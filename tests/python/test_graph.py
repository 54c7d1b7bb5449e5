"""Components, chains, and average linkage of small graphs, by hand and against the plain way to compute them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dbt_dedup.graph import Joined, bounded_components, components, neighbours_of, shortest_chain
from dbt_dedup.linkage import average_linkage, merge_by_average

Edges = list[tuple[int, int]]


def sides(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return left, right


def bounded(nodes: int, edges: Edges, strength: list[float], limit: int) -> list[int]:
    left, right = sides(edges)
    found: list[int] = bounded_components(
        components(left, right, nodes), left, right, np.array(strength), limit
    ).tolist()
    return found


def test_components_are_numbered_in_order_of_their_first_node_whatever_the_direction_of_edges() -> None:
    assert components(*sides([(3, 1), (0, 1), (5, 4)]), 6).tolist() == [0, 0, 1, 0, 2, 2]


def test_components_that_are_small_enough_stay_the_same_array() -> None:
    left, right = sides([(0, 1), (1, 2)])
    component = components(left, right, 4)
    assert bounded_components(component, left, right, np.array([1.0, 1.0]), 3) is component
    nothing = np.empty(0, dtype=np.int64)
    assert bounded_components(nothing, nothing, nothing, np.empty(0), 1) is nothing


def test_a_large_component_falls_apart_at_its_weakest_edge_and_small_ones_stay() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (4, 5)]
    assert bounded(7, edges, [3.0, 1.0, 2.0, 0.5], 2) == [0, 0, 1, 1, 2, 2, 3]
    assert bounded(7, edges, [1.0, 3.0, 2.0, 0.5], 2) == [0, 1, 1, 2, 3, 3, 4]
    assert bounded(7, edges, [1.0, 3.0, 2.0, 0.5], 3) == [0, 1, 1, 1, 2, 2, 3]


def test_an_edge_inside_a_part_does_not_count_its_nodes_again() -> None:
    assert bounded(4, [(0, 1), (1, 2), (0, 2), (2, 3)], [4.0, 3.0, 2.0, 1.0], 3) == [0, 0, 0, 1]


def test_equal_edges_are_joined_in_order_of_their_ends() -> None:
    path = [(2, 3), (1, 2), (1, 0)]
    for edges in itertools.permutations(path):
        assert bounded(4, list(edges), [1.0] * 3, 2) == [0, 0, 1, 1]
    star = [(0, 3), (0, 1), (2, 0)]
    for edges in itertools.permutations(star):
        assert bounded(4, list(edges), [1.0] * 3, 3) == [0, 0, 0, 1]


def test_parts_that_were_joined_through_others_count_together() -> None:
    """Two pairs, then the two together, then a fifth that finds no room."""
    edges = [(2, 3), (0, 1), (1, 3), (3, 4)]
    assert bounded(5, edges, [4.0, 3.0, 2.0, 1.0], 4) == [0, 0, 0, 0, 1]
    assert bounded(5, edges, [4.0, 3.0, 2.0, 1.0], 3) == [0, 0, 1, 1, 1]


def test_sets_that_are_joined_have_one_root_that_of_the_first() -> None:
    sets: Joined[str] = Joined()
    assert sets.root("a") == "a"
    assert sets.join("b", "a") is True
    assert sets.join("c", "d") is True
    assert sets.join("b", "c") is True
    assert [sets.root(node) for node in "abcde"] == ["b", "b", "b", "b", "e"]
    assert sets.join("d", "a") is False
    assert sets.root("d") == "b"


def test_neighbours_are_known_in_both_directions() -> None:
    assert neighbours_of([(1, 2), (3, 2)]) == {1: [2], 2: [1, 3], 3: [2]}


@pytest.mark.parametrize(
    ("start", "end", "chain"),
    [
        (1, 4, [1, 2, 4]),  # 1, 3, 4 is as short and sorts later
        (4, 1, [4, 2, 1]),
        (1, 5, [1, 2, 4, 5]),
        (1, 9, []),
        (7, 1, []),
        (8, 9, [8, 9]),
        (8, 8, [8]),
    ],
)
def test_the_shortest_chain_between_two_nodes(start: int, end: int, chain: list[int]) -> None:
    neighbours = neighbours_of([(3, 1), (3, 4), (2, 4), (1, 2), (4, 5), (5, 6), (8, 9)])
    assert shortest_chain(neighbours, start, end) == chain


def merged(nodes: int, weights: dict[tuple[int, int], float], missing: float, least: float) -> list[int]:
    """The plain way: the two clusters of highest mean merge, of equal ones those of the smallest nodes."""
    clusters = [[node] for node in range(nodes)]

    def mean(one: list[int], other: list[int]) -> float:
        between = [weights.get((min(a, b), max(a, b)), missing) for a in one for b in other]
        return round(sum(between) / len(between), 9)

    while True:
        pairs = list(itertools.combinations(range(len(clusters)), 2))
        best = max(pairs, key=lambda pair: (mean(*(clusters[side] for side in pair)), -pair[0], -pair[1]), default=None)
        if best is None or mean(*(clusters[side] for side in best)) < least:
            break
        clusters[best[0]] += clusters.pop(best[1])
        clusters.sort(key=min)
    return [next(min(cluster) for cluster in clusters if node in cluster) for node in range(nodes)]


@pytest.mark.parametrize("seed", range(40))
def test_merging_in_rounds_gives_what_merging_one_by_one_gives(seed: int) -> None:
    """With many ties, in components of several sizes, and with pairs in any order."""
    random = np.random.default_rng(seed)
    nodes = 12
    possible = list(itertools.combinations(range(nodes), 2))
    chosen = [possible[at] for at in random.permutation(len(possible))[: random.integers(8, 30)]]
    weight = random.choice([-4.0, -2.0, 0.0, 1.0, 3.0, 6.0], len(chosen))
    left, right = sides(chosen)
    component = components(left, right, nodes)
    found = merge_by_average(left, right, weight, np.ones(len(chosen)), component, -3.0, least=0.5)
    assert found.tolist() == merged(nodes, dict(zip(chosen, weight.tolist(), strict=True)), -3.0, least=0.5)


def test_a_mean_of_exactly_the_least_is_enough() -> None:
    one, other, component = np.array([0, 0]), np.array([1, 2]), np.array([0, 0, 0])
    weight, listed = np.array([1.0, 5.0]), np.ones(2)
    # 0 and 2 merge; to them 1 has (1 - 1) / 2 = 0
    assert merge_by_average(one, other, weight, listed, component, -1.0, least=0.0).tolist() == [0, 0, 0]
    assert merge_by_average(one, other, weight, listed, component, -1.1, least=0.0).tolist() == [0, 1, 0]


def test_a_pair_that_is_listed_twice_counts_twice() -> None:
    left, right = np.array([0, 1, 0, 0]), np.array([1, 0, 2, 2])
    assert average_linkage(left, right, np.array([4.0, -3.0, -4.0, 3.0]), 3).tolist() == [0, 0, 2]


def test_a_pair_of_even_odds_joins_nothing() -> None:
    assert average_linkage(np.array([0, 2]), np.array([1, 3]), np.array([0.0, 1e-9]), 4).tolist() == [0, 1, 2, 2]


def test_one_pair_outvotes_no_more_others_than_its_limited_odds_do() -> None:
    """Of 2 and the pair 0, 1 one pair is known: 12 - 12 is not above 0, although the pair says 40."""
    left, right = np.array([0, 1]), np.array([1, 2])
    assert average_linkage(left, right, np.array([90.0, 40.0]), 3, missing=-12.0).tolist() == [0, 0, 2]
    assert average_linkage(left, right, np.array([90.0, 40.0]), 3, missing=-11.0).tolist() == [0, 0, 0]


def test_a_pair_says_no_more_against_than_one_that_is_not_listed() -> None:
    left, right = np.array([0, 1, 0]), np.array([1, 2, 2])
    for against in (-7.0, -90.0):
        assert average_linkage(left, right, np.array([12.0, 7.0, against]), 3).tolist() == [0, 0, 0]
    assert average_linkage(left, right, np.array([12.0, 7.0, -90.0]), 3, missing=-8.0).tolist() == [0, 0, 2]


def test_a_pair_that_is_not_listed_weighs_one_to_64_against() -> None:
    left, right = np.array([0, 1]), np.array([1, 2])
    assert average_linkage(left, right, np.array([9.0, 6.1]), 3).tolist() == [0, 0, 0]
    assert average_linkage(left, right, np.array([9.0, 5.9]), 3).tolist() == [0, 0, 2]


def test_a_record_that_is_paired_with_itself_says_nothing() -> None:
    left, right = np.array([0, 0, 1]), np.array([0, 1, 2])
    assert average_linkage(left, right, np.array([9.0, 8.0, 3.0]), 3).tolist() == [0, 0, 2]
