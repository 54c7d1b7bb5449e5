"""Firms and their relatives as they really are, before any system writes them down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dbt_dedup.synthesize.companies.vocabulary import LANDS, FirmWords, Industry, Land, LegalForm, firm_words
from dbt_dedup.synthesize.entities import Maker
from dbt_dedup.synthesize.places import Address, make_address, make_phone
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.text import digits, fold
from dbt_dedup.synthesize.vocabulary import City, vocabulary

RECORDS_PER_FIRM = Weighted([1, 2, 3, 4, 5, 6], [46, 27, 16, 7, 3, 1])
RELATIVES = Weighted([1, 2, 3], [60, 28, 12])
RELATION = Weighted(["subsidiary", "branch", "namesake", "neighbour"], [34, 36, 20, 10])
"""What a relative is: a firm below another, another establishment of the same firm, a firm that happens to have the
same name, a firm in the same building."""
TRADING_NAME_RATE = 0.3
"""Share of firms that trade under another name than their own."""
NEW_WEBSITE_RATE = 0.12
"""Share of firms with several records whose website moved to another domain between two of them."""
KILOMETRES_AROUND = 6.0
"""Firms lie in a square of twice this side around the middle of their town."""
KILOMETRES_PER_DEGREE = 111.2


@dataclass(slots=True)
class Site:
    """Where a firm is."""

    address: Address
    latitude: float
    longitude: float


@dataclass(slots=True)
class Firm:
    """One real firm, or one establishment of a firm: one entity."""

    group: int
    """Number that relatives have in common."""
    relation: str
    """What the firm is to the first of its group; empty for that one."""
    records: int
    """Number of raw records about the firm."""
    land: Land
    words: str
    """The name without the legal form."""
    form: LegalForm
    trading_name: str
    """Empty for a firm that trades under its own name."""
    branch: str
    """Town that a branch adds to the name, or empty."""
    industry: Industry
    number: str
    """Registration number; of a branch, with the number of the establishment."""
    tax_number: str
    employees: int
    revenue: int
    founded: int
    products: list[str]
    customers: str
    domains: list[str]
    """The present one last."""
    page: str
    """Path of a branch's page on the website, or empty."""
    sites: list[Site]
    """The present one last."""
    phones: list[tuple[str, str]]
    """Country code and national number."""
    contacts: list[tuple[str, str]]
    """Given and family name, the manager first."""
    changes: dict[str, int] = field(default_factory=dict)
    """Number of the first record written after the firm moved or took another website."""


