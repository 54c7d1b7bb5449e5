"""Which rules to take: as many likely matches as a number of pairs allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rule = list[str] | dict[str, Any]
Found = NDArray[np.bool_]

# A rule that adds less than this share of the likely matches is not worth a line of the spec.
LEAST_GAIN = 0.002


@dataclass(frozen=True, eq=False)
class Candidate:
    """A rule that may be taken.

    Attributes:
        rule: as in the spec.
        name: as block_stats shows it.
        pairs: that it proposes, in blocks up to max_block_size.
        dropped_pairs: in its larger blocks.
        largest_block: records of its largest block.
        agreed: likely matches that agree in its keys, those in larger blocks too.
        found: for each likely match whether the rule proposes it.
    """

    rule: Rule
    name: str
    pairs: int
    dropped_pairs: int
    largest_block: int
    agreed: int
    found: Found


def greedy_cover(candidates: Sequence[Candidate], most_pairs: int, most_rules: int, again: float) -> list[Candidate]:
    """Choose rules one by one, by what each adds: once by gain per pair that it proposes, once by gain alone.

    The one that finds more is taken. This is the greedy solution of weighted maximum coverage within a budget (Khuller,
    Moss and Naor, 1999). A pair that two rules propose counts twice towards the budget.

    Args:
        candidates: in an order that decides between equals.
        most_pairs: pairs that all rules together may propose.
        most_rules: how many rules to choose at most.
        again: what a likely match that a rule before finds is still worth, a factor in [0, 1) for each such rule. Above
            0 where a match stands for others of its like in which what the rule before reads is mistyped. If it is 0, a
            rule whose matches the others find is taken out at the end.
    """
    if not candidates or not len(candidates[0].found):
        return []
    by_price, by_gain = (_greedy(candidates, most_pairs, most_rules, again, per_pair) for per_pair in (True, False))
    found = [int(_covered(chosen, len(candidates[0].found)).sum()) for chosen in (by_price, by_gain)]
    chosen = by_gain if found[1] > found[0] else by_price
    return chosen if again else without_superfluous(chosen)


def _greedy(
    candidates: Sequence[Candidate], most_pairs: int, most_rules: int, again: float, per_pair: bool
) -> list[Candidate]:
    least = max(1.0, LEAST_GAIN * len(candidates[0].found))
    chosen: list[Candidate] = []
    worth = np.ones(len(candidates[0].found))
    left = most_pairs
    while len(chosen) < most_rules:
        names = {c.name for c in chosen}  # the same rule with another number adds little
        gains = np.array([worth[c.found].sum() if c.pairs <= left and c.name not in names else 0.0 for c in candidates])
        fresh = max(
            int((c.found & (worth == 1)).sum()) if gain else 0 for c, gain in zip(candidates, gains, strict=True)
        )
        by_price = per_pair or fresh < least  # once nothing further is found, what finds it again should be cheap
        prices = np.array([max(1, c.pairs) if by_price else 1 for c in candidates])
        value = np.where(gains >= least, gains / prices, 0.0)
        best = int(np.argmax(value))  # the first of equals
        if not value[best]:
            break
        chosen.append(candidates[best])
        worth[candidates[best].found] *= again
        left -= candidates[best].pairs
    return chosen


def _covered(chosen: Sequence[Candidate], matches: int) -> Found:
    covered: Found = np.zeros(matches, dtype=bool)
    for candidate in chosen:
        covered |= candidate.found
    return covered


def without_superfluous(chosen: Sequence[Candidate]) -> list[Candidate]:
    """The rules without those whose likely matches the others find, the costliest first."""
    kept = list(chosen)
    for candidate in sorted(chosen, key=lambda c: -c.pairs):
        others = [c for c in kept if c is not candidate]
        if others and not (candidate.found & ~_covered(others, len(candidate.found))).any():
            kept = others
    return kept
