"""Average linkage on a sparse graph of weighted pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.graph import components

Floats = NDArray[np.float64]
Nodes = NDArray[np.int64]

MISSING = -6.0  # log2 odds of a pair that blocking did not propose: it shares no key, 1 to 64
SOME = 1e-9  # the smallest mean above 0 that is told from 0
CERTAIN = 12.0  # log2 odds beyond which one pair outvotes no more others


def average_linkage(left: Nodes, right: Nodes, weight: Floats, nodes: int, missing: float = MISSING) -> Nodes:
    """Join clusters while the mean weight between some two of them is above 0, the highest mean first.

    All pairs of clusters that are each other's best are joined in one round. Joining cannot bring a cluster nearer to a
    third one than the nearer of its parts was, so the result is that of joining them one by one, ties apart (Murtagh,
    "A survey of recent advances in hierarchical clustering algorithms", The Computer Journal 26, 1983). A round costs
    the pairs that are left between clusters of one connected component; no matrix of a component is built.

    Args:
        left: one node of each pair, from 0 to `nodes` - 1. A pair that is listed twice counts twice.
        right: the other node.
        weight: log2 odds of each pair; above 0 is for joining. They are limited to `missing` and `CERTAIN`.
        nodes: number of nodes.
        missing: log2 odds, below 0, of a pair that is not listed.

    Returns:
        The cluster of each node: one of its nodes.

    Example:
        >>> left, right = np.array([0, 1, 0]), np.array([1, 2, 2])
        >>> average_linkage(left, right, np.array([5.0, 2.0, -4.0]), 4).tolist()
        [0, 0, 2, 3]
    """
    likely = weight > 0
    component = components(left[likely], right[likely], nodes)
    inside = (component[left] == component[right]) & (left != right)
    lower, upper = np.minimum(left, right)[inside], np.maximum(left, right)[inside]
    limited = np.clip(weight[inside], missing, CERTAIN)
    return merge_by_average(lower, upper, limited, np.ones(len(lower)), component, missing, least=SOME)


def merge_by_average(
    lower: Nodes, upper: Nodes, total: Floats, listed: Floats, component: Nodes, missing: float, least: float
) -> Nodes:
    """Join clusters inside components while the mean weight between some two of them is `least` or more.

    Equal means are told apart by the smallest nodes of the two clusters, so the result depends on the order of the
    nodes and not on that of the pairs.

    Args:
        lower: the smaller node of each pair; both are of one component.
        upper: the larger node.
        total: sum of the weights of each pair.
        listed: how many weights that is.
        component: the component of each node.
        missing: weight, below 0, of a pair that is not listed.
        least: the smallest mean at which clusters join.

    Returns:
        The cluster of each node: its smallest node.
    """
    nodes = len(component)
    size, joined = np.ones(nodes), np.arange(nodes)
    while len(lower):
        lower, upper, total, listed = _by_pair_of_clusters(lower, upper, total, listed, nodes)
        possible = size[lower] * size[upper]
        mean = np.round(
            (total + (possible - listed) * missing) / possible, 9
        )  # sums in another order are no tie-breaker
        above = np.flatnonzero(mean >= least)
        if not len(above):
            break
        first, second = _best_of_each_other(lower[above], upper[above], mean[above], nodes)
        size[first] += size[second]
        joined[second] = first
        unfinished = np.zeros(nodes, dtype=bool)  # a component in which nothing joins is done
        unfinished[component[first]] = True
        kept = unfinished[component[lower]]
        lower, upper = joined[lower], joined[upper]
        kept &= lower != upper
        lower, upper, total, listed = lower[kept], upper[kept], total[kept], listed[kept]
    while True:
        further = joined[joined]
        if (further == joined).all():
            return joined
        joined = further


def _by_pair_of_clusters(
    lower: Nodes, upper: Nodes, total: Floats, listed: Floats, nodes: int
) -> tuple[Nodes, Nodes, Floats, Floats]:
    code = np.minimum(lower, upper) * nodes + np.maximum(lower, upper)
    distinct, of_pair = np.unique(code, return_inverse=True)
    sums = (np.bincount(of_pair, weights=values) for values in (total, listed))
    return (distinct // nodes, distinct % nodes, *sums)  # type: ignore[return-value]


def _best_of_each_other(lower: Nodes, upper: Nodes, mean: Floats, nodes: int) -> tuple[Nodes, Nodes]:
    """The pairs that are the best of both their clusters; of equal means the first pair is the better one."""
    order = np.argsort(-mean, kind="stable")
    lower, upper, rank = lower[order], upper[order], np.arange(len(order))
    best = np.full(nodes, len(order))
    np.minimum.at(best, lower, rank)
    np.minimum.at(best, upper, rank)
    mutual = (best[lower] == rank) & (best[upper] == rank)
    return lower[mutual], upper[mutual]
