"""Errors as people and machines make them about firms.

Every kind is one function that changes a record in place where the error can occur, and leaves it alone otherwise. They
happen in this order: what somebody gets wrong about a firm, then how its name is written down, then slips of the hand.
`settings.OFFERS` says how often.
"""

from __future__ import annotations

from collections.abc import Mapping

from dbt_dedup.synthesize.companies.records import Record, lay_out_name, plain
from dbt_dedup.synthesize.companies.vocabulary import firm_words
from dbt_dedup.synthesize.randomness import Draw, Weighted, choose
from dbt_dedup.synthesize.slips import abbreviated_street, in_one_case, make_errors, misread_letter, mistyped, spaced
from dbt_dedup.synthesize.text import fold

TEXTS = ("company", "contact", "street", "city")
_TYPO_FIELDS = Weighted(
    ["company", "contact", "registration_number", "website", "phone", "street", "postcode", "description"],
    [34, 16, 10, 8, 8, 12, 6, 6],
)
_SHORT_WORDS = {
    "International": "Intl",
    "Services": "Svcs",
    "Engineering": "Eng.",
    "Management": "Mgmt",
    "Technologies": "Tech",
    "Systems": "Sys.",
    "Construction": "Constr.",
    "Manufacturing": "Mfg",
    "Maschinenbau": "Masch.-Bau",
    "Elektrotechnik": "E-Technik",
    "Unternehmensberatung": "Untern.-Beratung",
    "Bauunternehmung": "Bauuntern.",
    "Immobilien": "Immo.",
    "Établissements": "Ets",
    "Construcciones": "Constr.",
    "Restaurant": "Rest.",
    "and": "&",
    "&": "and",
    "et": "&",
    "i": "&",
}
SHORT_STREET_WORDS = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Lane": "Ln",
    "Drive": "Dr",
    "Boulevard": "Blvd",
    "Calle": "C.",
    "Avenida": "Av.",
    "Plaza": "Pza.",
    "avenue": "av.",
    "boulevard": "bd",
    "place": "pl.",
    "rue": "r.",
    "Straße": "Str.",
}
_BANDS = (1, 5, 10, 20, 50, 100, 250, 500, 1000, 5000)
_PAGES = (
    "https://www.facebook.com/{}",
    "facebook.com/{}/",
    "https://www.linkedin.com/company/{}",
    "https://{}.wixsite.com/home",
    "{}.jimdosite.com",
    "https://{}.business.site",
    "https://www.instagram.com/{}/",
)
_JUNK = (" (old)", " - DO NOT USE", " (dup)", " *", " - closed?", " NEW", " (in liquidation)", " #2", "?", " - VIP")
_INCORRECT = {
    "company": ("N/A", "Unknown", "-", "Test", "xxx", "Private", "n/a", "TBD"),
    "contact": ("n/a", "Unknown", "-", "Reception", "xxx", "Mr", "To whom it may concern"),
    "registration_number": ("n/a", "0000000000", "123456789", "999999", "-", "pending"),
    "industry": ("n/a", "Other", "-", "unknown", "Sonstiges"),
    "employees": ("0", "n/a", "-1", "unknown", "999999"),
    "revenue": ("0", "n/a", "-", "confidential"),
    "website": ("n/a", "www.example.com", "http://", "none", "-", "info@company.com", "no website", "www"),
    "phone": ("000-000-0000", "n/a", "0", "1234567890", "unknown"),
    "postcode": ("00000", "n/a", "99999", "-"),
    "description": ("n/a", "-", "TBD", "test"),
}
_INCORRECT_FIELDS = Weighted(list(_INCORRECT), [3, 12, 12, 8, 10, 6, 18, 10, 6, 6])
_NO_PLACE = (("0", "0"), ("0.0", "0.0"), ("0.000000", "0.000000"), ("999", "999"), ("n/a", "n/a"))


def trading_name(record: Record, draw: Draw) -> None:
    """Write the name that the firm trades under."""
    if record.firm.trading_name:
        record.words, record.form = record.firm.trading_name, ""


def acronym(record: Record, draw: Draw) -> None:
    """Write the initials of the name."""
    words = [word for word in record.words.split(" ") if word[0].isalpha() and word not in ("et", "i", "e")]
    if len(words) >= 3:
        record.words = choose(("", "."), draw).join(word[0] for word in words).upper()


def legal_form(record: Record, draw: Draw) -> None:
    """Leave the legal form out, spell it in another way, or write another one of the country."""
    form = draw()
    if form < 0.4:
        record.form = ""
    elif form < 0.9:
        record.form = choose(record.firm.form.spellings, draw)
    else:
        record.form = firm_words().forms[record.site.address.city.country].pick(draw).spellings[0]


def words_changed(record: Record, draw: Draw) -> None:
    """Abbreviate words of the name, leave the last one out or turn the order round."""
    words = record.words.split(" ")
    form = draw()
    if form < 0.5:
        words = [_SHORT_WORDS.get(word, word) for word in words]
    elif form < 0.75 and len(words) > 2 and not record.firm.branch:
        words = words[:-1]
    elif len(words) == 2:
        words.reverse()
    record.words = " ".join(words)


