"""What the three systems know of a firm: each in its own words, and some of it not at all.

The registry knows the official name, number and manager. The crm is typed by sales people, who know a contact and a
website. The directory shows what firms say about themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbt_dedup.synthesize.companies.firms import KILOMETRES_PER_DEGREE, Firm, Site
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose
from dbt_dedup.synthesize.text import fold

SOURCES = Weighted(["registry", "crm", "directory"], [32, 40, 28])
_FIRST_UPDATE = datetime(2019, 1, 1)
_SECONDS = int((datetime(2026, 7, 1) - _FIRST_UPDATE).total_seconds())

# How often a system leaves a value blank, relative to the average of all these numbers, which is 1.
_BLANK = {
    "registry": {
        **{"contact": 0.3, "registration_number": 0.1, "industry": 0.2, "employees": 0.9, "revenue": 1.2},
        **{"description": 0.3, "website": 3.6, "phone": 2.8, "address": 0.1, "geo": 0.9},
    },
    "crm": {
        **{"contact": 0.4, "registration_number": 2.3, "industry": 0.5, "employees": 0.6, "revenue": 0.8},
        **{"description": 0.9, "website": 0.5, "phone": 0.5, "address": 0.4, "geo": 2.0},
    },
    "directory": {
        **{"contact": 1.6, "registration_number": 3.2, "industry": 0.2, "employees": 1.3, "revenue": 2.2},
        **{"description": 0.2, "website": 0.4, "phone": 0.4, "address": 0.3, "geo": 0.2},
    },
}
_AVERAGE_BLANK = sum(sum(shares.values()) for shares in _BLANK.values()) / sum(map(len, _BLANK.values()))
_METRES_OFF = {"registry": 40.0, "crm": 120.0, "directory": 15.0}
"""How far coordinates lie from the door, at most in each direction: geocoders differ."""

BRANCH_LAYOUTS = {
    "de": ("{} Niederlassung {}", "{} Filiale {}", "{} ({})", "{} {}"),
    "en": ("{} - {} Branch", "{} {} Office", "{} ({})", "{} {}"),
}
"""How a branch is named after its firm and town, by language."""
OTHER_BRANCH_LAYOUTS = ("{} ({})", "{} - {}", "{} {}")


@dataclass(slots=True)
class Record:
    """One raw record; None where the system has no value."""

    firm: Firm
    source_system: str
    words: str
    """Name without legal form; `company` is laid out from it by `lay_out_name`."""
    form: str
    """Legal form as it is written, or empty."""
    form_first: bool
    company: str | None
    contact: str | None
    registration_number: str | None
    industry: str | None
    employees: str | None
    revenue: str | None
    description: str | None
    website: str | None
    phone: str | None
    street: str | None
    city: str | None
    postcode: str | None
    country: str | None
    latitude: str | None
    longitude: str | None
    updated_at: str
    site: Site

    @property
    def entity(self) -> Firm:
        """The firm, which is the entity."""
        return self.firm


def records_of(firm: Firm, missing_rate: float, draw: Draw) -> Iterator[Record]:
    """Yield the records about a firm without any error, the oldest first."""
    seconds = sorted(int(draw() * _SECONDS) for _ in range(firm.records))
    for number, second in enumerate(seconds):
        source = SOURCES.pick(draw)
        site = firm.sites[0] if number < firm.changes.get("site", 0) else firm.sites[-1]
        domain = firm.domains[0] if number < firm.changes.get("domain", 0) else firm.domains[-1]
        grown = growth(number)
        latitude, longitude = _coordinates(site, source, draw)
        record = Record(
            firm=firm,
            source_system=source,
            words=_words(firm, source, draw),
            form=_form(firm, source, draw),
            form_first=firm.land.language == "fr" and draw() < 0.25,
            company=None,
            contact=_contact(firm, source, draw),
            registration_number=_number(firm, source, draw),
            industry=_industry(firm, source, draw),
            employees=str(max(1, round(firm.employees * grown))),
            revenue=_money(firm, round(firm.revenue * grown), source, draw),
            description=_description(firm, site, source, draw),
            website=_website(firm, domain, source, draw),
            phone=_phone(firm, source, draw),
            street=site.address.street,
            city=site.address.city.name,
            postcode=site.address.postcode,
            country=site.address.city.country,
            latitude=latitude,
            longitude=longitude,
            updated_at=(_FIRST_UPDATE + timedelta(seconds=second)).isoformat(),
            site=site,
        )
        _leave_blank(record, missing_rate, draw)
        yield record


def growth(number: int) -> float:
    """How much larger a firm is at its record of this number than at its first."""
    return 1 + 0.03 * number


def lay_out_name(record: Record) -> str:
    """Put words, branch and legal form together."""
    name = f"{record.form} {record.words}" if record.form_first else f"{record.words} {record.form}"
    return name.strip()


def metres(degrees: float) -> float:
    """Metres in degrees of latitude."""
    return degrees * KILOMETRES_PER_DEGREE * 1000


def _words(firm: Firm, source: str, draw: Draw) -> str:
    form = draw()
    words = firm.trading_name if firm.trading_name and source == "directory" and form < 0.5 else firm.words
    if not firm.branch:
        return words
    layouts = BRANCH_LAYOUTS.get(firm.land.language, OTHER_BRANCH_LAYOUTS)
    return choose(layouts, draw).format(words, firm.branch)


def _form(firm: Firm, source: str, draw: Draw) -> str:
    form = draw()
    if source == "registry":
        return firm.form.spellings[0] if form < 0.8 else firm.form.spellings[-1]
    kept = 0.75 if source == "crm" else 0.4
    return firm.form.spellings[0 if form < 0.6 * kept else 1] if form < kept else ""


def _contact(firm: Firm, source: str, draw: Draw) -> str:
    given, family = firm.contacts[0] if source == "registry" or draw() < 0.6 else choose(firm.contacts, draw)
    form = draw()
    if source == "registry":
        return f"{family}, {given}" if form < 0.8 else f"{family.upper()} {given}"
    if source == "crm":
        return f"{given} {family}" if form < 0.75 else f"{family}, {given}" if form < 0.9 else f"{family} {given}"
    return f"{given} {family}" if form < 0.6 else f"{given[0]}. {family}"


def _number(firm: Firm, source: str, draw: Draw) -> str:
    form = draw()
    number = firm.number
    if firm.branch and source != "registry":
        number = number.split("/")[0]
    if source == "registry" or form < 0.5:
        return number
    return number.replace(" ", "") if form < 0.8 else number.replace("-", " ").replace(".", "")


def _industry(firm: Firm, source: str, draw: Draw) -> str:
    form = draw()
    names = {"registry": firm.industry.registry_name, "crm": firm.industry.crm_name}
    return names.get(source) or firm.industry.directory_names[int(form * len(firm.industry.directory_names))]


def _money(firm: Firm, amount: int, source: str, draw: Draw) -> str:
    """The crm keeps a plain number, the others write what is usual in the country."""
    cents = draw() < 0.5
    if source == "crm":
        return str(amount)
    text = f"{amount:,}"
    if cents:
        text += ".00"
    swapped = {".": ",", ",": firm.land.separator}
    text = "".join(swapped.get(letter, letter) for letter in text) if firm.land.separator != "," else text
    return firm.land.currency.format(text)


def _description(firm: Firm, site: Site, source: str, draw: Draw) -> str:
    form = draw()
    start = int(draw() * 2)
    first, second, third = (firm.products[(start + step) % len(firm.products)] for step in range(3))
    city = site.address.city.name
    if source == "registry":
        object_words = ("Object of the company", "Business purpose", "Purpose of the undertaking")[int(form * 3)]
        return f"{object_words}: {first}, {second} and {third}."
    if source == "crm":
        return (
            f"{firm.industry.crm_name} firm from {city}, offers {first} and {second}.",
            f"{second}, {first}; sells to {firm.customers}",
            f"{firm.industry.crm_name}: {first} for {firm.customers}. Founded {firm.founded}.",
        )[int(form * 3)]
    years = firm.founded // 10 * 10
    return (
        f"Your partner for {first}, {second} and {third} in {city} since {firm.founded}!",
        f"Family-run since {firm.founded}. We serve {firm.customers} with {third} and {first}.",
        f"Looking for {second}? {city}'s specialists for {first} have served {firm.customers} since the {years}s.",
    )[int(form * 3)]


def _website(firm: Firm, domain: str, source: str, draw: Draw) -> str:
    form = draw()
    if not domain.isascii() and draw() < 0.4:
        domain = domain.encode("idna").decode()
    page = f"/{firm.page}" if firm.page and draw() < 0.5 else ""
    if source != "directory":
        return (
            f"www.{domain}{page}"
            if form < 0.55
            else f"{domain}{page}"
            if form < 0.75
            else f"https://www.{domain}{page}"
        )
    if form < 0.35:
        return f"https://www.{domain}{page}/"
    if form < 0.55:
        return f"http://www.{domain}{page or '/index.html'}"
    if form < 0.75:
        return f"https://{domain}{page}/?utm_source=directory&utm_medium=listing"
    return f"https://www.{domain}{page or ('/de/' if firm.land.language == 'de' else '/home')}"


def _phone(firm: Firm, source: str, draw: Draw) -> str:
    country, number = firm.phones[0] if draw() < 0.8 else firm.phones[1]
    form = draw()
    if country == "1":
        return (
            f"({number[:3]}) {number[3:6]}-{number[6:]}"
            if form < 0.4
            else f"+1 {number[:3]}-{number[3:6]}-{number[6:]}"
        )
    if country == "49" and form < 0.3:
        return f"0{number[:3]}/{number[3:]}" if source == "directory" else f"0{number[:3]} {number[3:]}"
    if form < 0.6:
        return f"+{country} {number[:2]} {number[2:5]} {number[5:]}"
    return (
        f"+{country} (0) {number}" if form < 0.75 else f"00{country}{number}" if form < 0.85 else f"+{country}{number}"
    )


def _coordinates(site: Site, source: str, draw: Draw) -> tuple[str, str]:
    off = _METRES_OFF[source] / metres(1)
    latitude = site.latitude + (2 * draw() - 1) * off
    longitude = site.longitude + (2 * draw() - 1) * off / math.cos(math.radians(60))
    places = {"registry": 6, "crm": 4, "directory": 5}[source]
    texts = f"{latitude:.{places}f}", f"{longitude:.{places}f}"
    comma = draw() < 0.15 and site.address.city.country in ("DE", "AT", "FR", "ES", "PL")
    return (texts[0].replace(".", ","), texts[1].replace(".", ",")) if comma else texts


def _leave_blank(record: Record, missing_rate: float, draw: Draw) -> None:
    for name, share in _BLANK[record.source_system].items():
        if draw() >= share / _AVERAGE_BLANK * missing_rate:
            continue
        if name == "address":
            record.street = record.postcode = None
        elif name == "geo":
            record.latitude = record.longitude = None
        else:
            setattr(record, name, None)
    if draw() < 0.1 * missing_rate:
        record.longitude = None
    if draw() < 0.3 * missing_rate:
        record.city = None


def plain(text: str) -> str:
    """Letters and digits of a text, in small letters."""
    return "".join(letter for letter in fold(text).lower() if letter.isalnum())
