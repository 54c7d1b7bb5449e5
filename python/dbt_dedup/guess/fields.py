"""The fields that the columns of a table give, alone or together, and the columns that are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dbt_dedup.guess import kinds
from dbt_dedup.guess.column_kind import (
    HIGH,
    IDENTIFYING,
    LOW,
    MEDIUM,
    NAMING,
    Kind,
    kind_of,
    percent,
    table_of,
)
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.likely import TELLING, LikelyPairs, likely_pairs
from dbt_dedup.guess.names import field_name, is_called, meanings_of, reserved_names, words_of
from dbt_dedup.guess.own_ids import judge

MOST_FIELDS = 30
LEAST_ACROSS = 0.1  # share of the pairs of two sources with a value on both sides
SAME_VALUES = 0.9  # share of rows from which on two columns say the same


@dataclass(frozen=True)
class Guess:
    """A field of the entity.

    Attributes:
        name: of the field.
        columns: of the input, one or more that belong together.
        type: of the field.
        confidence: `high`, `medium` or `low`.
        evidence: what speaks for it, for a person to read.
        options: of the field, such as `{"date_order": "dmy"}`.
    """

    name: str
    columns: tuple[str, ...]
    type: str
    confidence: str
    evidence: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """A column that is no field, and why."""

    column: str
    reason: str


def guess_fields(columns: Sequence[Column], source: Column | None = None) -> tuple[list[Guess], list[LeftOut]]:
    """The fields that some columns give, and the columns that are left out, in the order of the table.

    Args:
        columns: of the table, without those that have a role of their own, such as the record id.
        source: the column that names the source of a record.
    """
    reserved = reserved_names()
    guesses: list[Guess] = []
    left_out: list[LeftOut] = []
    waiting = list(columns)
    for group, kind in _belonging_together(waiting):
        waiting = [column for column in waiting if column not in group]
        name = field_name("location" if kind.type == "geo" else _name_of(group, kind), reserved)
        guesses.append(_guess(name, group, kind))
    table = table_of(columns)
    names = {tuple(words_of(column.name)) for column in columns}
    other_ids: list[Column] = []
    for column in waiting:
        kind = kind_of(column, table)
        if twin := _twin(column, [other for other in waiting if other is not column]):
            kind = Kind(None, HIGH, f"says the same as {twin}")
        elif kind.by_values and kind.type in NAMING and (whole := _part_of(column, waiting)):
            kind = Kind(None, MEDIUM, f"repeats words of {whole}")
        elif kind.type and source and (both := _across_sources(column, source)) < LEAST_ACROSS:
            if kind.type not in IDENTIFYING or kind.confidence == LOW:
                kind = Kind(None, MEDIUM, f"filled on both sides of {percent(both)} of the pairs of two sources")
        elif described := _described_by_type(column, names):
            kind = Kind(None, MEDIUM, f"name; says what kind of {described} it is")
        if kind.type is None:
            left_out.append(LeftOut(column.name, kind.evidence))
            other_ids += [column] if kind.is_other_id else []
        else:
            guesses.append(_guess(field_name(column.name, reserved | {g.name for g in guesses}), (column,), kind))
    guesses, parts = _without_joined_names(guesses, columns)
    guesses, left_out = _with_own_ids(guesses, left_out, other_ids, columns)
    guesses, unrelated = _without_unrelated(guesses, columns)
    left_out += [*parts, *unrelated]
    place = {column.name: number for number, column in enumerate(columns)}
    guesses.sort(key=lambda guess: place[guess.columns[0]])
    by_value = sorted(guesses, key=lambda guess: (_rank(guess), place[guess.columns[0]]))
    left_out += [
        LeftOut(guess.columns[0], f"the {MOST_FIELDS} most telling columns are enough")
        for guess in by_value[MOST_FIELDS:]
    ]
    guesses = [guess for guess in guesses if guess in by_value[:MOST_FIELDS]]
    return guesses, sorted(left_out, key=lambda entry: place[entry.column])


def _rank(guess: Guess) -> int:
    order = (
        "email",
        "identifier",
        "phone",
        "given_name",
        "family_name",
        "full_name",
        "company",
        "date",
        "url",
        "address",
    )
    return order.index(guess.type) if guess.type in order else len(order) + (guess.type in ("number", "category"))


def _guess(name: str, group: Sequence[Column], kind: Kind) -> Guess:
    assert kind.type is not None
    options: dict[str, object] = {}
    evidence = kind.evidence
    if kind.type == "date" and kinds.numbers_within(group[0], 1, 31) >= 0.9:  # of a day, a month and a year
        options["date_order"] = "dmy"
    if kind.type == "date" and len(group) == 1:
        order, reason = kinds.date_order(group[0])
        if order == "dmy":
            options["date_order"] = order
        if reason:  # what is doubtful comes first, because a narrow terminal cuts the end
            evidence = "; ".join([reason, evidence] if reason.startswith(kinds.MIXED) else [evidence, reason])
    return Guess(name, tuple(column.name for column in group), kind.type, kind.confidence, evidence, options)


def _belonging_together(columns: Sequence[Column]) -> Iterator[tuple[tuple[Column, ...], Kind]]:
    """Columns that give one field together: latitude and longitude; year, month and day; house number and street."""
    by_meaning: dict[str, Column] = {}
    for column in columns:
        if meanings := meanings_of(column.name):
            by_meaning.setdefault(meanings[0], column)
    latitude, longitude = by_meaning.get("latitude"), by_meaning.get("longitude")
    if latitude and longitude:
        low = min(
            kinds.numbers_within(latitude, -kinds.LATITUDE, kinds.LATITUDE),
            kinds.numbers_within(longitude, -kinds.LONGITUDE, kinds.LONGITUDE),
        )
        if low >= 0.8:
            yield (latitude, longitude), Kind("geo", HIGH, f"names; {percent(low)} of the values are degrees")
    for group in zip(columns, columns[1:], columns[2:], strict=False):
        if kind := _date_of_parts(group):
            yield group, kind
            break
    street = by_meaning.get("address")
    number = by_meaning.get("house_number") or (_number_beside(street, columns) if street else None)
    if number and street and kinds.with_digits(number) >= 0.5 and kinds.with_digits(street) < 0.6:
        parts = [
            column for column in columns if column.distinct > 1 and meanings_of(column.name)[:1] == ["street_part"]
        ]
        street_and_parts = tuple(column for column in columns if column in (number, street, *parts))
        words = "names; a house number and a street without one"
        yield street_and_parts, Kind("address", HIGH, words + (", and parts of it" if parts else ""))


def _number_beside(street: Column, columns: Sequence[Column]) -> Column | None:
    """The column next to that of a street which is called a number and holds house numbers; None if there is none."""
    place = columns.index(street)
    for column in (*columns[place + 1 : place + 2], *columns[max(place - 1, 0) : place]):
        if is_called(column.name, "plain_number") and kinds.house_numbers(column) >= 0.8:
            return column
    return None


def _date_of_parts(group: Sequence[Column]) -> Kind | None:
    """Three neighbours that are year, month and day in some order."""
    years = [column for column in group if kinds.numbers_within(column, 1850, 2035) >= 0.95]
    months = [column for column in group if kinds.numbers_within(column, 1, 12) >= 0.98 and column.distinct >= 10]
    days = [
        column
        for column in group
        if column not in months and kinds.numbers_within(column, 1, 31) >= 0.98 and column.distinct >= 25
    ]
    if not len(years) == len(months) == len(days) == 1:
        return None
    if list(group) not in ([years[0], months[0], days[0]], [days[0], months[0], years[0]]):
        return None
    return Kind("date", MEDIUM, f"values: {years[0].name}, {months[0].name}, {days[0].name} are year, month, day")


def _name_of(group: Sequence[Column], kind: Kind) -> str:
    if kind.type == "date":
        return "date"
    return next((column.name for column in group if meanings_of(column.name)[:1] == ["address"]), group[-1].name)


def _across_sources(column: Column, source: Column) -> float:
    """Share of the pairs of records of different sources in which both have a value; 1 without such pairs."""
    rows: Counter[str | None] = Counter(source.sample)
    filled: Counter[str | None] = Counter()
    for name, value in zip(source.sample, column.sample, strict=True):
        filled[name] += value is not None
    possible = len(source.sample) ** 2 - sum(count**2 for count in rows.values())
    both = sum(filled.values()) ** 2 - sum(count**2 for count in filled.values())
    return both / possible if possible else 1.0


def _described_by_type(column: Column, names: set[tuple[str, ...]]) -> str | None:
    """What a column such as `phone_type` says the kind of, where other columns begin with it."""
    *words, last = words_of(column.name) or [""]
    if last != "type" or not words or column.distinct > 30:
        return None
    return (
        " ".join(words) if any(list(name[: len(words)]) == words for name in names if name[-1:] != ("type",)) else None
    )


def _twin(column: Column, others: Sequence[Column]) -> str | None:
    """An earlier or fuller column with the same values in nearly all rows."""
    if column.distinct <= 2:
        return None
    for other in others:
        if (other.filled, other.name) <= (column.filled, column.name):
            continue
        both = [(a, b) for a, b in zip(column.sample, other.sample, strict=True) if a is not None and b is not None]
        same = sum(1 for a, b in both if a.casefold() == b.casefold())
        if len(both) >= 5 and len(both) >= 0.9 * len(column.values) and same >= SAME_VALUES * len(both):
            return other.name
    return None


def _part_of(column: Column, others: Sequence[Column]) -> str | None:
    """A column whose values hold the words of this one in nearly all rows, such as the name of a search term."""
    for other in others:
        if other.words_per_value <= column.words_per_value or other.filled < column.filled:
            continue
        both = [(a, b) for a, b in zip(column.sample, other.sample, strict=True) if a is not None and b is not None]
        held = sum(1 for a, b in both if set(a.casefold().split()) <= set(b.casefold().split()))
        if len(both) >= 5 and len(both) >= 0.9 * len(column.values) and held >= SAME_VALUES * len(both):
            return other.name
    return None


def _without_joined_names(guesses: list[Guess], columns: Sequence[Column]) -> tuple[list[Guess], list[LeftOut]]:
    """Leave out names of persons that only join a given and a family name of the same record."""
    by_name = {column.name: column for column in columns}

    def shortest(kind: str) -> Guess | None:
        of_kind = [guess for guess in guesses if guess.type == kind]
        return min(of_kind, key=lambda guess: by_name[guess.columns[0]].words_per_value, default=None)

    given, family = shortest("given_name"), shortest("family_name")
    if not given or not family:
        return guesses, []
    parts = [by_name[guess.columns[0]].sample for guess in (given, family)]
    kept, left_out = [], []
    for guess in guesses:
        is_name = guess.type in ("full_name", "given_name", "family_name") and guess not in (given, family)
        names = by_name[guess.columns[0]].sample
        if is_name and _joins(names, *parts):
            left_out.append(LeftOut(guess.columns[0], f"joins {given.columns[0]} and {family.columns[0]}"))
        elif _are_initials(names, *parts):
            left_out.append(LeftOut(guess.columns[0], f"initials of {given.columns[0]} and {family.columns[0]}"))
        else:
            kept.append(guess)
    return kept, left_out


def pairs_of(guesses: Sequence[Guess], columns: Sequence[Column]) -> LikelyPairs:
    """The records that are likely of one thing, by the fields that are sure and tell things apart."""
    by_name = {column.name: column for column in columns}
    return likely_pairs(
        [
            by_name[guess.columns[0]]
            for guess in guesses
            if guess.confidence != LOW and guess.type in TELLING and len(guess.columns) == 1
        ]
    )


def _without_unrelated(guesses: list[Guess], columns: Sequence[Column]) -> tuple[list[Guess], list[LeftOut]]:
    """Leave out columns that say nothing about the thing, as records that are likely of one do not agree in them.

    Only guesses by the values, numbers and categories are looked at: what a name and values say is sure.
    """
    by_name = {column.name: column for column in columns}
    pairs = pairs_of(guesses, columns)
    kept, left_out = [], []
    for guess in guesses:
        is_doubtful = guess.confidence == LOW or guess.type in ("number", "category")
        column = by_name[guess.columns[0]]
        if is_doubtful and len(guess.columns) == 1:
            found = pairs.agreement(column, guess.type)
            if found.is_as_by_chance:
                reason = (
                    f"agrees in {percent(found.share)} of {found.pairs:,} likely pairs, by chance in"
                    f" {percent(found.by_chance)}"
                )
                left_out.append(LeftOut(column.name, reason))
                continue
        kept.append(guess)
    return kept, left_out


def _with_own_ids(
    guesses: list[Guess], left_out: list[LeftOut], other_ids: Sequence[Column], columns: Sequence[Column]
) -> tuple[list[Guess], list[LeftOut]]:
    """Take ids beside the record id for identifiers if records that share one are of one thing; else say why not."""
    by_name = {column.name: column for column in columns}
    fields = [
        (by_name[guess.columns[0]], guess.type)
        for guess in guesses
        if guess.type in TELLING and len(guess.columns) == 1
    ]
    guesses, reasons = list(guesses), {entry.column: entry.reason for entry in left_out}
    for column in other_ids:
        if (verdict := judge(column, fields)) and verdict.is_own:
            taken = reserved_names() | {guess.name for guess in guesses}
            kind = Kind("identifier", MEDIUM, verdict.reason)
            guesses.append(_guess(field_name(column.name, taken), (column,), kind))
            del reasons[column.name]
        elif verdict:
            reasons[column.name] = verdict.reason
    return guesses, [LeftOut(*entry) for entry in reasons.items()]


def _joins(full: Sequence[str | None], given: Sequence[str | None], family: Sequence[str | None]) -> bool:
    """Whether names are made of the words of two others, in any order, in nearly all rows that have the three."""

    def sorted_words(name: str) -> list[str]:
        return sorted(kinds.WORDS.findall(name.lower()))

    return _holds(lambda f, g, s: sorted_words(f) == sorted_words(f"{g} {s}"), full, given, family)


def _are_initials(short: Sequence[str | None], given: Sequence[str | None], family: Sequence[str | None]) -> bool:
    """Whether values are the first letters of two names, in nearly all rows that have the three."""
    return _holds(
        lambda i, g, s: "".join(kinds.WORDS.findall(i.lower())) == g[0].lower() + s[0].lower(), short, given, family
    )


def _holds(says: Callable[[str, str, str], bool], *columns: Sequence[str | None]) -> bool:
    """Whether something is true of nearly all rows that have a value in three columns."""
    rows = [row for row in zip(*columns, strict=True) if all(row)]
    return len(rows) >= 5 and sum(says(*row) for row in rows) >= SAME_VALUES * len(rows)
