"""What values look like: the share of a column's values that could be an e-mail address, a date, a name, ..."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import cache
from importlib import resources

from dbt_dedup.guess.columns import LONGEST_VALUE, Column
from dbt_dedup.guess.data import read_data
from dbt_dedup.reference import listed

# bounded, because an unbounded part is tried from each place of a long text
EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,255}\.[a-z]{2,}")
URL = re.compile(
    r"(https?://\S+|www\.\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|info|biz|io|co|ai|app|dev|gov|edu|[a-z]{2})(/\S*)?)"
)
PHONE = re.compile(r"[+(]?[\d][\d\s().+/*#-]*(\s*(x|ext|extension|app|durchwahl|ramal|poste)\.?:?\s*\d+)?(\.0)?")
NUMBER = re.compile(
    r"[-+(]?\s*[$€£¥]?\s*\d[\d\s.,']*\)?\s*(%|k|m|bn|mio\.?|tsd\.?|[$€£¥]|usd|eur|gbp|chf|kg|g|cm|mm|inch|min|mins|minutes|sec|h|sqft)?"
)
CODE = re.compile(r"[a-z0-9][a-z0-9/._ -]*")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([t ].*)?")
COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\.0)?")
NO_DATE = re.compile(r"0+([-/. ]+0+){2}([t ][0:.]+)?")
PARTS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})([t ].*)?")
HOUSE_NUMBER = re.compile(r"\d{1,5}(\.0)?\s?[a-z]?(\s?[-/+]\s?\d{0,5}\s?[a-z]?)?|s/?n")
# an area code that begins with 0, and the number after it
TRUNK = re.compile(r"0\d{1,5}[ /-]{1,3}\d{3,}.*")
ADDRESS_OF_A_HOST = re.compile(r"\d{1,3}(\.\d{1,3}){3}(:\d+)?")
WORD = re.compile(r"\w+")
WORD_WITH_DIGIT = re.compile(r"\w*\d\w*")
WORDS = re.compile(r"[^\W\d_]+")
# Words of streets that are written together with their names.
INSIDE_ONE_WORD = (
    *("strasse", "straße", "str", "weg", "gasse", "allee", "platz", "ring", "damm", "ufer"),
    *("straat", "laan", "gracht", "plein", "kade", "gatan", "gata", "vägen", "gade"),
)
LATITUDE, LONGITUDE = 90.0, 180.0
MIXED = "mixed"  # what is said of dates in two layouts
MIXED_DATES = 0.1  # share of the telling dates that contradict the others, from which on a column has two layouts


def share(column: Column, test: Callable[[str], object]) -> float:
    """The share of the sampled values, in lower case, that pass a test; 0 without values."""
    return sum(1 for value in column.lowered if test(value)) / len(column.values) if column.values else 0.0


def emails(column: Column) -> float:
    """Share of e-mail addresses."""
    return share(column, EMAIL.search)


def urls(column: Column) -> float:
    """Share of addresses of pages and hosts."""
    return share(column, lambda value: "@" not in value and URL.fullmatch(value))


def is_date(value: str) -> bool:
    """Whether a text in lower case is a day of the calendar in a usual layout."""
    if found := ISO.fullmatch(value):
        return 1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31
    if COMPACT.fullmatch(value):
        return True
    if found := PARTS.fullmatch(value):
        first, second = int(found[1]), int(found[2])
        return 1 <= min(first, second) <= 12 and max(first, second) <= 31
    words, months = WORDS.findall(value), read_data("months.yml")["months"]
    return (
        len(words) <= 3 and any(word in months or word[:3] in months for word in words) and any(map(str.isdigit, value))
    )


def dates(column: Column) -> float:
    """Share of days among the values that say something, unlike `00/00/00`; 1 where the database holds days."""
    if column.is_time:
        return 1.0
    known = [value for value in column.lowered if not NO_DATE.fullmatch(value)]
    return sum(map(is_date, known)) / len(known) if known else 0.0


def date_order(column: Column) -> tuple[str | None, str]:
    """Whether days or months come first in a column of dates, and what says so; None where nothing does.

    Dates with full stops are read with the day first unless a spec says otherwise, so they do not decide about others.
    """
    day_first, month_first, other = Counter[bool](), Counter[bool](), 0
    for value in column.lowered:
        if found := PARTS.fullmatch(value):
            first, second = int(found[1]), int(found[2])
            with_stops = "." in value
            day_first[with_stops] += first > 12 >= second
            month_first[with_stops] += second > 12 >= first
            other += 1
    days, months = day_first.total(), month_first.total()
    if day_first[True] > month_first[True] and month_first[False] > day_first[False]:
        return "mdy", f"{day_first[True]} with full stops have the day first, {months} others the month"
    if min(days, months) > MIXED_DATES * (days + months):
        return "dmy" if days > months else "mdy", f"{MIXED}: {days} have the day first, {months} the month"
    if days > months:
        return "dmy", f"{days} of {other} sampled dates can only have the day first"
    if months > days:
        return "mdy", f"{months} of {other} sampled dates can only have the month first"
    return None, f"{other} sampled dates do not say whether the day or the month is first" if other else ""


def phones(column: Column) -> float:
    """Share of texts that dial: 6 to 15 digits and the signs between them."""
    return share(column, lambda value: PHONE.fullmatch(value) and 6 <= sum(map(str.isdigit, value)) <= 16)


def written_phones(column: Column) -> float:
    """Share of telephone numbers that are written as such, with a plus, brackets, an area code or groups."""
    return share(
        column,
        lambda value: (
            PHONE.fullmatch(value)
            and 7 <= sum(map(str.isdigit, value)) <= 16
            and not is_date(value)
            and not ADDRESS_OF_A_HOST.fullmatch(value)
            and (value.startswith(("+", "(", "00")) or TRUNK.fullmatch(value) or len(re.findall(r"\d{2,}", value)) >= 3)
        ),
    )


def hosts(column: Column) -> float:
    """Share of addresses of hosts, such as 192.0.2.7."""
    return share(column, ADDRESS_OF_A_HOST.fullmatch)


def nested(column: Column) -> float:
    """Share of values that hold others, as JSON writes objects and lists; the end of a long one is not known."""

    def holds_others(value: str) -> bool:
        return value[0] in "{[" and (value[-1] == {"{": "}", "[": "]"}[value[0]] or len(value) >= LONGEST_VALUE)

    return share(column, holds_others)


def with_words(column: Column) -> float:
    """Share of texts with a word of at least three letters."""
    return share(column, lambda value: any(len(word) >= 3 or not word.isascii() for word in WORDS.findall(value)))


def numbers(column: Column) -> float:
    """Share of numbers, with currencies and units."""
    return share(column, NUMBER.fullmatch)


def numbers_within(column: Column, low: float, high: float) -> float:
    """Share of whole or broken numbers within two bounds."""

    def is_within(value: str) -> bool:
        try:
            return low <= float(value.replace(",", ".")) <= high
        except ValueError:
            return False

    return share(column, is_within)


def codes(column: Column) -> float:
    """Share of texts made of letters, digits and few signs, a digit among them, of at most two words."""
    return share(
        column,
        lambda value: (
            CODE.fullmatch(value) and any(map(str.isdigit, value)) and len(value.split()) <= 2 and len(value) > 2
        ),
    )


def postcodes(column: Column) -> float:
    """Share of texts that could be a postcode: at most ten signs, digits among them."""
    return share(column, lambda value: 3 <= len(value) <= 12 and sum(map(str.isdigit, value)) >= 2 and "@" not in value)


def house_numbers(column: Column) -> float:
    """Share of numbers of houses, such as 12, 12b and 12-14; `s/n` is none, in Spanish and Portuguese."""
    return share(column, HOUSE_NUMBER.fullmatch)


def streets(column: Column) -> float:
    """Share of texts with a number and a word, or with a word of streets."""
    known = _street_words()

    def looks_like_a_street(value: str) -> bool:
        words = WORDS.findall(value)
        return bool(words) and (
            any(word in known or word.endswith(INSIDE_ONE_WORD) for word in words[:1] + words[-2:])
            or (len(words) >= 2 and any(map(str.isdigit, value)))
        )

    return share(column, looks_like_a_street)


def given_names(column: Column) -> float:
    """Share of values that hold a usual given name."""
    return _names_inside(column, _given_names())


def family_names(column: Column) -> float:
    """Share of values that hold a usual family name."""
    return _names_inside(column, _family_names())


def legal_forms(column: Column) -> float:
    """Share of values that end or begin with a legal form of companies."""
    known = _legal_forms()

    def has_form(value: str) -> bool:
        words = re.findall(r"[\w&.]+", value)
        plain = [word.replace(".", "") for word in words]
        return len(words) > 1 and (plain[-1] in known or "".join(plain[-2:]) in known or plain[0] in known)

    return share(column, has_form)


def with_digits(column: Column) -> float:
    """Share of values with a digit."""
    return share(column, lambda value: any(map(str.isdigit, value)))


def beginning(value: str) -> set[str]:
    """The beginning of a text in lower case, about as long as the transform `prefix` of a text."""
    return {value[:10]}


def words(value: str) -> set[str]:
    """The words of a text in lower case, those with digits too."""
    return set(WORD.findall(value))


def words_with_digits(value: str) -> set[str]:
    """The words of a text in lower case that hold a digit."""
    return set(WORD_WITH_DIGIT.findall(value))


def letters_only(column: Column) -> float:
    """Share of values without digits and with a letter."""
    return share(column, lambda value: any(map(str.isalpha, value)) and not any(map(str.isdigit, value)))


def countries(column: Column) -> float:
    """Share of codes and names of countries."""
    known = {row["name"] for row in listed("dedup_countries")}
    return share(column, lambda value: value.replace(".", "") in known)


def _names_inside(column: Column, known: Collection[str]) -> float:
    return share(column, lambda value: any(word in known for word in WORDS.findall(value)))


@cache
def _names(*parts: str) -> frozenset[str]:
    text = resources.files("dbt_dedup.synthesize").joinpath("data").joinpath("names.csv").read_text(encoding="utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:])
    return frozenset(name.casefold() for _, part, name in rows if part in parts)


@cache
def _given_names() -> frozenset[str]:
    nicknames = {name for row in listed("dedup_nicknames") for name in (row["name"], row["nickname"])}
    return _names("f", "m") | nicknames


@cache
def _family_names() -> frozenset[str]:
    return _names("family")


@cache
def _legal_forms() -> frozenset[str]:
    forms = {row["form"].replace(" ", "").replace(".", "") for row in listed("dedup_legal_forms")}
    return frozenset(form for form in forms if len(form) > 1)


@cache
def _street_words() -> frozenset[str]:
    words = {word for row in listed("dedup_street_words") for word in (row["word"], row["canonical"])}
    return frozenset(word for word in words if len(word) > 1 and word.isalpha()) | {
        "street",
        "road",
        "strasse",
        "straße",
    }
