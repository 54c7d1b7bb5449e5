"""Connected components of a graph, and the shortest chain between two of its nodes."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Nodes = NDArray[np.integer]
Node = TypeVar("Node", bound=Hashable)


def components(left: Nodes, right: Nodes, nodes: int) -> NDArray[np.int64]:
    """The number of the component of each node, from 0 in order of their first node.

    Args:
        left: one end of each edge, from 0 to `nodes` - 1.
        right: the other end.
        nodes: number of nodes; a node without an edge is a component.

    Example:
        >>> components(np.array([0, 3]), np.array([1, 1]), 5).tolist()
        [0, 0, 1, 0, 2]
    """
    edges = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


def bounded_components(
    component: NDArray[np.int64], left: Nodes, right: Nodes, strength: NDArray[np.float64], limit: int
) -> NDArray[np.int64]:
    """Components of at most `limit` nodes: of a larger one, the weakest bridges between its parts are left out.

    The strongest edge is joined first (Kruskal, Proceedings of the American Mathematical Society 7, 1956), and an edge
    that would join more than `limit` nodes is left out. Equal edges are joined in order of their ends.

    Args:
        component: the component of each node, as `components` finds them from the same edges.
        left: one end of each edge.
        right: the other end.
        strength: of each edge; the largest is joined first.
        limit: largest number of nodes of a component, >= 1.

    Returns:
        The number of the component of each node, from 0 in order of their first node; `component` itself if all are
        small enough.
    """
    too_large = np.bincount(component)[component] > limit
    if not too_large.any():
        return component
    inside = np.flatnonzero(too_large[left])
    low, high = np.minimum(left, right)[inside], np.maximum(left, right)[inside]
    order = np.lexsort((high, low, -strength[inside]))
    parent = {node: node for node in np.flatnonzero(too_large).tolist()}
    size = dict.fromkeys(parent, 1)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in zip(low[order].tolist(), high[order].tolist(), strict=True):
        one, other = sorted((root(one), root(other)))
        if one != other and size[one] + size[other] <= limit:
            parent[other] = one
            size[one] += size[other]
    _, first = np.unique(component, return_index=True)
    first_node = first[component]
    first_node[too_large] = [root(node) for node in parent]
    return np.asarray(np.unique(first_node, return_inverse=True)[1], dtype=np.int64)


class Joined(Generic[Node]):
    """Sets of nodes that pairs connect, as far as they were joined."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}

    def root(self, node: Node) -> Node:
        """The node that stands for the set of a node."""
        while (parent := self._parent.setdefault(node, node)) != node:
            self._parent[node] = node = self._parent[parent]
        return node

    def join(self, one: Node, other: Node) -> bool:
        """Make one set of two, for which the root of `one` stands; whether they were apart before."""
        one, other = self.root(one), self.root(other)
        self._parent[other] = one
        return one != other


def neighbours_of(pairs: Iterable[tuple[Node, Node]]) -> dict[Node, list[Node]]:
    """The neighbours of each node of these pairs, in both directions."""
    neighbours: dict[Node, list[Node]] = {}
    for one, other in pairs:
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    return neighbours


def shortest_chain(neighbours: Mapping[Node, Sequence[Node]], start: Node, end: Node) -> list[Node]:
    """The nodes of the shortest chain from one node to another, both among them; empty if none leads there.

    Of equal chains it is the one whose nodes sort first.

    Args:
        neighbours: of each node that has any, in both directions.
        start: a node.
        end: another node.
    """
    came_from = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        for neighbour in sorted(neighbours.get(here, ())):  # type: ignore[type-var]
            if neighbour not in came_from:
                came_from[neighbour] = here
                waiting.append(neighbour)
    if end not in came_from:
        return []
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return chain[::-1]
