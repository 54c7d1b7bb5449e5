"""Words that firms are made of, read from the package's data files.

Names of people, towns and streets are those of the customers. The coordinates of towns are rounded to hundredths of a
degree; the names of industries follow the sections of NACE and ISIC.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dbt_dedup.synthesize.randomness import Weighted
from dbt_dedup.synthesize.vocabulary import City, read_data, vocabulary


@dataclass(frozen=True)
class Land:
    """How firms of a country are named and reached."""

    share: float
    """Share of all firms, in percent."""
    language: str
    culture: str
    """Culture of most of its people, as in the names of customers."""
    domain: str
    """Its top-level domain, or the suffix below which firms register."""
    number: str
    """Pattern of a registration number; `#` stands for a digit."""
    tax_number: str
    currency: str
    """Pattern of an amount of money; `{}` stands for the number."""
    separator: str
    """Separator of thousands."""


LANDS = {
    "DE": Land(30, "de", "german", "de", "HRB ######", "DE#########", "{} €", "."),
    "US": Land(20, "en", "english", "com", "##-#######", "US-##-####-###", "${}", ","),
    "GB": Land(16, "en", "english", "co.uk", "0#######", "GB ### #### ##", "£{}", ","),
    "FR": Land(14, "fr", "french", "fr", "### ### ###", "FR## #########", "{} €", " "),
    "ES": Land(8, "es", "hispanic", "es", "B########", "ES-#######-#", "{} EUR", "."),
    "PL": Land(6, "pl", "polish", "pl", "0000######", "PL##########", "{} PLN", " "),
    "AT": Land(4, "de", "german", "at", "FN ######a", "ATU########", "{} €", "."),
    "CH": Land(2, "de", "german", "ch", "CHE-###.###.###", "CHE-###.###.### MWST", "CHF {}", "'"),
}


@dataclass(frozen=True)
class LegalForm:
    """A legal form and the ways to write it, the official one first."""

    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Industry:
    """An industry as the three systems name it, and what its firms do."""

    name: str
    neighbour: str
    """Another industry that it is taken for."""
    registry_name: str
    crm_name: str
    directory_names: tuple[str, ...]
    products: tuple[str, ...]
    customers: tuple[str, ...]


@dataclass(frozen=True)
class FirmWords:
    """Everything that only firms are made of."""

    lands: Weighted[str]
    industries: dict[str, Industry]
    trades: dict[tuple[str, str], list[str]]
    """Words for a trade in a name, by language and industry."""
    forms: dict[str, Weighted[LegalForm]]
    """By country."""
    parts: dict[str, list[str]]
    """Parts of made-up names, by their place."""
    cities: dict[str, Weighted[City]]
    """By country; those whose coordinates are known."""
    centres: dict[tuple[str, str], tuple[float, float]]
    """Latitude and longitude by country and city."""


@cache
def firm_words() -> FirmWords:
    """Read the data files, once a process."""
    centres = {
        (country, city): (float(latitude), float(longitude))
        for country, city, latitude, longitude in read_data("coordinates.csv")
    }
    parts: dict[str, list[str]] = {}
    for part, word in read_data("company_words.csv"):
        parts.setdefault(part, []).append(word)
    return FirmWords(
        lands=Weighted(list(LANDS), [land.share for land in LANDS.values()]),
        industries={row[0]: _industry(row) for row in read_data("industries.csv")},
        trades={(language, industry): words.split("|") for language, industry, words in read_data("trade_words.csv")},
        forms=_forms(),
        parts=parts,
        cities=_cities(centres),
        centres=centres,
    )


def _industry(row: list[str]) -> Industry:
    name, neighbour, registry_name, crm_name, *lists = row
    directory_names, products, customers = (tuple(words.split("|")) for words in lists)
    return Industry(name, neighbour, registry_name, crm_name, directory_names, products, customers)


def _forms() -> dict[str, Weighted[LegalForm]]:
    forms: dict[str, list[tuple[LegalForm, float]]] = {}
    for country, name, weight, spellings in read_data("legal_forms.csv"):
        form = LegalForm(name, tuple(spellings.split("|")))
        forms.setdefault(country, []).append((form, float(weight)))
    return {country: Weighted(*zip(*entries, strict=True)) for country, entries in forms.items()}


def _cities(centres: dict[tuple[str, str], tuple[float, float]]) -> dict[str, Weighted[City]]:
    """Towns with coordinates; large ones less often than by their population, so that small ones have firms too."""
    cities = {}
    for country in LANDS:
        known = [city for city in vocabulary().cities[country].items if (country, city.name) in centres]
        cities[country] = Weighted(known, [round((rank + 2) ** -0.5, 9) for rank in range(len(known))])
    return cities
