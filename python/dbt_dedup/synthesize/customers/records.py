"""What the three systems know of a person: each in its own layout, and some of it not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbt_dedup.synthesize.customers.people import Person
from dbt_dedup.synthesize.places import Address
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose

SOURCES = Weighted(["crm", "billing", "support"], [42, 34, 24])
_FIRST_UPDATE = datetime(2019, 1, 1)
_SECONDS = int((datetime(2026, 7, 1) - _FIRST_UPDATE).total_seconds())
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# How often a system leaves a value blank, relative to the average of these twelve numbers, which is 1.
_BLANK = {
    "crm": {"birth_date": 0.6, "email": 0.9, "phone": 0.8, "address": 0.3},
    "billing": {"birth_date": 1.4, "email": 1.3, "phone": 1.1, "address": 0.2},
    "support": {"birth_date": 1.9, "email": 0.4, "phone": 1.0, "address": 2.1},
}
_BLANK_NAME = 0.06
_BLANK_ADDRESS_PART = 0.15

_PHONE_LAYOUTS = ["({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "{0}{1}{2}", "+1 {0} {1} {2}", "1-{0}-{1}-{2}"]
_FAVOURITE_PHONE_LAYOUT = {"crm": 0, "billing": 3, "support": 1}


@dataclass(slots=True)
class Record:
    """One raw record; None where the system has no value."""

    person: Person
    source_system: str
    given_name: str | None
    family_name: str | None
    birth_date: str | None
    """YYYY-MM-DD until `lay_out_date` has been here."""
    email: str | None
    phone: str | None
    street: str | None
    city: str | None
    postcode: str | None
    updated_at: str
    address: Address
    date_layout: str

    @property
    def entity(self) -> Person:
        """The person, which is the entity."""
        return self.person


def records_of(person: Person, missing_rate: float, draw: Draw) -> Iterator[Record]:
    """Yield the records about a person without any error, the oldest first."""
    seconds = sorted(int(draw() * _SECONDS) for _ in range(person.records))
    for number, second in enumerate(seconds):
        source = SOURCES.pick(draw)
        address = person.addresses[0] if number < person.changes.get("address", 0) else person.addresses[-1]
        record = Record(
            person=person,
            source_system=source,
            given_name=_given_name(person, draw),
            family_name=_family_name(person, number, draw),
            birth_date=person.birth.isoformat(),
            email=person.emails[0] if draw() < 0.8 else person.emails[-1],
            phone=_lay_out_phone(_phone(person, number, draw), source, draw),
            street=address.street,
            city=address.city.name,
            postcode=address.postcode,
            updated_at=(_FIRST_UPDATE + timedelta(seconds=second)).isoformat(),
            address=address,
            date_layout=_date_layout(source, draw),
        )
        _write_as_the_system_does(record, draw)
        _leave_blank(record, missing_rate, draw)
        yield record


def lay_out_date(iso: str, layout: str) -> str:
    """Write a date YYYY-MM-DD as its system does."""
    if layout == "iso":
        return iso
    year, month, day = iso.split("-")
    return f"{month}/{day}/{year}" if layout == "slash" else f"{day} {_MONTHS[int(month) - 1]} {year}"


def _given_name(person: Person, draw: Draw) -> str:
    form = draw()
    if not person.middle or form > 0.3:
        return person.given
    return f"{person.given} {person.middle}" if form < 0.2 else f"{person.given} {person.middle}."


def _family_name(person: Person, number: int, draw: Draw) -> str:
    form = draw()
    if number < person.changes.get("family", 0):
        return person.former_family
    if person.former_family and form < 0.2:
        return f"{person.former_family}-{person.family}"
    if person.second_family and form < 0.6:
        return f"{person.family} {person.second_family}"
    if person.suffix and form < 0.45:
        return f"{person.family} {person.suffix}" if form < 0.35 else f"{person.family}, {person.suffix}."
    return person.family


def _phone(person: Person, number: int, draw: Draw) -> tuple[str, str]:
    form = draw()
    if number >= person.changes.get("phone", 0):
        return person.phones[0] if form < 0.75 else person.phones[-1]
    return person.phones[1] if form < 0.75 else person.phones[-1]


def _lay_out_phone(phone: tuple[str, str], source: str, draw: Draw) -> str:
    country, number = phone
    favourite, form = draw() < 0.5, draw()
    if country == "1":
        parts = number[:3], number[3:6], number[6:]
        layout = _FAVOURITE_PHONE_LAYOUT[source] if favourite else int(form * len(_PHONE_LAYOUTS))
        text = _PHONE_LAYOUTS[layout].format(*parts)
        return f"{text} ext. {1 + int(form * 5000) % 600}" if form > 0.985 and not favourite else text
    if form < 0.5:
        return f"+{country} {number[:2]} {number[2:5]} {number[5:]}"
    return f"+{country}{number}" if form < 0.8 else f"00{country} {number}"


def _date_layout(source: str, draw: Draw) -> str:
    written_out = draw() < 0.6
    return {"crm": "iso", "billing": "slash", "support": "words" if written_out else "iso"}[source]


def _write_as_the_system_does(record: Record, draw: Draw) -> None:
    """Billing often adds the state to the city and four digits to the ZIP code."""
    with_state, with_digits = draw() < 0.06, draw() < 0.15
    if record.source_system == "billing" and record.address.city.country == "US":
        if with_state:
            record.city = f"{record.city}, {record.address.city.region}"
        if with_digits:
            record.postcode = f"{record.postcode}-{record.address.plus_four}"


def _leave_blank(record: Record, missing_rate: float, draw: Draw) -> None:
    shares = _BLANK[record.source_system]
    for name in ("birth_date", "email", "phone"):
        if draw() < shares[name] * missing_rate:
            setattr(record, name, None)
    if draw() < shares["address"] * missing_rate:
        record.street = record.city = record.postcode = None
    part = choose(("street", "city", "postcode"), draw)
    if draw() < _BLANK_ADDRESS_PART * missing_rate:
        setattr(record, part, None)
    part = choose(("given_name", "family_name"), draw)
    if draw() < _BLANK_NAME * missing_rate:
        setattr(record, part, None)
