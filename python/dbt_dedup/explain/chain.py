"""The pairs that join records: the strongest chain between two, and the strongest pairs that hold all together."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def strongest_chain(strengths: Mapping[tuple[Node, Node], float], start: Node, end: Node) -> list[Node]:
    """The chain from one node to another whose weakest pair is strongest, of these the shortest.

    Args:
        strengths: of pairs of nodes, in either order.
        start: a node.
        end: another node.

    Returns:
        The nodes of the chain, both ends among them; of equal chains the one whose nodes sort first. Empty if no pairs
        lead from one to the other.

    Example:
        >>> strongest_chain({("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "c"): 0.7}, "a", "c")
        ['a', 'b', 'c']
    """
    joined = _Joined()
    weakest: float | None = None
    for pair in _strongest_first(strengths):
        joined.join(*pair)
        if joined.root(start) == joined.root(end):
            weakest = strengths[pair]
            break
    if weakest is None:
        return []
    neighbours: dict[Node, list[Node]] = {}
    for (one, other), strength in strengths.items():
        if strength >= weakest:
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
    came_from = {start: start}
    waiting = deque([start])
    while end not in came_from:
        here = waiting.popleft()
        for neighbour in sorted(neighbours.get(here, ())):  # type: ignore[type-var]
            if neighbour not in came_from:
                came_from[neighbour] = here
                waiting.append(neighbour)
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return chain[::-1]


def strongest_tree(strengths: Mapping[tuple[Node, Node], float]) -> list[tuple[Node, Node]]:
    """The strongest pairs that connect all nodes that the pairs connect, without a circle, the weakest first."""
    joined = _Joined()
    tree = [pair for pair in _strongest_first(strengths) if joined.join(*pair)]
    return tree[::-1]


def _strongest_first(strengths: Mapping[tuple[Node, Node], float]) -> Iterable[tuple[Node, Node]]:
    return sorted(strengths, key=lambda pair: (-strengths[pair], pair))


class _Joined:
    """Sets of nodes that pairs connect."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, node: Hashable) -> Hashable:
        while (parent := self._parent.setdefault(node, node)) != node:
            self._parent[node] = node = self._parent[parent]
        return node

    def join(self, one: Hashable, other: Hashable) -> bool:
        """Whether the two were apart before."""
        one, other = self.root(one), self.root(other)
        self._parent[other] = one
        return one != other