class Groups(Maker[Firm]):
    """Makes the firms of one block, each followed by its relatives."""

    def __init__(self, settings: Settings, draw: Draw) -> None:
        super().__init__(settings, draw)
        self.words: FirmWords = firm_words()
        self.domains: set[str] = set()

    def group(self, number: int) -> list[Firm]:
        """A firm and its relatives."""
        draw = self.draw
        country = self.words.lands.pick(draw)
        head = self.firm(number, country, self.site(country))
        members = [head]
        if draw() < self.settings.related_rate:
            for _ in range(RELATIVES.pick(draw)):
                members.append(getattr(self, RELATION.pick(draw))(head, len(members)))
        return members

    def firm(self, group: int, country: str, site: Site, industry: str = "", family: str = "") -> Firm:
        """A firm with nothing in common with others but what is given."""
        draw, words = self.draw, self.words
        land = LANDS[country]
        chosen = words.industries[industry or choose(list(words.industries), draw)]
        people = vocabulary()
        family = family or people.family_name(land.culture, draw)
        brand = self.brand(land.language)
        name = self.name(land.language, chosen, family, brand, site.address.city)
        employees = max(1, int(2 ** (draw() * 4 + draw() * 4 + draw() * 2)))
        manager = (people.given_name(land.culture, draw() < 0.35, True, draw), family)
        return Firm(
            group=group,
            relation="",
            records=RECORDS_PER_FIRM.pick(draw),
            land=land,
            words=name,
            form=words.forms[country].pick(draw),
            trading_name=self.trading_name(name, brand, chosen) if draw() < TRADING_NAME_RATE else "",
            branch="",
            industry=chosen,
            number=digits(land.number, draw),
            tax_number=digits(land.tax_number, draw),
            employees=employees,
            revenue=int(employees * (60_000 + draw() * 140_000)),
            founded=1950 + int(draw() ** 0.6 * 74),
            products=self.products(chosen),
            customers=choose(chosen.customers, draw),
            domains=[self.domain(name, land)],
            page="",
            sites=[site],
            phones=[make_phone(site.address.city, draw) for _ in range(2)],
            contacts=[manager, *(self.contact(land.culture) for _ in range(2))],
        )

    def subsidiary(self, head: Firm, number: int) -> Firm:
        """A firm below the first one: its name and often its address and website, but another business."""
        draw = self.draw
        country = self.words.lands.pick(draw) if draw() < 0.3 else head.sites[0].address.city.country
        at_home = country == head.sites[0].address.city.country and draw() < 0.6
        firm = self.firm(head.group, country, replace(head.sites[0]) if at_home else self.site(country))
        firm.relation = "subsidiary"
        first = head.words.split(" ")[0]
        if draw() < 0.6:
            firm.words = f"{head.words} {choose(self.words.parts['subsidiary'], draw)}"
        else:
            firm.words = f"{first} {choose(self.words.trades[firm.land.language, firm.industry.name], draw)}"
        if firm.words == head.words:
            firm.words += " II"
        firm.trading_name = ""
        if draw() < 0.5:
            firm.domains = [head.domains[0]]
        if at_home and draw() < 0.5:
            firm.contacts[0] = head.contacts[0]
        return firm

    def branch(self, head: Firm, number: int) -> Firm:
        """Another establishment of the same firm, in another town or part of town."""
        draw = self.draw
        country = head.sites[0].address.city.country
        site = self.site(country)
        city = site.address.city
        return replace(
            head,
            relation="branch",
            records=RECORDS_PER_FIRM.pick(draw),
            branch=city.name,
            number=f"{head.number}/{number + 1:03d}",
            employees=max(1, int(head.employees * (0.1 + 0.4 * draw()))),
            revenue=max(1, int(head.revenue * (0.1 + 0.4 * draw()))),
            products=list(head.products),
            domains=list(head.domains),
            page=f"{choose(('standorte', 'locations', 'branches', 'stores'), draw)}/{_slug(city.name)}",
            sites=[site],
            phones=[make_phone(city, draw) for _ in range(2)],
            contacts=[self.contact(head.land.culture) for _ in range(2)],
            changes={},
        )

    def namesake(self, head: Firm, number: int) -> Firm:
        """A firm of the same name in the same trade that has nothing to do with the first one."""
        country = head.sites[0].address.city.country
        firm = self.firm(head.group, country, self.site(country), head.industry.name, head.contacts[0][1])
        firm.relation = "namesake"
        firm.words = head.words
        firm.domains = [self.domain(firm.words, firm.land)]
        return firm

    def neighbour(self, head: Firm, number: int) -> Firm:
        """Another firm in the same building."""
        firm = self.firm(head.group, head.sites[0].address.city.country, replace(head.sites[0]))
        firm.relation = "neighbour"
        return firm

    def change(self, firm: Firm, turning: int) -> None:
        """Let some firms move or take another website."""
        draw = self.draw
        if draw() < self.settings.change_rate:
            city = firm.sites[0].address.city
            firm.sites.append(self.site(city.country, city if draw() < 0.7 else None))
            firm.changes["site"] = turning
        if draw() < NEW_WEBSITE_RATE:
            firm.domains.append(self.domain(firm.trading_name or firm.words, firm.land))
            firm.changes["domain"] = turning

    def site(self, country: str, city: City | None = None) -> Site:
        """A place near the middle of a town: of the one given, or of one of the country."""
        draw = self.draw
        city = city or self.words.cities[country].pick(draw)
        latitude, longitude = self.words.centres[country, city.name]
        around = KILOMETRES_AROUND / KILOMETRES_PER_DEGREE
        latitude += (draw() + draw() - 1) * around
        longitude += (draw() + draw() - 1) * around * (1.6 if abs(latitude) > 45 else 1.25)
        return Site(make_address(country, draw, city), latitude, longitude)

    def brand(self, language: str) -> str:
        """A made-up word."""
        draw, parts = self.draw, self.words.parts
        if language == "en" and draw() < 0.5:
            return choose(parts["first"], draw) + choose(parts["second"], draw)
        return choose(parts["start"], draw) + choose(parts["end"], draw)

    def name(self, language: str, industry: Industry, family: str, brand: str, city: City) -> str:
        """A name as firms of the industry have it in that language, without the legal form."""
        draw = self.draw
        trade = choose(self.words.trades[language, industry.name], draw)
        form = draw()
        if form < 0.34:
            return f"{brand} {trade}"
        if form < 0.42:
            letters = "".join(choose("ABCDEFGHKLMNPRSTVW", draw) for _ in range(3))
            return f"{letters} {trade}"
        if form < 0.5:
            return f"{trade} {city.name}" if language != "en" else f"{city.name} {trade}"
        if form < 0.62:
            other = vocabulary().family_name({"de": "german", "en": "english"}.get(language, "french"), draw)
            joint = {"de": f"{family} & {other}", "en": f"{family} & {other}", "fr": f"{family} et {other}"}
            pair = {**joint, "es": f"Hermanos {family}", "pl": f"{family} i Synowie"}[language]
            return f"{pair} {trade}"
        if form < 0.7:
            sons = {"de": f"{family} & Söhne", "en": f"{family} & Sons", "fr": f"{family} & Fils"}
            pair = {**sons, "es": f"{family} e Hijos", "pl": f"{family} i Wspólnicy"}[language]
            return f"{trade} {pair}" if language in ("fr", "es", "pl") else f"{pair} {trade}"
        first = language in ("fr", "es", "pl") or (language == "de" and form < 0.8)
        return f"{trade} {family}" if first else f"{family} {trade}"

    def trading_name(self, name: str, brand: str, industry: Industry) -> str:
        """Another name for the same firm: its first word, or a brand."""
        draw = self.draw
        first = name.split(" ")[0]
        form = draw()
        if form < 0.35 and len(first) > 3:
            return first
        if form < 0.7:
            return f"{brand} {choose(industry.directory_names, draw).split(' ')[0]}"
        return brand if brand != first else f"{brand}24"

    def products(self, industry: Industry) -> list[str]:
        """Three to five products of the industry."""
        left = list(industry.products)
        return [left.pop(int(self.draw() * len(left))) for _ in range(3 + int(self.draw() * 3))]

    def contact(self, culture: str) -> tuple[str, str]:
        """Given and family name of somebody who works there, sometimes of another culture."""
        people = vocabulary()
        if self.draw() < 0.12:
            culture = people.cultures.pick(self.draw)
        return people.given_name(culture, self.draw() < 0.5, True, self.draw), people.family_name(culture, self.draw)

    def domain(self, name: str, land: Land) -> str:
        """A domain that no other firm of the block has, with letters outside ASCII where the name has some, rarely."""
        draw = self.draw
        kept = [word for word in name.split(" ") if len(word) > 1][: 2 if draw() < 0.75 else 1]
        joint = "-" if draw() < 0.5 else ""
        plain = draw() > 0.06 or land.language not in ("de", "fr")
        label = joint.join(filter(None, (_slug(word, plain) for word in kept))) or "firma"
        suffix = land.domain if draw() < 0.75 else choose(("com", "net", "eu", "com", "info"), draw)
        domain = f"{label}.{suffix}"
        while domain in self.domains:
            domain = f"{label}{digits('##', draw)}.{suffix}"
        self.domains.add(domain)
        return domain


def _slug(text: str, plain: bool = True) -> str:
    """Letters and digits of a text in small letters; umlauts as `ue` where the label is plain."""
    text = fold(text, german=True) if plain else text
    return "".join(letter for letter in text.lower() if letter.isalnum())
