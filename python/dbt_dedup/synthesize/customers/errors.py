"""Errors as people and machines make them.

Every kind is one function that changes a record in place where the error can occur, and leaves it alone otherwise (a
name without a nickname, a 23rd of a month). They happen in this order: what somebody gets wrong about a customer, then
how the system writes dates, then slips of the hand. `settings.ERROR_KINDS` says how often.
"""

from __future__ import annotations

from collections.abc import Mapping

from dbt_dedup.synthesize.customers.records import Record, lay_out_date
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose
from dbt_dedup.synthesize.slips import abbreviated_street, in_one_case, make_errors, misread_letter, mistyped, spaced
from dbt_dedup.synthesize.text import fold
from dbt_dedup.synthesize.vocabulary import vocabulary

NAMES = ("given_name", "family_name")
TEXTS = ("given_name", "family_name", "street", "city")
_TYPO_FIELDS = Weighted(
    ["given_name", "family_name", "street", "city", "email", "phone", "birth_date", "postcode"],
    [20, 26, 15, 8, 11, 7, 6, 7],
)
SHORT_WORDS = {
    "Street": "St",
    "Avenue": "Ave",
    "Drive": "Dr",
    "Road": "Rd",
    "Lane": "Ln",
    "Court": "Ct",
    "Boulevard": "Blvd",
    "Place": "Pl",
    "Circle": "Cir",
    "Terrace": "Ter",
    "Parkway": "Pkwy",
    "Trail": "Trl",
    "Highway": "Hwy",
    "Square": "Sq",
    "North": "N",
    "South": "S",
    "East": "E",
    "West": "W",
    "Apartment": "Apt",
    "Suite": "Ste",
    "Saint": "St",
    "Mount": "Mt",
    "Fort": "Ft",
    "Calle": "C.",
    "Avenida": "Av.",
    "Plaza": "Pza.",
    "Paseo": "P.º",
    "avenue": "av.",
    "boulevard": "bd",
    "place": "pl.",
    "chemin": "ch.",
    "rue": "r.",
    "Straße": "Str.",
}
_JUNK = (" (old)", "*", " - DO NOT USE", " (dup)", " ?", "_1", " xx", " #2", " (moved)", ".", ",", " - VIP", " NEW")
_TAGS = ("shop", "news", "billing", "work", "receipts", "spam", "orders", "2", "home", "info")
_INCORRECT = {
    "given_name": ("Unknown", "N/A", "Test", "Customer", "-", "xxx", "n/a", "Mr", "none", "asdf"),
    "family_name": ("N/A", "Unknown", "-", "xxx", "n/a", ".", "TBD", "asdf"),
    "birth_date": ("1900-01-01", "1900-01-01", "1900-01-01", "9999-12-31", "1901-01-01", "n/a"),
    "email": ("test@test.com", "n/a", "none@none.com", "noemail@noemail.com", "noreply@example.com", "-", "null"),
    "phone": ("000-000-0000", "555-555-5555", "1234567890", "n/a", "999-999-9999", "0", "unknown"),
    "street": ("n/a", "Unknown", "-", "same", "TBD", "No address"),
    "city": ("n/a", "Unknown", "-", "XXX", "."),
    "postcode": ("00000", "99999", "n/a", "-", "xxxxx"),
}
_INCORRECT_FIELDS = Weighted(list(_INCORRECT), [6, 5, 24, 24, 22, 6, 5, 8])


def nickname(record: Record, draw: Draw) -> None:
    """Write `Bill` for `William`."""
    first, _, rest = (record.given_name or "").partition(" ")
    if known := vocabulary().nicknames.get(first):
        record.given_name = f"{choose(known, draw)} {rest}".strip()


def initial(record: Record, draw: Draw) -> None:
    """Keep only the initial of the given name."""
    if record.given_name:
        record.given_name = record.given_name[0] + choose(("", ".", "."), draw)


def names_swapped(record: Record, draw: Draw) -> None:
    """Put the family name in the given name's place."""
    record.given_name, record.family_name = record.family_name, record.given_name


def day_month_swapped(record: Record, draw: Draw) -> None:
    """Write the month where the day belongs."""
    if record.birth_date and record.birth_date[8:] <= "12":
        year, month, day = record.birth_date.split("-")
        record.birth_date = f"{year}-{day}-{month}"