def other_number(record: Record, draw: Draw) -> None:
    """Fill in the tax number in place of the registration number."""
    if record.registration_number:
        record.registration_number = record.firm.tax_number


def rough_number(record: Record, draw: Draw) -> None:
    """Round the number of employees or give a range; give revenue in thousands or millions."""
    form = draw()
    if record.employees:
        count = int(record.employees)
        band = max(band for band in _BANDS if band <= count)
        upper = _BANDS[min(_BANDS.index(band) + 1, len(_BANDS) - 1)]
        rounded = round(count, -1) or count
        layouts = ("{1}", "ca. {1}", "{0}+", "{0}-{2}", "{1} employees", "{3:,}", "approx. {1}", "{0}")
        record.employees = choose(layouts, draw).format(band, rounded, upper, count)
    if record.revenue and form < 0.5:
        millions = record.firm.revenue / 1e6
        text = f"{millions:.1f}m" if form < 0.25 else f"{round(millions, 1) * 1e6:.0f}"
        record.revenue = text.replace(".", ",") if record.firm.land.separator != "," else text


def shared_page(record: Record, draw: Draw) -> None:
    """Give a page at a social network or site builder for a website."""
    if record.website:
        slug = plain(record.firm.trading_name or " ".join(record.firm.words.split(" ")[:2]))
        record.website = choose(_PAGES, draw).format(slug)


def other_category(record: Record, draw: Draw) -> None:
    """Put the firm into an industry next to its own."""
    if record.industry:
        neighbour = firm_words().industries[record.firm.industry.neighbour]
        names = {"registry": neighbour.registry_name, "crm": neighbour.crm_name}
        record.industry = names.get(record.source_system) or choose(neighbour.directory_names, draw)


def town_centre(record: Record, draw: Draw) -> None:
    """Give the coordinates of the town."""
    if record.latitude and record.longitude:
        city = record.site.address.city
        latitude, longitude = firm_words().centres[city.country, city.name]
        record.latitude, record.longitude = f"{latitude:.4f}", f"{longitude:.4f}"


def street_abbreviated(record: Record, draw: Draw) -> None:
    """Shorten the usual words of an address; sometimes the unit is gone, too."""
    if record.street:
        record.street = abbreviated_street(record.street, SHORT_STREET_WORDS, draw)


def diacritics_lost(record: Record, draw: Draw) -> None:
    """Write `Muller` or `Mueller` for `Müller`."""
    german = draw() < 0.5
    record.words, record.form = fold(record.words, german), fold(record.form, german)
    for name in ("contact", "street", "city"):
        if value := getattr(record, name):
            setattr(record, name, fold(value, german))


def incorrect_value(record: Record, draw: Draw) -> None:
    """Fill a field with something that is no value of it, to get past the form."""
    name = _INCORRECT_FIELDS.pick(draw)
    if draw() < 0.15:
        record.latitude, record.longitude = choose(_NO_PLACE, draw)
    elif name == "company":
        record.words, record.form = choose(_INCORRECT[name], draw), ""
    else:
        setattr(record, name, choose(_INCORRECT[name], draw))


def typo(record: Record, draw: Draw) -> None:
    """Slip on the keyboard in one value: a neighbouring key, a letter left out, doubled, or two exchanged."""
    mistyped(record, _TYPO_FIELDS.pick(draw), draw)


def misread(record: Record, draw: Draw) -> None:
    """Take one letter for another that looks like it, as scanners do."""
    name = choose(("company", "company", "contact", "street", "registration_number"), draw)
    if value := getattr(record, name):
        setattr(record, name, misread_letter(value, draw))


def trailing_junk(record: Record, draw: Draw) -> None:
    """Leave a remark behind the name."""
    if record.company:
        record.company += choose(_JUNK, draw)


def letter_case(record: Record, draw: Draw) -> None:
    """Write the whole record in capitals or in small letters."""
    in_one_case(record, TEXTS, 0.7, draw)


def spacing(record: Record, draw: Draw) -> None:
    """Leave blanks before, behind or inside a value."""
    name = choose(("company", "contact", "street", "city", "website", "registration_number"), draw)
    if value := getattr(record, name):
        setattr(record, name, spaced(value, draw))


MISTAKES = {
    "trading-name": trading_name,
    "acronym": acronym,
    "legal-form": legal_form,
    "words-changed": words_changed,
    "other-number": other_number,
    "rough-number": rough_number,
    "shared-page": shared_page,
    "other-category": other_category,
    "town-centre": town_centre,
    "street-abbreviated": street_abbreviated,
    "diacritics-lost": diacritics_lost,
    "incorrect": incorrect_value,
}
"""Kinds that know what the value means; they happen before the name is laid out."""

SLIPS = {
    "typo": typo,
    "misread": misread,
    "junk": trailing_junk,
    "case": letter_case,
    "spacing": spacing,
}
"""Kinds that know only letters."""


def corrupt(record: Record, error_rate: float, rates: Mapping[str, float], draw: Draw) -> None:
    """Give a record its errors, and its name the layout that it is written in."""
    careless = draw() < error_rate
    if careless:
        make_errors(record, MISTAKES, rates, draw)
    record.company = lay_out_name(record)
    if careless:
        make_errors(record, SLIPS, rates, draw)
