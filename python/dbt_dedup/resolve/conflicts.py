"""Labels that cannot all be true: A is B and B is C, but A is not C."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True)
class Conflict:
    """Records that are connected by matches while the ends are labelled no match.

    Attributes:
        chain: at least two record ids; each matches the next by its label, but the first does not match the last.
    """

    chain: tuple[str, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The contradicting pairs: the matches along the chain, then the pair that does not match."""
        return (*zip(self.chain, self.chain[1:], strict=False), (self.chain[0], self.chain[-1]))

    def __str__(self) -> str:
        return f"{' = '.join(self.chain)}, but {self.chain[0]} <> {self.chain[-1]}"


def find_conflicts(labels: Iterable[tuple[str, str, bool]]) -> list[Conflict]:
    """The conflicts among labels (record id, record id, whether they match), each by its shortest chain, in order."""
    matches: dict[str, list[str]] = {}
    apart: set[Pair] = set()
    for left, right, is_match in labels:
        if is_match:
            matches.setdefault(left, []).append(right)
            matches.setdefault(right, []).append(left)
        else:
            apart.add((min(left, right), max(left, right)))
    chains = (_shortest_chain(matches, *pair) for pair in sorted(apart))
    return [Conflict(chain) for chain in chains if chain]


def _shortest_chain(matches: dict[str, list[str]], start: str, end: str) -> tuple[str, ...]:
    came_from = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        for neighbour in sorted(matches.get(here, ())):
            if neighbour not in came_from:
                came_from[neighbour] = here
                waiting.append(neighbour)
    if end not in came_from or start == end:
        return ()
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return tuple(reversed(chain))
