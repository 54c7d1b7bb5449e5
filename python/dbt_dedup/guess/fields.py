"""The type of a field that a column holds, from what its name says and its values look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dbt_dedup.guess import kinds
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.likely import TELLING, LikelyPairs, likely_pairs
from dbt_dedup.guess.names import field_name, is_called, meanings_of, reserved_names, words_of
from dbt_dedup.guess.own_ids import judge

HIGH, MEDIUM, LOW = "high", "medium", "low"
MOST_FIELDS = 30
# Fields that tell records apart however seldom they are filled.
IDENTIFYING = ("identifier", "email", "phone", "url")
LEAST_IDENTIFYING = 0.01
# Share of the records that have a value, below which another field is not worth comparing, by how sure its type is.
LEAST_FILLED = {HIGH: 0.1, MEDIUM: 0.2, LOW: 0.5}
# A column of few values with many records each sorts the records, whatever its name says: it does not tell them apart.
NAMING = ("company", "full_name", "family_name", "given_name", "address", "identifier", "url", "text")
FEW_VALUES, RECORDS_EACH = 10, 20
PLACES = frozenset(("address", "city", "postcode", "phone", "email"))
CONTACTS = frozenset(("phone", "email"))  # what persons and companies have, and the things that they deal in do not
PERSONAL = frozenset(("birth_date", "gender", "salutation"))  # what only persons have
FEW_WORDS = 1.5  # a value, of a part of a name
FEW_ROWS = 20  # of a table that says little about its columns
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


@dataclass(frozen=True)
class _Kind:
    """What a column is taken for; without a type it is left out for the reason given as evidence."""

    type: str | None
    confidence: str
    evidence: str
    by_values: bool = False  # its name says nothing
    is_other_id: bool = False  # an id beside the record id: of the thing itself, or of something else


Check = tuple[str | None, Callable[[Column], float], float, str]

# For a meaning of a name: the type, the share of values that must look like it, how much, and how to call such values.
CHECKS: dict[str, Check] = {
    "email": ("email", kinds.emails, 0.3, "are e-mail addresses"),
    "url": ("url", kinds.urls, 0.3, "are addresses of pages"),
    "birth_date": ("date", kinds.dates, 0.5, "are dates"),
    "other_date": ("date", kinds.dates, 0.5, "are dates"),
    "phone": ("phone", kinds.phones, 0.4, "have the digits of a phone number"),
    "postcode": ("postcode", kinds.postcodes, 0.5, "could be postcodes"),
    "house_number": ("identifier", kinds.with_digits, 0.5, "have a digit"),
    "address_rest": ("address", lambda column: 1.0 - kinds.emails(column), 0.5, "are no e-mail addresses"),
    "address": ("address", lambda column: 1.0 - kinds.numbers(column), 0.5, "have words"),
    "city": ("city", kinds.letters_only, 0.5, "are words without digits"),
    "country": ("category", kinds.countries, 0.5, "are countries"),
    "given_name": ("given_name", kinds.letters_only, 0.5, "are words without digits"),
    "middle_name": ("given_name", kinds.letters_only, 0.5, "are words without digits"),
    "family_name": ("family_name", kinds.letters_only, 0.5, "are words without digits"),
    "full_name": ("full_name", kinds.letters_only, 0.5, "are words without digits"),
    "company": ("company", lambda column: 1.0 - kinds.numbers(column), 0.5, "have words"),
    "identifier": ("identifier", kinds.with_digits, 0.5, "have a digit"),
    "amount": ("number", kinds.numbers, 0.7, "are numbers"),
}


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
    table = _table_of(columns)
    names = {tuple(words_of(column.name)) for column in columns}
    other_ids: list[Column] = []
    for column in waiting:
        kind = _kind_of(column, table)
        if twin := _twin(column, [other for other in waiting if other is not column]):
            kind = _Kind(None, HIGH, f"says the same as {twin}")
        elif kind.by_values and kind.type in NAMING and (whole := _part_of(column, waiting)):
            kind = _Kind(None, MEDIUM, f"repeats words of {whole}")
        elif kind.type and source and (both := _across_sources(column, source)) < LEAST_ACROSS:
            if kind.type not in IDENTIFYING or kind.confidence == LOW:
                kind = _Kind(None, MEDIUM, f"filled on both sides of {_percent(both)} of the pairs of two sources")
        elif described := _described_by_type(column, names):
            kind = _Kind(None, MEDIUM, f"name; says what kind of {described} it is")
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
    if len(guesses) > MOST_FIELDS:
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


def _guess(name: str, group: Sequence[Column], kind: _Kind) -> Guess:
    assert kind.type is not None
    options: dict[str, object] = {}
    evidence = kind.evidence
    if kind.type == "date" and len(group) > 1 and kinds.numbers_within(group[0], 1, 31) >= 0.9:
        options["date_order"] = "dmy"
    if kind.type == "date" and len(group) == 1:
        order, reason = kinds.date_order(group[0])
        if order == "dmy":
            options["date_order"] = order
        if reason:  # what is doubtful comes first, because a narrow terminal cuts the end
            evidence = "; ".join([reason, evidence] if reason.startswith(kinds.MIXED) else [evidence, reason])
    return Guess(name, tuple(column.name for column in group), kind.type, kind.confidence, evidence, options)


def _belonging_together(columns: Sequence[Column]) -> Iterator[tuple[tuple[Column, ...], _Kind]]:
    """Columns that give one field together: latitude and longitude; year, month and day; house number and street."""
    by_meaning: dict[str, Column] = {}
    for column in columns:
        if meaning := meanings_of(column.name)[:1]:
            by_meaning.setdefault(meaning[0], column)
    latitude, longitude = by_meaning.get("latitude"), by_meaning.get("longitude")
    if latitude and longitude:
        low = min(
            kinds.numbers_within(latitude, -kinds.LATITUDE, kinds.LATITUDE),
            kinds.numbers_within(longitude, -kinds.LONGITUDE, kinds.LONGITUDE),
        )
        if low >= 0.8:
            yield (latitude, longitude), _Kind("geo", HIGH, f"names; {_percent(low)} of the values are degrees")
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
        yield street_and_parts, _Kind("address", HIGH, words + (", and parts of it" if parts else ""))


def _number_beside(street: Column, columns: Sequence[Column]) -> Column | None:
    """The column next to that of a street which is called a number and holds house numbers; None if there is none."""
    place = columns.index(street)
    for column in (*columns[place + 1 : place + 2], *columns[max(place - 1, 0) : place]):
        if is_called(column.name, "plain_number") and kinds.house_numbers(column) >= 0.8:
            return column
    return None


def _date_of_parts(group: Sequence[Column]) -> _Kind | None:
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
    return _Kind("date", MEDIUM, f"values: {years[0].name}, {months[0].name}, {days[0].name} are year, month, day")


def _name_of(group: Sequence[Column], kind: _Kind) -> str:
    if kind.type == "date":
        return "date"
    return next((column.name for column in group if meanings_of(column.name)[:1] == ["address"]), group[-1].name)


@dataclass(frozen=True)
class _Table:
    """What the columns of a table together say that it is about.

    Attributes:
        are_people: each record is of a person.
        has_place: the records have an address, a city or a telephone number, as people and companies do.
        has_both_names: there is a column of given names and one of family names.
        are_things: each record is of a thing that has a price or a size, and not of a person or a company.
    """

    are_people: bool
    has_place: bool
    has_both_names: bool
    are_things: bool


def _table_of(columns: Sequence[Column]) -> _Table:
    by_meaning: dict[str, Column] = {}
    for column in columns:
        if meaning := meanings_of(column.name)[:1]:
            by_meaning.setdefault(meaning[0], column)
    parts = [by_meaning[part] for part in ("given_name", "family_name") if part in by_meaning]
    is_personal = bool(PERSONAL & by_meaning.keys())
    return _Table(
        are_people=any(part.words_per_value < FEW_WORDS for part in parts) or len(parts) > 1 or is_personal,
        has_place=bool(PLACES & by_meaning.keys()),
        has_both_names=len(parts) > 1,
        are_things="amount" in by_meaning and not parts and not is_personal and not CONTACTS & by_meaning.keys(),
    )


def _kind_of(column: Column, table: _Table) -> _Kind:
    """What a column is taken for."""
    if not column.filled:
        return _Kind(None, HIGH, "no values")
    if column.distinct == 1:
        return _Kind(None, HIGH, "one value in all records")
    kind = _by_name(column, table) or replace(_by_values(column), by_values=True)
    if kind.type in NAMING and column.distinct <= FEW_VALUES and column.filled >= RECORDS_EACH * column.distinct:
        kind = _Kind("category", kind.confidence, f"{column.distinct} different values in {column.filled:,} records")
    least = LEAST_FILLED[kind.confidence] if kind.type not in IDENTIFYING else LEAST_IDENTIFYING
    if kind.type and (column.filled_share < least or column.filled < min(5, column.rows // 2)):
        return _Kind(None, MEDIUM, f"filled in {_percent(column.filled_share)} of the records")
    if kind.confidence == LOW and column.distinct <= 3 and column.rows > FEW_ROWS:
        return _Kind(None, LOW, f"{column.distinct} different values, and a name that says nothing")
    return kind


def _by_name(column: Column, table: _Table) -> _Kind | None:
    """What the name says, if the values agree."""
    emails = kinds.emails(column)
    if emails >= 0.6 and kinds.nested(column) < 0.8:  # JSON may hold an address among others
        return _Kind("email", HIGH, f"{_percent(emails)} of the values are e-mail addresses")
    for meaning in meanings_of(column.name):
        is_part = meaning in ("given_name", "family_name")
        if is_part and not table.has_both_names and column.words_per_value >= FEW_WORDS:
            return _of_name(column, table)  # `nombre`, `nom` and `nome` are a whole name where no other part is beside
        if meaning in CHECKS:
            data_type, test, least, words = CHECKS[meaning]
            found = test(column)
            if found >= least:
                confidence = HIGH if found >= 0.5 + least / 2 else MEDIUM
                return _Kind(data_type, confidence, f"name; {_percent(found)} of the values {words}")
        elif kind := _by_other_name(meaning, column, table):
            return kind
    return None


def _by_other_name(meaning: str, column: Column, table: _Table) -> _Kind | None:
    """What a name says whose values need more than one look."""
    few = column.distinct <= max(100, 0.05 * column.filled)
    many_words = column.words_per_value
    if meaning in ("answer", "source"):
        reason = (
            "may be an answer, which records belong together" if meaning == "answer" else "says where records come from"
        )
        return (
            _Kind(None, MEDIUM, f"name; {reason}")
            if few or column.distinct_share < 0.98 or meaning == "answer"
            else None
        )
    if meaning in ("updated_at", "created_at"):
        return (
            _Kind(None, HIGH, "name; a time of the record, no property of the thing")
            if kinds.dates(column) >= 0.5
            else None
        )
    if meaning == "handler" and table.are_things:
        return _Kind(None, MEDIUM, "name; who deals with the thing, not what it is")
    if meaning == "remark":
        return _Kind(None, MEDIUM, "name; remarks are no property to compare")
    if meaning == "record_id":
        return _other_id(column)
    if meaning == "geo":
        return _Kind("geo", MEDIUM, "name") if kinds.with_digits(column) >= 0.8 else None
    if meaning in ("gender", "salutation"):
        return _Kind("category", HIGH, f"name; {column.distinct} different values") if column.distinct <= 40 else None
    if meaning == "category" and column.distinct_share >= 0.3 and kinds.numbers(column) >= 0.9:
        return _Kind(None, LOW, "numbers most of which differ: an id of something else, or an answer")
    if meaning == "region" and not few and kinds.letters_only(column) >= 0.5:
        return _Kind("city", MEDIUM, f"name; {column.distinct:,} different values without digits")
    if meaning in ("region", "category"):
        return (
            _Kind("category", HIGH, f"name; {column.distinct:,} different values") if few or many_words < 1.5 else None
        )
    if meaning == "brand":
        return _Kind("text", MEDIUM, "name; words") if kinds.numbers(column) < 0.5 else None
    if meaning == "text":
        if table.are_people and column.distinct <= 40:
            return _Kind("category", MEDIUM, f"{column.distinct} different values in a table of people")
        return _Kind("text", HIGH, f"name; {many_words:.1f} words a value") if kinds.numbers(column) < 0.5 else None
    return _of_name(column, table) if meaning == "name" else None


def _other_id(column: Column) -> _Kind | None:
    """An id that is not the record id."""
    is_grouped = kinds.numbers(column) >= 0.9  # 824 465 1412
    if column.words_per_value > 1.5 and not is_grouped:
        return None
    if column.distinct_share >= 0.98:
        is_repeated = column.distinct < column.filled
        return _Kind(None, MEDIUM, "name; another id, different in each record", is_other_id=is_repeated)
    reason = "name; an id of something else, or an answer; declare it as an identifier if it is a key"
    return _Kind(None, LOW, reason, is_other_id=True)


def _of_name(column: Column, table: _Table) -> _Kind:
    """A `name` of a person, a company or a thing."""
    legal, given, words = kinds.legal_forms(column), kinds.given_names(column), column.words_per_value
    family = kinds.family_names(column)
    if legal >= 0.15:
        return _Kind("company", HIGH, f"name; {_percent(legal)} of the values have a legal form")
    if min(given, family) >= 0.3 and max(given, family) >= 0.5 and 1.5 <= words <= 4.5:
        return _Kind("full_name", HIGH, f"name; {_percent(given)} of the values have a usual given name")
    if kinds.with_digits(column) >= 0.3 and words >= 3:
        return _Kind("text", MEDIUM, f"name; {words:.1f} words a value, many with digits")
    if table.are_people:
        return _Kind("full_name", MEDIUM, "name; other columns are of a person")
    if table.has_place:
        return _Kind("company", MEDIUM, "name; the table has addresses, and few values have a usual given name")
    return _Kind("text", LOW, f"name; {words:.1f} words a value")


def _by_values(column: Column) -> _Kind:
    """What the values say alone."""
    if (nested := kinds.nested(column)) >= 0.8:
        return _Kind(None, LOW, f"{_percent(nested)} of the values hold others; select their parts as columns")
    urls = kinds.urls(column)
    if urls >= 0.7:
        return _Kind("url", MEDIUM, f"{_percent(urls)} of the values are addresses of pages")
    if (dated := kinds.dates(column)) >= 0.8:
        if column.is_time:
            return _Kind(None, LOW, "a time of which the name does not say that it is a property")
        return _Kind("date", LOW, f"{_percent(dated)} of the values are dates")
    if (hosts := kinds.hosts(column)) >= 0.8:
        return _Kind("identifier", LOW, f"{_percent(hosts)} of the values are addresses of hosts")
    if (dialled := kinds.written_phones(column)) >= 0.7:
        return _Kind("phone", MEDIUM, f"{_percent(dialled)} of the values are written as phone numbers")
    if (numbers := kinds.numbers(column)) >= 0.9:
        lengths = {len(value.removesuffix(".0")) for value in column.values}
        has_units = any(map(str.isalpha, "".join(column.values)))
        if not has_units and len(lengths) <= 2 and min(lengths) >= 5 and column.distinct_share > 0.3:
            return _Kind(
                "identifier", LOW, f"numbers of {min(lengths)} digits, {_percent(column.distinct_share)} different"
            )
        return _Kind("number", LOW, f"{_percent(numbers)} of the values are numbers")
    return _of_words(column)


def _of_words(column: Column) -> _Kind:
    """What values of letters say alone."""
    legal, given, family = kinds.legal_forms(column), kinds.given_names(column), kinds.family_names(column)
    words = column.words_per_value
    if legal >= 0.2:
        return _Kind("company", MEDIUM, f"{_percent(legal)} of the values have a legal form")
    are_words = kinds.letters_only(column) >= 0.8
    if are_words and given >= 0.5 and family >= 0.4 and 1.6 <= words <= 4.5:
        return _Kind("full_name", MEDIUM, f"{_percent(given)} of the values have a usual given name")
    if are_words and words < 1.6 and max(given, family) >= 0.5 and column.distinct > 30:
        named = "given_name" if given >= family else "family_name"
        return _Kind(named, MEDIUM, f"{_percent(max(given, family))} of the values are usual names")
    if words >= 2 and kinds.with_digits(column) >= 0.5 and kinds.streets(column) >= 0.7 and words <= 10:
        return _Kind("address", LOW, f"{_percent(kinds.streets(column))} of the values look like streets")
    is_code = kinds.codes(column) >= 0.7
    if is_code and column.is_unique:
        return _Kind(None, LOW, "different in each record")
    if is_code and column.distinct_share >= 0.2:
        return _Kind("identifier", LOW, f"{_percent(kinds.codes(column))} of the values look like codes")
    if kinds.with_words(column) < 0.2 and kinds.with_digits(column) < 0.2:
        return _Kind("category", LOW, f"{column.distinct:,} different values, most of one or two letters")
    if words < 5 and (column.distinct <= max(20, 0.02 * column.filled) or is_code):
        return _Kind("category", LOW, f"{column.distinct:,} different values")
    return _Kind("text", LOW, f"{words:.1f} words a value")


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
                    f"agrees in {_percent(found.share)} of {found.pairs:,} likely pairs, by chance in"
                    f" {_percent(found.by_chance)}"
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
            kind = _Kind("identifier", MEDIUM, verdict.reason)
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


def _percent(value: float) -> str:
    return f"{value:.0%}"
