"""Addresses and phone numbers that could exist in their city."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_dedup.synthesize.randomness import Draw, choose
from dbt_dedup.synthesize.text import digits
from dbt_dedup.synthesize.vocabulary import City, vocabulary

COUNTRY_CODES = {
    "US": "1",
    "CA": "1",
    "DE": "49",
    "AT": "43",
    "CH": "41",
    "FR": "33",
    "GB": "44",
    "IE": "353",
    "ES": "34",
    "MX": "52",
    "PL": "48",
    "IN": "91",
}


@dataclass(slots=True)
class Address:
    """Where somebody can be reached by post."""

    street: str
    city: City
    postcode: str
    plus_four: str
    """The four digits that may follow a US postcode."""


def make_address(country: str, draw: Draw, city: City | None = None) -> Address:
    """Draw an address, in a city of the country unless one is given."""
    streets = vocabulary().streets
    city = city or vocabulary().cities[country].pick(draw)
    postcode = digits(choose(city.postcodes, draw), draw)
    if country != "US":
        line = streets[country, "line"].pick(draw)
        return Address(line.format(1 + int(draw() ** 2 * 180)), city, postcode, "")
    number = 1 + int(draw() ** 2 * (9800 if draw() < 0.5 else 980))
    words = [streets[country, part].pick(draw) for part in ("direction", "name", "type", "unit")]
    if words[3]:
        words[3] = words[3].format(f"{1 + int(draw() * 40)}{choose(['', '', '', 'A', 'B', 'C'], draw)}")
    street = " ".join([str(number), *(word for word in words if word)])
    return Address(street, city, postcode, digits("####", draw))


def make_phone(city: City, draw: Draw) -> tuple[str, str]:
    """Draw a phone number of the city, as country code and national number."""
    if city.country in ("US", "CA"):
        if draw() < 0.15:
            city = vocabulary().cities["US"].pick(draw)
        return "1", f"{choose(city.area_codes, draw)}{2 + int(draw() * 8)}" + digits("######", draw)
    size = {"FR": 8, "ES": 9, "PL": 9}.get(city.country, 10) - len(city.area_codes[0])
    if city.country == "FR":
        size = 8
    number = city.area_codes[0] + str(2 + int(draw() * 8)) + digits("#" * (size - 1), draw)
    return COUNTRY_CODES[city.country], number
