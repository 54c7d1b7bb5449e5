"""The pairs that join records: the strongest chain between two, and the strongest pairs that hold all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dbt_dedup.graph import Joined, Node, neighbours_of, shortest_chain


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
    joined: Joined[Node] = Joined()
    weakest: float | None = None
    for pair in _strongest_first(strengths):
        joined.join(*pair)
        if joined.root(start) == joined.root(end):
            weakest = strengths[pair]
            break
    if weakest is None:
        return []
    strong = (pair for pair, strength in strengths.items() if strength >= weakest)
    return shortest_chain(neighbours_of(strong), start, end)


def strongest_tree(strengths: Mapping[tuple[Node, Node], float]) -> list[tuple[Node, Node]]:
    """The strongest pairs that connect all nodes that the pairs connect, without a circle, the weakest first."""
    joined: Joined[Node] = Joined()
    tree = [pair for pair in _strongest_first(strengths) if joined.join(*pair)]
    return tree[::-1]


def _strongest_first(strengths: Mapping[tuple[Node, Node], float]) -> Iterable[tuple[Node, Node]]:
    return sorted(strengths, key=lambda pair: (-strengths[pair], pair))
