"""Labels that cannot all be true: A is B and B is C, but A is not C."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbt_dedup.graph import shortest_chain

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
    chains = (shortest_chain(matches, *pair) for pair in sorted(apart) if pair[0] != pair[1])
    return [Conflict(tuple(chain)) for chain in chains if chain]
