"""Which records are one entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.constants import MOST_CERTAIN
from dbt_dedup.errors import DedupError
from dbt_dedup.graph import bounded_components, components
from dbt_dedup.linkage import merge_by_average
from dbt_dedup.resolve.component import ROUNDING, Component
from dbt_dedup.spec import Spec

Keys = NDArray[np.int32]
Positions = NDArray[np.int64]
Floats = NDArray[np.float64]
KeyPairs = tuple[tuple[int, int], ...]

SMALL = 64  # records of a component, up to which it is resolved together with all other small ones


@dataclass(frozen=True)
class Records:
    """n records.

    Attributes:
        keys: n record keys, ascending and distinct.
        representatives: for each record the key of the record it is a copy of, itself if of none; None if no record is
            a copy.
        distinctive: whether chance alone does not make another record with the values of each, so that its copies are
            the same entity whatever their score; None if of none.
        sources: n source names, null for none; None if the entity has no sources.
        order: n distinct numbers that break ties, so that clusters do not depend on the keys; None takes the keys.
    """

    keys: Keys
    representatives: Keys | None = None
    distinctive: NDArray[np.bool_] | None = None
    sources: NDArray[np.object_] | None = None
    order: Positions | None = None

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class ScoredPairs:
    """n pairs of records with the probability of a match.

    Attributes:
        left: record_key of one side.
        right: record_key of the other side.
        probability: in [0, 1]. A pair that is not listed is not a match.
    """

    left: Keys
    right: Keys
    probability: Floats


@dataclass(frozen=True)
class Decisions:
    """What is decided about pairs of records, by record_key; it holds whatever the model says.

    Attributes:
        must_link: pairs that are one entity.
        cannot_link: pairs that are not. Where must-link decisions join its two records, one of these people is wrong:
            the records stay together, and `<entity>_cluster_issues` lists the contradiction.
    """

    must_link: KeyPairs = ()
    cannot_link: KeyPairs = ()

    def with_vetoes(self, vetoed: Iterable[tuple[int, int]]) -> Decisions:
        """These, and that the pairs which a rule of `never` rules out are apart, unless people joined them."""
        must = {(min(pair), max(pair)) for pair in self.must_link}
        cannot = sorted(pair for pair in vetoed if (min(pair), max(pair)) not in must)
        return Decisions(self.must_link, (*self.cannot_link, *cannot))


NO_DECISIONS = Decisions()


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
    graph = _Graph.of(records, scored_pairs, decisions, spec)
    (component,) = graph.components([spec.max_cluster_size])
    cluster = component.copy()
    inconsistent = _Inconsistent.of(graph, component)
    joined = inconsistent.merge_small()
    cluster[joined.nodes] = len(records) + joined.cluster
    next_number = 2 * len(records)
    for inside in inconsistent.others():
        numbers = inside.clusters()
        cluster[inside.nodes] = next_number + numbers
        next_number += int(numbers.max()) + 1
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
    graph = _Graph.of(records, scored_pairs, decisions, spec)
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
    graph = _Graph.of(records, scored_pairs, decisions, spec)
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
class _Graph:
    """The records as nodes in the order that breaks ties; copies are folded into the record they copy.

    Attributes:
        position: the place of each node in `records`.
        node_of: the node of each record, by its place in that order.
        left, right: the nodes of each known pair.
        weight: log2 odds of each pair, at most `MOST_CERTAIN` either way; the inner threshold is subtracted.
        is_edge: whether the pair connects its records.
        absent: weight of a pair that is not known.
        inner: log2 odds that are subtracted.
        must, cannot: the decisions, as nodes.
        sources: number of the source of each node if it allows one record an entity, else -1.
    """

    position: Positions
    node_of: Positions
    left: Positions
    right: Positions
    weight: Floats
    is_edge: NDArray[np.bool_]
    absent: float
    inner: float
    must: Positions
    cannot: Positions
    sources: Positions | None

    @classmethod
    def of(cls, records: Records, pairs: ScoredPairs, decisions: Decisions, spec: Spec) -> _Graph:
        position, rank = _in_order(records)
        positions = _Positions(records.keys, spec.name)

        def nodes(keys: Keys) -> Positions:
            return rank[positions.of(keys)]

        left, right = nodes(pairs.left), nodes(pairs.right)
        must, cannot = (
            nodes(np.array(decided, dtype=np.int32).reshape(-1, 2))
            for decided in (decisions.must_link, decisions.cannot_link)
        )
        sources = _source_numbers(records, spec)
        sources = None if sources is None else sources[position]
        is_match = pairs.probability >= spec.thresholds.match
        copies = None if records.representatives is None else nodes(records.representatives)[position]
        node_of = np.arange(len(records))
        probability = pairs.probability
        if copies is not None:
            constrained = np.zeros(len(records), dtype=bool)
            constrained[cannot.ravel()] = True
            if sources is not None:
                constrained |= sources >= 0
            if records.distinctive is not None:
                certain = records.distinctive[position] & (copies != np.arange(len(copies)))
                left, right, probability = _with_certain_copies(left, right, probability, copies, certain)
            left, right, probability = _as_their_originals(left, right, probability, copies, constrained)
            is_match = probability >= spec.thresholds.match
            follows = is_match & ((copies[left] == right) | (copies[right] == left)) & (copies[left] == copies[right])
            copy = np.where(copies[left] == right, left, right)
            follows &= ~constrained[copy]
            node_of[copy[follows]] = copies[copy[follows]]
            left, right, must = node_of[left], node_of[right], node_of[must]
            kept = left != right
            left, right, probability, is_match = left[kept], right[kept], probability[kept], is_match[kept]
        inner = _log_odds(np.array([min(spec.thresholds.match, 0.5)]))[0]
        return cls(
            position=position,
            node_of=node_of,
            left=np.minimum(left, right),
            right=np.maximum(left, right),
            weight=_log_odds(probability) - inner,
            is_edge=is_match,
            absent=float(-_log_odds(np.array([1.0]))[0] - inner),
            inner=float(inner),
            must=must,
            cannot=cannot,
            sources=sources,
        )

    def components(self, limits: Sequence[int]) -> list[Positions]:
        """The number of the component of each node, for each limit; where no component is too large, the same array.

        Must-link decisions are the strongest edges.
        """
        left = np.concatenate([self.must[:, 0], self.left[self.is_edge]])
        right = np.concatenate([self.must[:, 1], self.right[self.is_edge]])
        strength = np.concatenate([np.full(len(self.must), np.inf), self.weight[self.is_edge]])
        component = components(left, right, len(self.position))
        return [bounded_components(component, left, right, strength, limit) for limit in limits]

    def named(self, numbers: Positions, keys: Keys) -> Keys:
        """For each record, in order of its key, the smallest key of those with the number of its node."""
        number = np.empty(len(keys), dtype=np.int64)
        number[self.position] = numbers[self.node_of]
        first = np.empty(number.max(initial=-1) + 1, dtype=np.int64)
        first[number[::-1]] = np.arange(len(keys))[::-1]  # of several values the last one stays
        smallest: Keys = keys[first[number]]  # keys ascend, so the first is the smallest
        return smallest


@dataclass(frozen=True)
class _Inside:
    """A component whose records may not all be one cluster; see `_Graph`."""

    nodes: Positions
    component: Component

    def clusters(self) -> Positions:
        _, numbers = np.unique(self.component.clusters(), return_inverse=True)
        return np.asarray(numbers, dtype=np.int64)


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

    graph: _Graph
    component: Positions
    is_own: NDArray[np.bool_]
    size: Positions
    doubtful: NDArray[np.bool_]
    constrained: NDArray[np.bool_]

    @classmethod
    def of(cls, graph: _Graph, component: Positions) -> _Inconsistent:
        nodes = len(component)
        is_own = np.zeros(nodes, dtype=bool)
        is_own[graph.node_of] = True
        size = np.bincount(component[is_own], minlength=nodes)
        known = component[graph.left] == component[graph.right]
        pairs = np.bincount(component[graph.left[known]], minlength=nodes)
        against = np.bincount(component[graph.left[known & (graph.weight < 0)]], minlength=nodes)
        doubtful = (size > 1) & ((pairs < size * (size - 1) // 2) | (against > 0))
        constrained = np.zeros(nodes, dtype=bool)
        for decided in (graph.must, graph.cannot):
            constrained[component[decided].ravel()] = True
        doubtful[component[graph.cannot[component[graph.cannot[:, 0]] == component[graph.cannot[:, 1]], 0]]] = True
        if graph.sources is not None:
            bound = is_own & (graph.sources >= 0)
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


def _with_certain_copies(
    left: Positions, right: Positions, probability: Floats, copies: Positions, certain: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats]:
    """The pairs, with one of each certain copy and the record it copies that is a match whatever its score."""
    is_theirs = (certain[left] & (copies[left] == right)) | (certain[right] & (copies[right] == left))
    copy = np.flatnonzero(certain)
    return (
        np.concatenate([left[~is_theirs], copy]),
        np.concatenate([right[~is_theirs], copies[copy]]),
        np.concatenate([probability[~is_theirs], np.ones(len(copy))]),
    )


def _as_their_originals(
    left: Positions, right: Positions, probability: Floats, copies: Positions, constrained: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats]:
    """The pairs, and for each constrained copy those of the record it copies, since blocking proposes no others."""
    copies_of: dict[int, list[int]] = {}
    for copy in np.flatnonzero(constrained & (copies != np.arange(len(copies)))).tolist():
        copies_of.setdefault(int(copies[copy]), []).append(copy)
    if not copies_of:
        return left, right, probability
    has_copies = np.zeros(len(copies), dtype=bool)
    has_copies[list(copies_of)] = True
    added: list[tuple[int, int, float]] = []
    of_copy: dict[int, float] = {}
    for pair in np.flatnonzero(has_copies[left] | has_copies[right]):
        one, other, value = int(left[pair]), int(right[pair]), float(probability[pair])
        if copies[one] == copies[other]:
            of_copy[other if copies[other] == one else one] = value
            continue
        ones, others = [one, *copies_of.get(one, [])], [other, *copies_of.get(other, [])]
        added += [(a, b, value) for a in ones for b in others if (a, b) != (one, other)]
    for of_one in copies_of.values():
        known = [copy for copy in of_one if copy in of_copy]
        added += [(a, b, of_copy[a]) for place, a in enumerate(known) for b in known[place + 1 :]]
    if not added:
        return left, right, probability
    lefts, rights, probabilities = zip(*added, strict=True)
    return (
        np.concatenate([left, np.array(lefts, dtype=np.int64)]),
        np.concatenate([right, np.array(rights, dtype=np.int64)]),
        np.concatenate([probability, np.array(probabilities)]),
    )


def _source_numbers(records: Records, spec: Spec) -> Positions | None:
    """For each record the number of its source if the spec says that it has no duplicates, else -1."""
    if not spec.duplicate_free or records.sources is None:
        return None
    numbers = {source: number for number, source in enumerate(spec.duplicate_free)}
    return np.array([numbers.get(source, -1) for source in records.sources], dtype=np.int64)


def _log_odds(probability: Floats) -> Floats:
    bounded = np.clip(probability, 1 - MOST_CERTAIN, MOST_CERTAIN)
    return np.asarray(np.log2(bounded / (1 - bounded)))


def _in_order(records: Records) -> tuple[Positions, Positions]:
    """The place in `records` of each node, and the node at each place."""
    places = np.arange(len(records))
    if records.order is None:
        return places, places
    position = np.argsort(records.order, kind="stable")
    rank = np.empty_like(position)
    rank[position] = places
    return position, rank


class _Positions:
    """Finds the places of record keys: in a table where keys have few gaps, else by binary search.

    Args:
        record_keys: n record keys, ascending and distinct.
        entity: name of the entity, for the error.
    """

    def __init__(self, record_keys: Keys, entity: str) -> None:
        self._record_keys, self._entity = record_keys, entity
        self._table: Positions | None = None
        if len(record_keys) and record_keys[0] >= 0 and record_keys[-1] < 4 * len(record_keys):
            self._table = np.full(int(record_keys[-1]) + 1, -1)
            self._table[record_keys] = np.arange(len(record_keys))

    def of(self, keys: Keys) -> Positions:
        """The place of each of the keys.

        Raises:
            DedupError: a key is none of a record.
        """
        if self._table is None:
            position = np.searchsorted(self._record_keys, keys)
            known = position < len(self._record_keys)
            known[known] = self._record_keys[position[known]] == keys[known]
        else:
            known = (keys >= 0) & (keys < len(self._table))
            position = self._table[np.where(known, keys, 0)]
            known &= position >= 0
        if not known.all():
            raise DedupError(
                f"The scored pairs of entity {self._entity!r} name record_key {keys[~known].ravel()[0]}, which is not a"
                " key of its records: the two were built from different inputs."
                f" Run `dbt build --select +int_{self._entity}__clusters`."
            )
        return position
