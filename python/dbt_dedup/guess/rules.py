"""Blocking rules for fields of some types, before anything is known about their values but how distinct they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from dbt_dedup.guess import kinds
from dbt_dedup.guess.column_kind import HIGH, LOW, MEDIUM
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.fields import Guess

MOST_TEXTS = 3
LONG_TEXT = 5.0  # words a value
TELLING_TEXT = 0.8  # distinct values per filled record from which on a text has keys of its own
NAMED = ("company", "full_name", "text")  # types of which a value names the thing
LEAST_WITH_WORDS = 0.5  # share of values with a word, of a text that gives keys
CONFIDENCES = (HIGH, MEDIUM, LOW)
MOST_SHARED = 0.03  # share of any pairs of records that have a key of a text in common, up to which it tells apart
DISTINCT_KEY = 0.3  # distinct values per filled record from which on a field is a key of its own


def blocking_rules(fields: Sequence[Guess], columns: Mapping[str, Column]) -> list[list[str]]:
    """Generous rules, no pair of which has the same keys; empty if no field can be a key."""
    rules = [list(rule) for rule in dict.fromkeys(tuple(rule) for rule in _rules(fields, columns))]
    if rules:
        return rules
    by_distinct = sorted(fields, key=lambda field: -max(columns[name].distinct for name in field.columns))
    return [[field.name] for field in by_distinct[:3]]


def _rules(fields: Sequence[Guess], columns: Mapping[str, Column]) -> Iterator[list[str]]:
    names: dict[str, list[str]] = {}
    # of a type the surest comes first, then the fullest: a date of birth, not that of an order; a street, not a flat
    for field in sorted(fields, key=lambda field: (CONFIDENCES.index(field.confidence), -_fullness(field, columns))):
        names.setdefault(field.type, []).append(field.name)
    distinct = {field.name: min(columns[name].distinct_share for name in field.columns) for field in fields}
    yield from _of_keys(names, distinct)
    yield from _of_people(names)
    yield from _of_companies(names)
    yield from _of_addresses(names)
    yield from _of_things(names, distinct, fields, columns)


def _of_keys(names: Mapping[str, Sequence[str]], distinct: Mapping[str, float]) -> Iterator[list[str]]:
    for name in [*names.get("email", ()), *names.get("phone", ())]:
        yield [name]
    for name in names.get("identifier", ()):
        if distinct[name] >= DISTINCT_KEY:
            yield [name]
    for name in names.get("url", ()):
        yield [f"{name}.domain"]


def _of_people(names: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    given, family = _first(names, "given_name"), _first(names, "family_name")
    full, born = _first(names, "full_name"), _first(names, "date")
    postcode, city, street = _first(names, "postcode"), _first(names, "city"), _first(names, "address")
    if given and family:
        yield [f"{given}.first", f"{family}.soundex"]
        if born:
            yield [f"{family}.soundex", f"{born}.year"]
            yield [given, f"{born}.year"]
            yield [born, f"{given}.initial"]
            yield [born, f"{family}.initial"]
        if where := postcode or city:
            yield [given, where]
            yield [f"{family}.soundex", where]
    if full:
        yield [f"{full}.sorted"]
        yield [f"{full}.last_soundex", born or f"{full}.first"]
        for place in filter(None, (postcode, city)):
            yield [f"{full}.last_soundex", place]
    if born and (given or full) and (postcode or city):
        yield [born, postcode or city or ""]
    if street and (given or family or full) and (postcode or city):
        yield [street, postcode or city or ""]


def _of_companies(names: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    postcode, city, street = _first(names, "postcode"), _first(names, "city"), _first(names, "address")
    for company in names.get("company", ())[:1]:
        yield [f"{company}.rare_tokens"]
        places = [place for place in (postcode, city, street and f"{street}.number") if place]
        for place in places:
            yield [f"{company}.prefix", place]
        if not places:
            yield [f"{company}.prefix"]


def _of_addresses(names: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Rules of an address, where no part of a person's name tells apart those who live there."""
    postcode, city, street = _first(names, "postcode"), _first(names, "city"), _first(names, "address")
    if not street or _first(names, "given_name") or _first(names, "family_name"):
        return
    if not any(names.get(named) for named in NAMED):
        yield from ([key] for key in (street, postcode) if key)
    where = postcode or city
    yield [street, where] if where else [street]
    yield [f"{street}.rare_tokens", f"{street}.number"]
    for place in filter(None, (city, None if names.get("company") else postcode)):
        yield [f"{street}.number", place]
    for place in names.get("geo", ())[:1]:
        yield [f"{place}.nodes", f"{street}.number"]


def _of_things(
    names: Mapping[str, Sequence[str]],
    distinct: Mapping[str, float],
    fields: Sequence[Guess],
    columns: Mapping[str, Column],
) -> Iterator[list[str]]:
    read = {field.name: columns[field.columns[0]] for field in fields}
    texts = [
        text
        for text in names.get("text", ())
        if kinds.with_words(read[text]) >= LEAST_WITH_WORDS and _has_rare_words(read[text])
    ]
    # an occupation or a quarter is shared by whole groups of persons or companies
    if names.get("given_name") and names.get("family_name"):
        texts = []
    elif names.get("full_name") or names.get("company"):
        texts = [text for text in texts if distinct[text] >= DISTINCT_KEY]
    texts = sorted(texts, key=lambda text: -distinct[text])[:MOST_TEXTS]
    short = [text for text in texts if read[text].words_per_value < LONG_TEXT]
    for text in texts:
        # a rare word of a long text says more than one of a short text, of which whole groups of records may share one
        if text not in short or len(texts) == 1:
            yield [f"{text}.rare_tokens"]
        elif partner := next((other for other in [*short, *texts] if other != text), None):
            yield [f"{name}.rare_tokens" for name in sorted((text, partner), key=texts.index)]
        if (text == texts[0] or distinct[text] >= TELLING_TEXT) and _tells_apart(read[text], kinds.beginning):
            yield [f"{text}.prefix"]
        is_long = LONG_TEXT <= read[text].words_per_value < 3 * LONG_TEXT
        if is_long and kinds.with_digits(read[text]) >= 0.5 and _tells_apart(read[text], kinds.words_with_digits):
            yield [f"{text}.numbers"]
    for place in names.get("geo", ())[:1]:
        others = [*names.get("company", ()), *names.get("text", ())]
        yield [f"{place}.nodes", f"{others[0]}.prefix"] if others else [f"{place}.nodes"]


def _has_rare_words(column: Column) -> bool:
    """Whether the rarest word of a text tells records apart: not that of headlines made of a few phrases."""
    words = Counter(word for value in column.sample if value for word in kinds.words(value.casefold()))
    return _tells_apart(column, lambda value: sorted(kinds.words(value), key=lambda word: (words[word], word))[:1])


def _tells_apart(column: Column, keys: Callable[[str], Collection[str]]) -> bool:
    """Whether two records hardly share a key by chance: not the number of rooms in the headline of each offer."""
    by_record = [keys(value.casefold()) for value in column.sample if value is not None]
    counts = Counter(key for of_record in by_record for key in of_record)
    shared = sum(count * (count - 1) for count in counts.values())
    return shared <= MOST_SHARED * len(by_record) * (len(by_record) - 1)


def _fullness(field: Guess, columns: Mapping[str, Column]) -> float:
    """Share of the records with a value, in tenths: a smaller difference leaves the order of the table."""
    return round(max(columns[name].filled_share for name in field.columns), 1)


def _first(names: Mapping[str, Sequence[str]], field_type: str) -> str | None:
    return next(iter(names.get(field_type, ())), None)
