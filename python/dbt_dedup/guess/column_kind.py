"""What a single column is taken for, from its name and its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dbt_dedup.guess import kinds
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.names import meanings_of

HIGH, MEDIUM, LOW = "high", "medium", "low"
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


@dataclass(frozen=True)
class Kind:
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


@dataclass(frozen=True)
class Table:
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


def table_of(columns: Sequence[Column]) -> Table:
    """What the names of the columns say of the table."""
    by_meaning: dict[str, Column] = {}
    for column in columns:
        if meanings := meanings_of(column.name):
            by_meaning.setdefault(meanings[0], column)
    parts = [by_meaning[part] for part in ("given_name", "family_name") if part in by_meaning]
    is_personal = bool(PERSONAL & by_meaning.keys())
    return Table(
        are_people=any(part.words_per_value < FEW_WORDS for part in parts) or len(parts) > 1 or is_personal,
        has_place=bool(PLACES & by_meaning.keys()),
        has_both_names=len(parts) > 1,
        are_things="amount" in by_meaning and not parts and not is_personal and not CONTACTS & by_meaning.keys(),
    )


def kind_of(column: Column, table: Table) -> Kind:
    """What a column is taken for."""
    if not column.filled:
        return Kind(None, HIGH, "no values")
    if column.distinct == 1:
        return Kind(None, HIGH, "one value in all records")
    kind = _by_name(column, table) or replace(_by_values(column), by_values=True)
    if kind.type in NAMING and column.distinct <= FEW_VALUES and column.filled >= RECORDS_EACH * column.distinct:
        kind = Kind("category", kind.confidence, f"{column.distinct} different values in {column.filled:,} records")
    least = LEAST_FILLED[kind.confidence] if kind.type not in IDENTIFYING else LEAST_IDENTIFYING
    if kind.type and (column.filled_share < least or column.filled < min(5, column.rows // 2)):
        return Kind(None, MEDIUM, f"filled in {percent(column.filled_share)} of the records")
    if kind.confidence == LOW and column.distinct <= 3 and column.rows > FEW_ROWS:
        return Kind(None, LOW, f"{column.distinct} different values, and a name that says nothing")
    return kind


def _by_name(column: Column, table: Table) -> Kind | None:
    """What the name says, if the values agree."""
    emails = kinds.emails(column)
    if emails >= 0.6 and kinds.nested(column) < 0.8:  # JSON may hold an address among others
        return Kind("email", HIGH, f"{percent(emails)} of the values are e-mail addresses")
    for meaning in meanings_of(column.name):
        is_part = meaning in ("given_name", "family_name")
        if is_part and not table.has_both_names and column.words_per_value >= FEW_WORDS:
            return _of_name(column, table)  # `nombre`, `nom` and `nome` are a whole name where no other part is beside
        if meaning in CHECKS:
            data_type, test, least, words = CHECKS[meaning]
            found = test(column)
            if found >= least:
                confidence = HIGH if found >= 0.5 + least / 2 else MEDIUM
                return Kind(data_type, confidence, f"name; {percent(found)} of the values {words}")
        elif kind := _by_other_name(meaning, column, table):
            return kind
    return None


def _by_other_name(meaning: str, column: Column, table: Table) -> Kind | None:
    """What a name says whose values need more than one look."""
    few = column.distinct <= max(100, 0.05 * column.filled)
    many_words = column.words_per_value
    if meaning in ("answer", "source"):
        reason = (
            "may be an answer, which records belong together" if meaning == "answer" else "says where records come from"
        )
        return (
            Kind(None, MEDIUM, f"name; {reason}")
            if few or column.distinct_share < 0.98 or meaning == "answer"
            else None
        )
    if meaning in ("updated_at", "created_at"):
        return (
            Kind(None, HIGH, "name; a time of the record, no property of the thing")
            if kinds.dates(column) >= 0.5
            else None
        )
    if meaning == "handler" and table.are_things:
        return Kind(None, MEDIUM, "name; who deals with the thing, not what it is")
    if meaning == "remark":
        return Kind(None, MEDIUM, "name; remarks are no property to compare")
    if meaning == "record_id":
        return _other_id(column)
    if meaning == "geo":
        return Kind("geo", MEDIUM, "name") if kinds.with_digits(column) >= 0.8 else None
    if meaning in ("gender", "salutation"):
        return Kind("category", HIGH, f"name; {column.distinct} different values") if column.distinct <= 40 else None
    if meaning == "category" and column.distinct_share >= 0.3 and kinds.numbers(column) >= 0.9:
        return Kind(None, LOW, "numbers most of which differ: an id of something else, or an answer")
    if meaning == "region" and not few and kinds.letters_only(column) >= 0.5:
        return Kind("city", MEDIUM, f"name; {column.distinct:,} different values without digits")
    if meaning in ("region", "category"):
        return (
            Kind("category", HIGH, f"name; {column.distinct:,} different values") if few or many_words < 1.5 else None
        )
    if meaning == "brand":
        return Kind("text", MEDIUM, "name; words") if kinds.numbers(column) < 0.5 else None
    if meaning == "text":
        if table.are_people and column.distinct <= 40:
            return Kind("category", MEDIUM, f"{column.distinct} different values in a table of people")
        return Kind("text", HIGH, f"name; {many_words:.1f} words a value") if kinds.numbers(column) < 0.5 else None
    return _of_name(column, table) if meaning == "name" else None


def _other_id(column: Column) -> Kind | None:
    """An id that is not the record id."""
    is_grouped = kinds.numbers(column) >= 0.9  # 824 465 1412
    if column.words_per_value > 1.5 and not is_grouped:
        return None
    if column.distinct_share >= 0.98:
        is_repeated = column.distinct < column.filled
        return Kind(None, MEDIUM, "name; another id, different in each record", is_other_id=is_repeated)
    reason = "name; an id of something else, or an answer; declare it as an identifier if it is a key"
    return Kind(None, LOW, reason, is_other_id=True)


def _of_name(column: Column, table: Table) -> Kind:
    """A `name` of a person, a company or a thing."""
    legal, given, words = kinds.legal_forms(column), kinds.given_names(column), column.words_per_value
    family = kinds.family_names(column)
    if legal >= 0.15:
        return Kind("company", HIGH, f"name; {percent(legal)} of the values have a legal form")
    if min(given, family) >= 0.3 and max(given, family) >= 0.5 and 1.5 <= words <= 4.5:
        return Kind("full_name", HIGH, f"name; {percent(given)} of the values have a usual given name")
    if kinds.with_digits(column) >= 0.3 and words >= 3:
        return Kind("text", MEDIUM, f"name; {words:.1f} words a value, many with digits")
    if table.are_people:
        return Kind("full_name", MEDIUM, "name; other columns are of a person")
    if table.has_place:
        return Kind("company", MEDIUM, "name; the table has addresses, and few values have a usual given name")
    return Kind("text", LOW, f"name; {words:.1f} words a value")


def _by_values(column: Column) -> Kind:
    """What the values say alone."""
    if (nested := kinds.nested(column)) >= 0.8:
        return Kind(None, LOW, f"{percent(nested)} of the values hold others; select their parts as columns")
    urls = kinds.urls(column)
    if urls >= 0.7:
        return Kind("url", MEDIUM, f"{percent(urls)} of the values are addresses of pages")
    if (dated := kinds.dates(column)) >= 0.8:
        if column.is_time:
            return Kind(None, LOW, "a time of which the name does not say that it is a property")
        return Kind("date", LOW, f"{percent(dated)} of the values are dates")
    if (hosts := kinds.hosts(column)) >= 0.8:
        return Kind("identifier", LOW, f"{percent(hosts)} of the values are addresses of hosts")
    if (dialled := kinds.written_phones(column)) >= 0.7:
        return Kind("phone", MEDIUM, f"{percent(dialled)} of the values are written as phone numbers")
    if (numbers := kinds.numbers(column)) >= 0.9:
        lengths = {len(value.removesuffix(".0")) for value in column.values}
        has_units = any(map(str.isalpha, "".join(column.values)))
        if not has_units and len(lengths) <= 2 and min(lengths) >= 5 and column.distinct_share > 0.3:
            return Kind(
                "identifier", LOW, f"numbers of {min(lengths)} digits, {percent(column.distinct_share)} different"
            )
        return Kind("number", LOW, f"{percent(numbers)} of the values are numbers")
    return _of_words(column)


def _of_words(column: Column) -> Kind:
    """What values of letters say alone."""
    legal, given, family = kinds.legal_forms(column), kinds.given_names(column), kinds.family_names(column)
    words = column.words_per_value
    if legal >= 0.2:
        return Kind("company", MEDIUM, f"{percent(legal)} of the values have a legal form")
    are_words = kinds.letters_only(column) >= 0.8
    if are_words and given >= 0.5 and family >= 0.4 and 1.6 <= words <= 4.5:
        return Kind("full_name", MEDIUM, f"{percent(given)} of the values have a usual given name")
    if are_words and words < 1.6 and max(given, family) >= 0.5 and column.distinct > 30:
        named = "given_name" if given >= family else "family_name"
        return Kind(named, MEDIUM, f"{percent(max(given, family))} of the values are usual names")
    if words >= 2 and kinds.with_digits(column) >= 0.5 and kinds.streets(column) >= 0.7 and words <= 10:
        return Kind("address", LOW, f"{percent(kinds.streets(column))} of the values look like streets")
    is_code = kinds.codes(column) >= 0.7
    if is_code and column.is_unique:
        return Kind(None, LOW, "different in each record")
    if is_code and column.distinct_share >= 0.2:
        return Kind("identifier", LOW, f"{percent(kinds.codes(column))} of the values look like codes")
    if kinds.with_words(column) < 0.2 and kinds.with_digits(column) < 0.2:
        return Kind("category", LOW, f"{column.distinct:,} different values, most of one or two letters")
    if words < 5 and (column.distinct <= max(20, 0.02 * column.filled) or is_code):
        return Kind("category", LOW, f"{column.distinct:,} different values")
    return Kind("text", LOW, f"{words:.1f} words a value")


def percent(value: float) -> str:
    """A share in words."""
    return f"{value:.0%}"
