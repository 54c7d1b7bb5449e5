"""Pairs of records that stewards have judged: drawn by strata, most of them hard.

40 % are pairs of one entity. 45 % look alike but belong to different people: 10 % have the same name, 6 % one phone,
15 % one household, 7 % one birth date and 7 % one family name; where a stratum has too few pairs, the next gives more.
The rest, 15 % or more, are two records at random (`random_records`; `random` would be a sample of the candidate pairs).
Some pairs say too little for a decision; half of those are left `unsure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbt_dedup.synthesize.randomness import Draw, choose
from dbt_dedup.synthesize.records import Record, lay_out_date

STEWARDS = ("a.meyer", "j.okafor", "r.silva")
_FIRST_DAY = datetime(2026, 7, 6)
_Key = Callable[[Record], object]
_LOOKALIKES: dict[str, tuple[float, _Key]] = {
    "same_name": (0.10, lambda record: _name(record) if record.given_name and record.family_name else None),
    "same_phone": (0.06, lambda record: _phone(record)),
    "household": (0.15, lambda record: record.person.household),
    "same_birth_date": (0.07, lambda record: record.person.birth if record.birth_date else None),
    "same_family_name": (0.07, lambda record: (record.family_name or "").lower() or None),
}
_TRUE_SHARE = 0.40


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


def draw_labels(records: Sequence[Record], ids: Sequence[str], wanted: int, draw: Draw) -> list[Label]:
    """Draw pairs of a block and judge them; fewer than wanted where the block has fewer different pairs."""
    size = len(records)
    wanted = min(wanted, size * (size - 1) // 2)
    if not wanted:
        return []
    taken: dict[tuple[int, int], str] = {}
    share = _TRUE_SHARE
    _take(taken, _true_pairs(records), round(wanted * share), "true_pair", draw)
    missing = len(taken) - round(wanted * share)  # random pairs take the place of true ones
    for stratum, (more, key) in _LOOKALIKES.items():
        share += more
        _take(taken, _lookalikes(records, key, draw), round(wanted * share) + missing - len(taken), stratum, draw)
    while len(taken) < wanted:
        one, other = int(draw() * size), int(draw() * size)
        if one != other:
            taken.setdefault((min(one, other), max(one, other)), "random_records")
    return [_judge(records, ids, pair, stratum, draw) for pair, stratum in list(taken.items())[:wanted]]


def _take(
    taken: dict[tuple[int, int], str], pairs: Iterator[tuple[int, int]], wanted: int, stratum: str, draw: Draw
) -> None:
    """Add a random choice of the pairs that are not taken yet."""
    left = [pair for pair in dict.fromkeys(pairs) if pair not in taken]
    keys = [draw() for _ in left]
    for number in sorted(range(len(left)), key=keys.__getitem__)[:wanted]:
        taken[left[number]] = stratum


def _groups(records: Sequence[Record], key: _Key) -> Iterator[list[int]]:
    groups: dict[object, list[int]] = {}
    for position, record in enumerate(records):
        value = key(record)
        if value is not None:
            groups.setdefault(value, []).append(position)
    return (members for members in groups.values() if len(members) > 1)


def _true_pairs(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    for members in _groups(records, lambda record: id(record.person)):
        yield from ((one, other) for one in members for other in members if one < other)


def _lookalikes(records: Sequence[Record], key: _Key, draw: Draw) -> Iterator[tuple[int, int]]:
    """Yield for each record one other of its group, unless both are about one person."""
    for members in _groups(records, key):
        for one in members:
            other = choose(members, draw)
            if records[one].person is not records[other].person:
                yield min(one, other), max(one, other)


def _judge(records: Sequence[Record], ids: Sequence[str], pair: tuple[int, int], stratum: str, draw: Draw) -> Label:
    left, right = sorted(pair, key=ids.__getitem__)
    one, other = records[left], records[right]
    same = one.person is other.person
    agreeing = _agreeing(one, other)
    label, reason = _verdict(one, other, same, agreeing)
    if draw() < 0.5 and _is_doubtful(one, other, same, agreeing):
        label, reason = "unsure", "too little to tell"
    moment = _FIRST_DAY + timedelta(days=int(draw() * 60), hours=8 + int(draw() * 9), seconds=int(draw() * 3600))
    return Label(ids[left], ids[right], label, choose(STEWARDS, draw), moment.isoformat(), reason, stratum)


def _is_doubtful(one: Record, other: Record, same: bool, agreeing: list[str]) -> bool:
    strong = [name for name in agreeing if name != "name"]
    if same:
        return not strong
    return "name" in agreeing and not (one.birth_date and other.birth_date)


def _verdict(one: Record, other: Record, same: bool, agreeing: list[str]) -> tuple[str, str]:
    if same:
        return "match", "same " + " and ".join(agreeing) if agreeing else "asked the customer"
    if one.person.household == other.person.household:
        if one.person.birth == other.person.birth:
            return "no_match", "twins"
        if one.person.given == other.person.given and (one.person.suffix or other.person.suffix):
            return "no_match", "father and son"
        return "no_match", "two people of one household"
    if agreeing:
        return "no_match", "different people with the same " + " and ".join(agreeing)
    return "no_match", "nothing in common"


def _agreeing(one: Record, other: Record) -> list[str]:
    """Name the values that are equal as they stand."""
    names = []
    if one.given_name and one.family_name and _name(one) == _name(other):
        names.append("name")
    if one.birth_date and other.birth_date and _date(one) == _date(other):
        names.append("birth date")
    if one.email and one.email == other.email and "@" in one.email:
        names.append("e-mail")
    if _phone(one) and _phone(one) == _phone(other):
        names.append("phone")
    if one.street and (one.street, one.postcode) == (other.street, other.postcode):
        names.append("address")
    return names


def _name(record: Record) -> tuple[str, str]:
    return (record.given_name or "").lower(), (record.family_name or "").lower()


def _phone(record: Record) -> str | None:
    digits = "".join(letter for letter in (record.phone or "").partition("ext")[0] if letter.isdigit())
    return digits[-10:] if len(digits) > 7 and len(set(digits)) > 2 else None


def _date(record: Record) -> object:
    """Return the birth date if the record states it rightly; anything else agrees with nothing."""
    right = lay_out_date(record.person.birth.isoformat(), record.date_layout)
    return record.person.birth if record.birth_date == right else object()
