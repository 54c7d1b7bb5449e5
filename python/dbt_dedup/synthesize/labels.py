"""Pairs of records that stewards have judged: drawn by strata, most of them hard.

40 % are pairs of one entity. About 45 % look alike but are different entities, by the strata of the kind of data; where
a stratum has too few pairs, the next gives more. The rest, 15 % or more, are two records at random (`random_records`;
`random` would be a sample of the candidate pairs). Some pairs say too little for a decision; half of those are left
`unsure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from dbt_dedup.synthesize.randomness import Draw, choose

STEWARDS = ("a.meyer", "j.okafor", "r.silva")
_FIRST_DAY = datetime(2026, 7, 6)
_TRUE_SHARE = 0.40


class Record(Protocol):
    """One raw record."""

    source_system: str

    @property
    def entity(self) -> object:
        """What the record is about: records of one entity have the same object."""


Strata = Mapping[str, tuple[float, Callable[[Any], object]]]
Judge = Callable[[Any, Any, bool], tuple[str, bool]]


@dataclass(frozen=True)
class Label:
    """One judged pair."""

    record_id_l: str
    record_id_r: str
    label: str
    labelled_by: str
    labelled_at: str
    reason: str
    sampled_by: str


def draw_labels(
    records: Sequence[Record], ids: Sequence[str], wanted: int, strata: Strata, judge: Judge, draw: Draw
) -> list[Label]:
    """Draw pairs of a block and judge them; fewer than wanted where the block has fewer different pairs.

    Parameters
    ----------
    records, ids : sequences of equal length
        The records of the block and their ids.
    wanted : int
        Number of pairs.
    strata : mapping of name to (share, key)
        Pairs that look alike but are different entities: the share of all pairs, and what two records of such a pair
        have in common (a record for which the key is None has it in common with none).
    judge : callable
        Takes two records and whether they are one entity. Returns the steward's reason, and whether the records say too
        little for a decision.
    """
    size = len(records)
    wanted = min(wanted, size * (size - 1) // 2)
    if not wanted:
        return []
    taken: dict[tuple[int, int], str] = {}
    share = _TRUE_SHARE
    _take(taken, _true_pairs(records), round(wanted * share), "true_pair", draw)
    missing = len(taken) - round(wanted * share)  # random pairs take the place of true ones
    for stratum, (more, key) in strata.items():
        share += more
        _take(taken, _lookalikes(records, key, draw), round(wanted * share) + missing - len(taken), stratum, draw)
    while len(taken) < wanted:
        one, other = int(draw() * size), int(draw() * size)
        if one != other:
            taken.setdefault((min(one, other), max(one, other)), "random_records")
    return [_label(judge, records, ids, pair, stratum, draw) for pair, stratum in list(taken.items())[:wanted]]


def _take(
    taken: dict[tuple[int, int], str], pairs: Iterator[tuple[int, int]], wanted: int, stratum: str, draw: Draw
) -> None:
    """Add a random choice of the pairs that are not taken yet."""
    left = [pair for pair in dict.fromkeys(pairs) if pair not in taken]
    keys = [draw() for _ in left]
    for number in sorted(range(len(left)), key=keys.__getitem__)[:wanted]:
        taken[left[number]] = stratum


def _groups(records: Sequence[Record], key: Callable[[Record], object]) -> Iterator[list[int]]:
    groups: dict[object, list[int]] = {}
    for position, record in enumerate(records):
        value = key(record)
        if value is not None:
            groups.setdefault(value, []).append(position)
    return (members for members in groups.values() if len(members) > 1)


def _true_pairs(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    for members in _groups(records, lambda record: id(record.entity)):
        yield from ((one, other) for one in members for other in members if one < other)


def _lookalikes(records: Sequence[Record], key: Callable[[Record], object], draw: Draw) -> Iterator[tuple[int, int]]:
    """Yield for each record one other of its group, unless both are about one entity."""
    for members in _groups(records, key):
        for one in members:
            other = choose(members, draw)
            if records[one].entity is not records[other].entity:
                yield min(one, other), max(one, other)


def _label(
    judge: Judge, records: Sequence[Record], ids: Sequence[str], pair: tuple[int, int], stratum: str, draw: Draw
) -> Label:
    left, right = sorted(pair, key=ids.__getitem__)
    one, other = records[left], records[right]
    same = one.entity is other.entity
    reason, is_doubtful = judge(one, other, same)
    label = "match" if same else "no_match"
    if draw() < 0.5 and is_doubtful:
        label, reason = "unsure", "too little to tell"
    moment = _FIRST_DAY + timedelta(days=int(draw() * 60), hours=8 + int(draw() * 9), seconds=int(draw() * 3600))
    return Label(ids[left], ids[right], label, choose(STEWARDS, draw), moment.isoformat(), reason, stratum)
