"""Names, places and words the customers are made of, read from the package's data files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dbt_dedup.synthesize.randomness import Draw, Weighted, choose, ranked


def read_data(name: str) -> list[list[str]]:
    """Return the rows of a data file without its header."""
    text = resources.files("dbt_dedup.synthesize").joinpath("data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


@dataclass(frozen=True)
class Habits:
    """How people of one culture in the United States are named."""

    share: float
    """Share of all people, in percent."""
    english_given: float = 0.0
    """Share with an English given name, unless they live abroad."""
    made_up_family: float = 0.0
    """Share of rare family names, put together of usual parts."""
    takes_name: float = 0.8
    """Share of spouses who carry the same family name."""
    exponent: float = 0.75
    shift: float = 3.0
    """How steeply family names fall off in frequency."""
    abroad: float = 0.0
    """Share living in one of `countries`."""
    countries: tuple[str, ...] = ()


HABITS = {
    "english": Habits(51, made_up_family=0.3, abroad=0.05, countries=("GB", "CA", "IE")),
    "hispanic": Habits(17, english_given=0.15, takes_name=0.3, abroad=0.1, countries=("MX", "ES")),
    "german": Habits(7, english_given=0.55, made_up_family=0.25, abroad=0.35, countries=("DE", "AT", "CH")),
    "french": Habits(5, english_given=0.5, abroad=0.35, countries=("FR", "CA")),
    "polish": Habits(5, english_given=0.5, made_up_family=0.2, abroad=0.3, countries=("PL",)),
    "south_asian": Habits(5, english_given=0.04, takes_name=0.7, abroad=0.06, countries=("IN", "GB")),
    "chinese": Habits(3.5, english_given=0.45, takes_name=0.35, exponent=0.9, shift=2),
    "korean": Habits(1.5, english_given=0.4, takes_name=0.4, exponent=1.1, shift=0),
    "japanese": Habits(1.0, english_given=0.3),
    "vietnamese": Habits(1.5, english_given=0.45, takes_name=0.3, exponent=1.1, shift=0),
    "arabic": Habits(3.5, english_given=0.05, takes_name=0.6),
}


@dataclass(frozen=True)
class City:
    """A city with the postcodes and area codes it really has."""

    country: str
    name: str
    region: str
    postcodes: tuple[str, ...]
    """Patterns: `#` stands for a digit."""
    area_codes: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Everything the generator draws words from."""

    cultures: Weighted[str]
    given: dict[tuple[str, bool], Weighted[str]]
    """By culture and whether female."""
    family: dict[str, Weighted[str]]
    family_parts: dict[str, tuple[list[str], list[str]]]
    cities: dict[str, Weighted[City]]
    """By country."""
    streets: dict[tuple[str, str], Weighted[str]]
    """By country and part of the line."""
    mail_domains: dict[str, Weighted[str]]
    """By country."""
    nicknames: dict[str, list[str]]

    def family_name(self, culture: str, draw: Draw) -> str:
        """Draw a family name."""
        if draw() < HABITS[culture].made_up_family:
            starts, ends = self.family_parts[culture]
            start, end = choose(starts, draw), choose(ends, draw)
            return start + (end[1:] if start[-1] == end[0] else end)
        return self.family[culture].pick(draw)

    def given_name(self, culture: str, female: bool, at_home: bool, draw: Draw) -> str:
        """Draw a given name; people abroad of their culture often have an English one."""
        english = draw() < HABITS[culture].english_given and not at_home
        return self.given["english" if english else culture, female].pick(draw)


@cache
def vocabulary() -> Vocabulary:
    """Read the data files, once a process."""
    names: dict[tuple[str, str], list[str]] = {}
    for culture, part, name in read_data("names.csv"):
        names.setdefault((culture, part), []).append(name)
    parts: dict[str, tuple[list[str], list[str]]] = {}
    for culture, position, part in read_data("surname_parts.csv"):
        parts.setdefault(culture, ([], []))[position == "end"].append(part)
    nicknames: dict[str, list[str]] = {}
    for name, nickname in read_data("nicknames.csv"):
        nicknames.setdefault(name, []).append(nickname)
    return Vocabulary(
        cultures=Weighted(list(HABITS), [habits.share for habits in HABITS.values()]),
        given={
            (culture, part == "f"): ranked(items, exponent=0.7, shift=4)
            for (culture, part), items in names.items()
            if part != "family"
        },
        family={
            culture: ranked(names[culture, "family"], habits.exponent, habits.shift)
            for culture, habits in HABITS.items()
        },
        family_parts=parts,
        cities=_cities(),
        streets=_streets(),
        mail_domains=_mail_domains(),
        nicknames=nicknames,
    )


def _cities() -> dict[str, Weighted[City]]:
    cities: dict[str, list[tuple[City, float]]] = {}
    for country, name, region, postcodes, area_codes, thousands in read_data("cities.csv"):
        city = City(country, name, region, tuple(postcodes.split("|")), tuple(area_codes.split("|")))
        cities.setdefault(country, []).append((city, float(thousands)))
    return {country: Weighted(*zip(*entries, strict=True)) for country, entries in cities.items()}


def _streets() -> dict[tuple[str, str], Weighted[str]]:
    streets: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for country, part, text, weight in read_data("streets.csv"):
        streets.setdefault((country, part), []).append((text, float(weight)))
    return {key: Weighted(*zip(*entries, strict=True)) for key, entries in streets.items()}


def _mail_domains() -> dict[str, Weighted[str]]:
    rows = read_data("mail_domains.csv")
    everywhere = [(domain, float(weight)) for country, domain, weight in rows if country == "*"]
    domains: dict[str, list[tuple[str, float]]] = {}
    for country, domain, weight in rows:
        if country != "*":
            domains.setdefault(country, list(everywhere)).append((domain, float(weight)))
    return {country: Weighted(*zip(*entries, strict=True)) for country, entries in domains.items()}
