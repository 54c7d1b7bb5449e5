"""The country of telephone numbers and postcodes that do not name one."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from dbt_dedup.guess import kinds
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.data import read_data
from dbt_dedup.guess.fields import Guess
from dbt_dedup.guess.names import meanings_of
from dbt_dedup.reference import listed

DOMAIN = re.compile(r"@[^@\s]*?(?:\.[a-z]{2,})?\.([a-z]{2})$|^(?:https?://)?[^/\s]+?\.([a-z]{2})(?:/|$)")
LEAST_SHARE = 0.5


def guess_country(columns: Sequence[Column], fields: Sequence[Guess]) -> tuple[object | None, str]:
    """The country for fields that read one, as the spec writes it, and what speaks for it; None where nothing does."""
    for column in columns:
        if (
            meanings_of(column.name)[:1] == ["country"]
            and kinds.countries(column) >= 0.7
            and column.filled_share >= 0.5
        ):
            if column.distinct > 1:
                return {"column": column.name}, f"column {column.name}: {kinds.countries(column):.0%} are countries"
            if code := _code_of(column.values[0]):
                return code, f"column {column.name} says so in all records"
    by_name = {column.name: column for column in columns}
    of_type: dict[str, list[Column]] = {}
    for guess in fields:
        of_type.setdefault(guess.type, []).extend(by_name[name] for name in guess.columns)
    for found in (
        _by_postcodes(of_type.get("postcode", [])),
        _by_states(columns),
        _by_calling_codes(of_type.get("phone", [])),
        _by_cities(of_type.get("city", [])),
        _by_domains([*of_type.get("email", []), *of_type.get("url", [])]),
    ):
        if found:
            return found
    return None, ""


def _known(what: str) -> Any:
    return read_data("places.yml")[what]


def _code_of(name: str) -> str | None:
    plain = name.casefold().replace(".", "").strip()
    return next((row["country"] for row in listed("dedup_countries") if row["name"] == plain), None)


def _by_postcodes(columns: Sequence[Column]) -> tuple[object, str] | None:
    for column in columns:
        shares = {
            country: kinds.share(column, re.compile(pattern).fullmatch)
            for country, pattern in _known("postcodes").items()
        }
        country = max(shares, key=lambda code: shares[code])
        if shares[country] >= LEAST_SHARE:
            return country, f"{shares[country]:.0%} of {column.name} are written as in {country}"
    return None


def _by_states(columns: Sequence[Column]) -> tuple[object, str] | None:
    for column in columns:
        if meanings_of(column.name)[:1] != ["region"] or column.distinct < 3:
            continue
        shares = {
            code: kinds.share(column, set(states.split()).__contains__) for code, states in _known("states").items()
        }
        country = max(shares, key=lambda code: shares[code])
        if shares[country] >= 0.8:
            return country, f"{shares[country]:.0%} of {column.name} are states of {country}"
    return None


def _by_calling_codes(columns: Sequence[Column]) -> tuple[object, str] | None:
    calling_codes = _known("calling_codes")
    counts: Counter[str] = Counter()
    numbers = 0
    for column in columns:
        numbers += len(column.values)
        for value in column.values:
            digits = re.sub(r"\D", "", value)
            if value.startswith(("+", "00")):
                digits = digits.removeprefix("00")
                code = next((digits[:size] for size in (3, 2, 1) if digits[:size] in calling_codes), None)
                counts[calling_codes[code] if code else "other"] += 1
    return _most_frequent(counts, sum(counts.values()), numbers, "of the numbers with a calling code are of")


def _by_cities(columns: Sequence[Column]) -> tuple[object, str] | None:
    text = resources.files("dbt_dedup.synthesize").joinpath("data").joinpath("cities.csv").read_text(encoding="utf-8")
    known: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        known.setdefault(row["city"].casefold(), set()).add(row["country"])
    for column in columns:
        countries = [known[value] for value in column.lowered if value in known]
        counts = Counter(next(iter(places)) for places in countries if len(places) == 1)
        if found := _most_frequent(counts, len(countries), len(column.values), "of the large cities are of"):
            return found
    return None


def _by_domains(columns: Sequence[Column]) -> tuple[object, str] | None:
    counts: Counter[str] = Counter()
    addresses = 0
    codes: Mapping[str, str] = {
        row["name"]: row["country"] for row in listed("dedup_countries") if len(row["name"]) == 2
    }
    for column in columns:
        addresses += len(column.values)
        for value in column.lowered:
            if (found := DOMAIN.search(value)) and (ending := found[1] or found[2]) not in read_data("places.yml")[
                "no_country"
            ]:
                counts["GB" if ending == "uk" else codes.get(ending, "other")] += 1
    return _most_frequent(counts, sum(counts.values()), addresses, "of the domains of a country are of")


def _most_frequent(counts: Counter[str], named: int, every: int, words: str) -> tuple[object, str] | None:
    """The country that most of them name, where enough of them name one."""
    if not counts or named < max(5, 0.1 * every):
        return None
    ((country, count),) = counts.most_common(1)
    if country == "other" or count < 0.7 * named:
        return None
    return country, f"{count / named:.0%} {words} {country}"
