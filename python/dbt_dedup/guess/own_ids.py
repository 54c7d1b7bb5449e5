"""Numbers and ids beside the record id: of the thing itself, as that of a hull is, or of something else, as a berth's.

The name does not tell, the records do. Those that share an id of the thing agree in whatever else tells things apart,
nearly as often as records that are likely of one thing. The members of a household share its id, and differ in their
given names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.likely import LEAST_PAIRS, RARE, LikelyPairs, Pair, agreement_in, folded, likely_pairs

NEARLY = 0.8  # of the agreement of likely pairs, that pairs with the same id reach in each field
HALF = 0.5  # agreement that is needed where no likely pairs show what is usual, and below which a field says little
LEAST_FIELDS = 2  # in which records with the same id agree
COMPLETE, CONSISTENT = 0.95, 0.98  # share of records with an id, and of likely pairs with one, as an answer has them


@dataclass(frozen=True)
class Verdict:
    """What an id is of.

    Attributes:
        is_own: it is of the thing itself.
        reason: why, for a person to read.
    """

    is_own: bool
    reason: str


def judge(column: Column, fields: Sequence[tuple[Column, str]]) -> Verdict | None:
    """Whether a column is an id of the thing itself; None if the records say too little.

    Args:
        column: called an id or a number.
        fields: the columns of other fields and their types, of types that tell things apart.
    """
    sharing = _sharing(column)
    pairs = likely_pairs([other for other, _ in fields])
    agreed = []
    for other, data_type in fields:
        same_id = agreement_in(other, sharing, data_type)
        usual = _usual(other, data_type, pairs)
        if not same_id.is_known or same_id.by_chance > RARE or (usual is not None and usual < HALF):
            continue
        if same_id.share < (HALF if usual is None else NEARLY * usual):
            reason = f"name; {1.0 - same_id.share:.0%} of the pairs that share it differ in {other.name}"
            return Verdict(False, f"{reason}: an id of something else")
        agreed.append(other.name)
    if len(agreed) < LEAST_FIELDS:
        return None
    found = pairs.agreement(column, "identifier")
    if column.filled_share >= COMPLETE and (not found.is_known or found.share >= CONSISTENT):
        reason = "name; it never differs where records agree, so it may be an answer"
        return Verdict(False, f"{reason}; declare it as an identifier if it is a key")
    return Verdict(True, f"name; records that share it agree in {agreed[0]} and {agreed[1]}")


def _sharing(column: Column) -> list[Pair]:
    """Pairs of rows with the same value, one fewer for each value than rows have it."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(column.sample):
        if value is not None:
            groups[folded(value)].append(row)
    return [pair for rows in groups.values() for pair in pairwise(rows)]


def _usual(column: Column, data_type: str, pairs: LikelyPairs) -> float | None:
    """How often likely pairs agree in a column, those of the two fields with the most agreement; None without pairs."""
    shares = [
        found.share
        for names, of_fields in pairs.by_fields.items()
        if column.name not in names and len(of_fields) >= LEAST_PAIRS
        if (found := agreement_in(column, sorted(of_fields), data_type)).is_known
    ]
    return max(shares, default=None)
