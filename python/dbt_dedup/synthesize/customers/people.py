"""Households of people as they really are, before any system writes them down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from dbt_dedup.synthesize.entities import Maker
from dbt_dedup.synthesize.places import Address, make_address, make_phone
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.text import digits, fold
from dbt_dedup.synthesize.vocabulary import HABITS, Vocabulary, vocabulary

TODAY = date(2026, 1, 1)
"""Ages are counted on this day, so that data do not change with the calendar."""

RECORDS_PER_PERSON = Weighted([1, 2, 3, 4, 5, 6, 7, 8], [58, 21, 11, 5.5, 2.5, 1.2, 0.5, 0.3])
HOUSEHOLD_SIZE = Weighted([2, 3, 4, 5], [54, 24, 16, 6])
TWIN_RATE = 0.2
"""Share of second children who are twins of the first."""
JUNIOR_RATE = 0.2
"""Share of sons named like their father."""
SHARED_MAILBOX_RATE = 0.05
"""Share of spouses who use one mailbox."""
_COMPANY_WORDS = (
    ("blue", "north", "summit", "river", "oak", "silver", "bright", "green", "stone", "harbor", "maple", "iron"),
    ("logistics", "foods", "design", "dental", "partners", "consulting", "systems", "insurance", "travel", "labs"),
)


@dataclass(slots=True)
class Person:
    """One real person, that is: one entity."""

    household: int
    records: int
    """Number of raw records about the person."""
    culture: str
    female: bool
    given: str
    middle: str
    """Initial, or empty."""
    family: str
    second_family: str
    """Of people with two family names, as in Spain."""
    suffix: str
    birth: date
    addresses: list[Address]
    """The present one last."""
    phones: list[tuple[str, str]]
    """Country code and national number; a household's line may be among them."""
    emails: list[str]
    former_family: str = ""
    """Family name before marriage."""
    changes: dict[str, int] = field(default_factory=dict)
    """Number of the first record written after the person moved, married or took another phone."""


@lru_cache(maxsize=65536)
def _mail_name(name: str, german: bool) -> str:
    return "".join(letter for letter in fold(name, german).lower() if letter.isalpha())


