"""Which records are one entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.linkage import merge_by_average
from dbt_dedup.resolve.component import ROUNDING, Component
from dbt_dedup.resolve.pair_graph import PairGraph
from dbt_dedup.resolve.records import Decisions, Floats, Keys, Positions, Records, ScoredPairs
from dbt_dedup.spec import Spec

SMALL = 64  # records of a component, up to which it is resolved together with all other small ones


def resolve(records: Records, scored_pairs: ScoredPairs, decisions: Decisions, spec: Spec) -> Keys:
    """Put records into clusters.

    1. Pairs at the match threshold or above, and must-link decisions, connect records into components. A component of
       more than `max_cluster_size` distinct records is parted at its weakest bridges.
    2. Inside a component clusters merge by average linkage over the log odds of all their pairs, as long as the average
       pair is more likely a match than not (or reaches the match threshold, where that is lower). A pair that is not
       listed counts as certainly no match, so the caller lists the pairs that blocking did not propose as well.
    3. Cannot-link decisions and `duplicate_free` sources hold: such records never merge.

    Copies of a record go where the record goes if it is distinctive, or the pair of the two is a match.

    A pure function: equal arguments give equal clusters, whatever the order of rows and keys. The dbt model, the report
    and training all call it, so what they say about entities is what the warehouse serves.

    Args:
        records: the records.
        scored_pairs: pairs of these records.
        decisions: what people decided.
        spec: the entity, for its thresholds, `max_cluster_size` and `duplicate_free`.

    Returns:
        The cluster of each record: the smallest record_key in it, n. A record without a match is a cluster of its own.

    Raises:
        DedupError: a pair names a record that is not in `records`.

    Example:
        >>> pairs = ScoredPairs(np.array([1, 2]), np.array([2, 9]), np.array([0.97, 0.4]))
        >>> resolve(Records(np.array([1, 2, 9])), pairs, Decisions(), spec).tolist()  # doctest: +SKIP
        [1, 1, 9]
    """
    graph = PairGraph.of(records, scored_pairs, decisions, spec)
    (component,) = graph.components([spec.max_cluster_size])
    cluster = component.copy()
    inconsistent = _Inconsistent.of(graph, component)
    joined = inconsistent.merge_small()
    cluster[joined.nodes] = len(records) + joined.cluster
    for inside in inconsistent.others():
        cluster[inside.nodes] = len(records) + inside.nodes[inside.component.clusters()]
    return graph.named(cluster, records.keys)


def find_components(
    records: Records, scored_pairs: ScoredPairs, decisions: Decisions, spec: Spec, limits: Sequence[int]
) -> list[Keys]:
    """The records that matches and must-link decisions connect: step 1 of `resolve`, for each of several bounds.

    Args:
        records: the records.
        scored_pairs: pairs of these records.
        decisions: what people decided.
        spec: the entity, for its match threshold.
        limits: the most distinct records of a component, >= 1 each.

    Returns:
        For each limit the smallest record_key of the component of each record, n.
    """
    graph = PairGraph.of(records, scored_pairs, decisions, spec)
    numbers = graph.components(limits)
    distinct = {id(component): component for component in numbers}  # mostly one: few components are too large
    named = {number: graph.named(component, records.keys) for number, component in distinct.items()}
    return [named[id(component)] for component in numbers]


@dataclass(frozen=True)
class ReplayedComponent:
    """A component as it is resolved, its records as nodes; a copy that follows its original is no node of its own.

    Attributes:
        keys: the record keys of each node, its own first.
        component: what is known about the pairs of nodes.
        inner: log2 odds that were subtracted from the weight of each pair, so that clusters merge from 0 on.
    """

    keys: tuple[tuple[int, ...], ...]
    component: Component
    inner: float


def components_to_replay(
    records: Records, scored_pairs: ScoredPairs, decisions: Decisions, spec: Spec
) -> list[ReplayedComponent]:
    """The components that `resolve` finds clusters in, to look at how; those of one node are left out.

    Args:
        records: records of a few components, all of each.
        scored_pairs: as for `resolve`.
        decisions: as for `resolve`.
        spec: as for `resolve`.
    """
    graph = PairGraph.of(records, scored_pairs, decisions, spec)
    (number,) = graph.components([spec.max_cluster_size])
    inside = _Inconsistent.of(graph, number)
    every = inside.size > 1
    by_node: dict[int, list[int]] = {}
    for node in range(len(records)):
        by_node.setdefault(int(graph.node_of[node]), []).append(int(records.keys[graph.position[node]]))
    for own, keys in by_node.items():
        own_key = int(records.keys[graph.position[own]])
        keys.sort(key=lambda key, own_key=own_key: (key != own_key, key))  # type: ignore[misc]
    return [
        ReplayedComponent(tuple(tuple(by_node[int(node)]) for node in found.nodes), found.component, graph.inner)
        for found in replace(inside, doubtful=every, constrained=every).others()
    ]


@dataclass(frozen=True)
class _Inside:
    """A component whose records may not all be one cluster; see `PairGraph`."""

    nodes: Positions
    component: Component


@dataclass(frozen=True)
class _Joined:
    """Nodes, and one node of the cluster of each."""

    nodes: Positions
    cluster: Positions


@dataclass(frozen=True)
class _Inconsistent:
    """The components in which a pair is unknown, negative or ruled out: each of the others is one cluster.

    Attributes:
        graph: the graph.
        component: the component of each node.
        is_own: whether a node is no copy that is folded into another.
        size: nodes of each component, without such copies.
        doubtful: whether a component is one of these.
        constrained: whether it is, and something else than the weights decides.
    """

    graph: PairGraph
    component: Positions
    is_own: NDArray[np.bool_]
    size: Positions
    doubtful: NDArray[np.bool_]
    constrained: NDArray[np.bool_]

    @classmethod
    def of(cls, graph: PairGraph, component: Positions) -> _Inconsistent:
        nodes = len(component)
        is_own = np.zeros(nodes, dtype=bool)
        is_own[graph.node_of] = True
        size = np.bincount(component[is_own], minlength=nodes)
        known = component[graph.left] == component[graph.right]
        pairs = np.bincount(component[graph.left[known]], minlength=nodes)
        against = np.bincount(component[graph.left[known & (graph.weight < 0)]], minlength=nodes)
        doubtful = (pairs < size * (size - 1) // 2) | (against > 0)
        constrained = np.zeros(nodes, dtype=bool)
        for decided in (graph.must, graph.cannot):
            constrained[component[decided].ravel()] = True
        one, other = component[graph.cannot].T
        doubtful[one[one == other]] = True
        if graph.sources is not None:
            bound = graph.sources >= 0  # such copies are not folded
            in_source = np.unique(np.stack([component[bound], graph.sources[bound]]), axis=1, return_counts=True)
            doubtful[in_source[0][0][in_source[1] > 1]] = True
            constrained[component[bound]] = True
        return cls(graph, component, is_own, size, doubtful, constrained & doubtful)

    def merge_small(self) -> _Joined:
        """The clusters of all components that are small and whose weights alone decide, found together."""
        small = self.doubtful & ~self.constrained & (self.size <= SMALL)
        nodes = np.flatnonzero(self.is_own & small[self.component])
        left, right, weight = self._pairs(small)
        cluster = merge_by_average(
            left, right, weight, np.ones(len(left)), self.component, self.graph.absent, least=-ROUNDING
        )
        return _Joined(nodes, cluster[nodes])

    def others(self) -> Iterator[_Inside]:
        """The other components, one by one."""
        single = self.doubtful & (self.constrained | (self.size > SMALL))
        inside_nodes = np.flatnonzero(self.is_own & single[self.component])
        inside_nodes = inside_nodes[np.argsort(self.component[inside_nodes], kind="stable")]
        left, right, weight = self._pairs(single)
        must, cannot = (_pairs_of(decided, self.component) for decided in (self.graph.must, self.graph.cannot))
        numbers = np.flatnonzero(single)
        bounds = [
            np.searchsorted(self.component[ends], numbers + step) for ends in (inside_nodes, left) for step in (0, 1)
        ]
        for number, first_node, last_node, first_pair, last_pair in zip(numbers.tolist(), *bounds, strict=True):
            inside, of_pairs = inside_nodes[first_node:last_node], slice(first_pair, last_pair)
            local = {int(node): place for place, node in enumerate(inside)}
            yield _Inside(
                inside,
                Component(
                    len(inside),
                    zip(
                        np.searchsorted(inside, left[of_pairs]).tolist(),
                        np.searchsorted(inside, right[of_pairs]).tolist(),
                        weight[of_pairs].tolist(),
                        strict=True,
                    ),
                    self.graph.absent,
                    [(local[one], local[other]) for one, other in must.get(number, [])],
                    [(local[one], local[other]) for one, other in cannot.get(number, [])],
                    None if self.graph.sources is None else self.graph.sources[inside].tolist(),
                ),
            )

    def _pairs(self, chosen: NDArray[np.bool_]) -> tuple[Positions, Positions, Floats]:
        """The known pairs inside some components, in order of component and ends; of a repeated one the last."""
        of_left = self.component[self.graph.left]
        inside = np.flatnonzero(chosen[of_left] & (of_left == self.component[self.graph.right]))
        left, right = self.graph.left[inside], self.graph.right[inside]
        order = np.lexsort((right, left, of_left[inside]))
        left, right = left[order], right[order]
        last = np.append((left[1:] != left[:-1]) | (right[1:] != right[:-1]), True)[: len(left)]
        return left[last], right[last], self.graph.weight[inside[order[last]]]


def _pairs_of(decided: Positions, component: Positions) -> Mapping[int, list[tuple[int, int]]]:
    """Decided pairs by the component that both their nodes are in."""
    by_component: dict[int, list[tuple[int, int]]] = {}
    for one, other in decided.tolist():
        if component[one] == component[other]:
            by_component.setdefault(int(component[one]), []).append((one, other))
    return by_component