def incorrect_value(record: Record, draw: Draw) -> None:
    """Fill a field with something that is no value of it, to get past the form."""
    name = _INCORRECT_FIELDS.pick(draw)
    if name == "postcode" and record.city and draw() < 0.5:
        record.postcode = record.city
    else:
        setattr(record, name, choose(_INCORRECT[name], draw))


def email_alias(record: Record, draw: Draw) -> None:
    """Write another spelling of the same mailbox: a plus tag, or a dot more or less at Gmail."""
    if not record.email or "@" not in record.email:
        return
    local, domain = record.email.split("@")
    if domain in ("gmail.com", "googlemail.com") and draw() < 0.5:
        cut = 1 + int(draw() * (len(local) - 1))
        dotted = f"{local[:cut]}.{local[cut:]}".replace("..", ".").strip(".")
        local = local.replace(".", "") if "." in local else dotted
    else:
        local = f"{local}+{choose(_TAGS, draw)}"
    record.email = f"{local}@{domain}"


def street_abbreviated(record: Record, draw: Draw) -> None:
    """Shorten the usual words of an address; sometimes the apartment is gone, too."""
    if record.street:
        record.street = abbreviated_street(record.street, SHORT_WORDS, draw)


def diacritics_lost(record: Record, draw: Draw) -> None:
    """Write `Muller` or `Mueller` for `Müller`."""
    german = draw() < 0.5
    for name in TEXTS:
        if value := getattr(record, name):
            setattr(record, name, fold(value, german))


def zero_lost(record: Record, draw: Draw) -> None:
    """Lose the leading zero of a postcode, as a spreadsheet does."""
    if record.postcode and record.postcode[0] == "0" and record.postcode[1:5].isdigit():
        record.postcode = record.postcode[1:]


def typo(record: Record, draw: Draw) -> None:
    """Slip on the keyboard in one value: a neighbouring key, a letter left out, doubled, or two exchanged."""
    mistyped(record, _TYPO_FIELDS.pick(draw), draw)


def misread(record: Record, draw: Draw) -> None:
    """Take one letter for another that looks like it, as scanners do."""
    name = choose(("given_name", "family_name", "family_name", "street", "street", "city", "postcode"), draw)
    if value := getattr(record, name):
        setattr(record, name, misread_letter(value, draw))


def trailing_junk(record: Record, draw: Draw) -> None:
    """Leave a remark behind a name or street."""
    name = choose(("given_name", "family_name", "family_name", "street"), draw)
    if value := getattr(record, name):
        setattr(record, name, value + choose(_JUNK, draw))


def letter_case(record: Record, draw: Draw) -> None:
    """Write the whole record in capitals or in small letters."""
    in_one_case(record, TEXTS, 0.6, draw)


def spacing(record: Record, draw: Draw) -> None:
    """Leave blanks before, behind or inside a value."""
    name = choose(("given_name", "family_name", "street", "city", "email", "postcode"), draw)
    if value := getattr(record, name):
        setattr(record, name, spaced(value, draw))


MISTAKES = {
    "nickname": nickname,
    "initial": initial,
    "names-swapped": names_swapped,
    "day-month-swapped": day_month_swapped,
    "email-alias": email_alias,
    "street-abbreviated": street_abbreviated,
    "diacritics-lost": diacritics_lost,
    "zero-lost": zero_lost,
    "incorrect": incorrect_value,
}
"""Kinds that know what the value means; they happen before a date is laid out."""

SLIPS = {
    "typo": typo,
    "misread": misread,
    "junk": trailing_junk,
    "case": letter_case,
    "spacing": spacing,
}
"""Kinds that know only letters."""


def corrupt(record: Record, error_rate: float, rates: Mapping[str, float], draw: Draw) -> None:
    """Give a record its errors, and its date the layout of its system."""
    careless = draw() < error_rate
    if careless:
        make_errors(record, MISTAKES, rates, draw)
    if record.birth_date and record.birth_date[:4].isdigit():
        record.birth_date = lay_out_date(record.birth_date, record.date_layout)
    if careless:
        make_errors(record, SLIPS, rates, draw)