class Households(Maker[Person]):
    """Makes the households of one block."""

    def __init__(self, settings: Settings, draw: Draw) -> None:
        super().__init__(settings, draw)
        self.words: Vocabulary = vocabulary()
        self.mailboxes: set[str] = set()
        # a mailbox belongs to one person: inside a block a set sees to it, across blocks long enough numbers
        self.number_size = len(str(settings.records // 2000))
        self.always_numbered = settings.blocks > 1

    def group(self, number: int) -> list[Person]:
        """A household."""
        draw, words = self.draw, self.words
        culture = words.cultures.pick(draw)
        habits = HABITS[culture]
        country = choose(habits.countries, draw) if draw() < habits.abroad else "US"
        home = make_address(country, draw)
        line = make_phone(home.city, draw)
        family = words.family_name(culture, draw)
        head = self.person(number, culture, family, home, line, self.birth(24, 88), draw() < 0.5)
        members = [head]
        size = HOUSEHOLD_SIZE.pick(draw) if draw() < self.settings.related_rate else 1
        if size > 1:
            members.append(self.partner(head, home, line))
        for _ in range(size - 2):
            members.append(self.child(members, home, line) if _age(head) >= 42 else self.flatmate(number, home, line))
        return members

    def person(
        self,
        household: int,
        culture: str,
        family: str,
        home: Address,
        line: tuple[str, str],
        birth: date,
        female: bool,
        given: str = "",
    ) -> Person:
        """A person of a household; without a given name, one is drawn."""
        draw, words = self.draw, self.words
        at_home = home.city.country != "US"
        given = given or words.given_name(culture, female, at_home, draw)
        middle = words.given["english", female].pick(draw)[0] if draw() < 0.35 and not at_home else ""
        second = words.family_name(culture, draw) if culture == "hispanic" and draw() < 0.45 else ""
        if culture == "polish" and female and home.city.country == "PL" and family.endswith(("ski", "cki")):
            family = family[:-1] + "a"
        phones = [make_phone(home.city, draw)]
        if draw() < 0.5:
            phones.append(line)
        emails = [self.email(given, family, birth, home.city.country)]
        if draw() < 0.3:
            emails.append(self.email(given, family, birth, home.city.country))
        records = RECORDS_PER_PERSON.pick(draw)
        return Person(
            household, records, culture, female, given, middle, family, second, "", birth, [home], phones, emails
        )

    def partner(self, head: Person, home: Address, line: tuple[str, str]) -> Person:
        """A spouse, mostly; sometimes a brother, sister or friend of about the same age."""
        draw = self.draw
        if draw() > 0.85:
            return self.flatmate(head.household, home, line)
        birth = min(head.birth + timedelta(days=int((draw() - 0.5) * 12 * 365)), date(2005, 12, 31))
        same_name = draw() < HABITS[head.culture].takes_name
        family = head.family if same_name else self.words.family_name(head.culture, draw)
        if same_name and family.endswith("ska") and head.female:
            family = family[:-1] + "i"
        female = head.female if draw() < 0.04 else not head.female
        given = self.other_given_name(head, female, home)
        partner = self.person(head.household, head.culture, family, home, line, birth, female, given)
        if draw() < SHARED_MAILBOX_RATE:
            partner.emails[0] = head.emails[0]
        return partner

    def flatmate(self, household: int, home: Address, line: tuple[str, str]) -> Person:
        """Somebody with another name at the same address."""
        culture = self.words.cultures.pick(self.draw)
        family = self.words.family_name(culture, self.draw)
        return self.person(household, culture, family, home, line, self.birth(20, 45), self.draw() < 0.5)

    def child(self, members: list[Person], home: Address, line: tuple[str, str]) -> Person:
        """A grown-up child: perhaps a twin of the one before, perhaps named like the father."""
        draw = self.draw
        head = members[0]
        father = next((member for member in members[:2] if not member.female), head)
        siblings = members[2:]
        if siblings and draw() < TWIN_RATE:
            return self.twin(siblings[-1], home, line)
        years = min(_age(member) for member in members[:2]) - 19
        birth = self.birth(18, max(19, min(years, 60)))
        junior = draw() < JUNIOR_RATE and not father.female
        female = draw() < 0.5 and not junior
        given = father.given if junior else ""
        child = self.person(head.household, head.culture, father.family, home, line, birth, female, given)
        if junior:
            child.middle, child.suffix = father.middle, "Jr"
        if draw() < 0.3:
            child.addresses = [make_address(home.city.country, draw)]
        return child

    def twin(self, sibling: Person, home: Address, line: tuple[str, str]) -> Person:
        """A person of the same birth date and family name; parents like names with the same initial."""
        draw = self.draw
        female = sibling.female if draw() < 0.65 else not sibling.female
        given = self.other_given_name(sibling, female, home, same_initial=draw() < 0.4)
        return self.person(sibling.household, sibling.culture, sibling.family, home, line, sibling.birth, female, given)

    def other_given_name(self, person: Person, female: bool, home: Address, same_initial: bool = False) -> str:
        """A given name that is not the person's."""
        for _ in range(40):
            given = self.words.given_name(person.culture, female, home.city.country != "US", self.draw)
            if given != person.given and (not same_initial or given[0] == person.given[0]):
                return given
        names = self.words.given[person.culture, female].items
        return names[1] if names[0] == person.given else names[0]

    def change(self, person: Person, turning: int) -> None:
        """Let some people move, marry or take another phone."""
        draw = self.draw
        if draw() < self.settings.change_rate:
            city = person.addresses[0].city
            person.addresses.append(make_address(city.country, draw, city if draw() < 0.5 else None))
            person.changes["address"] = turning
        if draw() < (0.12 if person.female else 0.01):
            person.former_family, person.family = person.family, self.words.family_name(person.culture, draw)
            person.changes["family"] = turning
        if draw() < 0.1:
            person.phones.insert(0, make_phone(person.addresses[-1].city, draw))
            person.changes["phone"] = turning

    def birth(self, youngest: int, oldest: int) -> date:
        """A birth date so that the age today is between two numbers of years, the middle ones more often."""
        age = youngest + (oldest - youngest) * (self.draw() + self.draw()) / 2
        return TODAY - timedelta(days=int(age * 365.2425))

    def email(self, given: str, family: str, birth: date, country: str) -> str:
        """A mailbox nobody else in the block has, named as people name theirs."""
        draw = self.draw
        german = draw() < 0.7 and country in ("DE", "AT", "CH")
        first, last = _mail_name(given, german), _mail_name(family, german)
        form = draw()
        if draw() < 0.14:
            domain = "".join(choose(words, draw) for words in _COMPANY_WORDS) + ".com"
            local = f"{first}.{last}" if form < 0.6 else f"{first[0]}{last}"
        else:
            domain = self.words.mail_domains[country].pick(draw)
            local = _local_part(form, first, last, birth)
        numbered = local
        size = self.number_size
        if self.always_numbered or draw() < 0.25:
            numbered = local + digits("#" * size, draw)
        while f"{numbered}@{domain}" in self.mailboxes:
            size += 1
            numbered = local + digits("#" * size, draw)
        self.mailboxes.add(f"{numbered}@{domain}")
        return f"{numbered}@{domain}"


def _local_part(form: float, first: str, last: str, birth: date) -> str:
    if form < 0.34:
        return f"{first}.{last}"
    if form < 0.5:
        return f"{first}{last}"
    if form < 0.64:
        return f"{first[0]}{last}"
    if form < 0.72:
        return f"{first}_{last}"
    if form < 0.8:
        return f"{last}.{first}"
    if form < 0.92:
        return f"{first}{last[0]}{birth.year % 100:02d}"
    return f"{first}{birth.year}"


def _age(person: Person) -> int:
    return (TODAY - person.birth).days // 366
