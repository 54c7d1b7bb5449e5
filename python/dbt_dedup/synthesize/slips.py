"""Errors in values of every kind of data, mostly slips of the hand or of the scanner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from dbt_dedup.synthesize.randomness import Draw, choose
from dbt_dedup.synthesize.text import fold

R = TypeVar("R")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LOOKALIKES = [
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("l", "1"),
    ("i", "l"),
    ("I", "l"),
    ("O", "0"),
    ("o", "0"),
    ("S", "5"),
    ("B", "8"),
    ("Z", "2"),
    ("w", "vv"),
    ("e", "c"),
    ("h", "b"),
    ("u", "v"),
    ("G", "6"),
    ("0", "O"),
    ("1", "l"),
    ("5", "S"),
    ("8", "B"),
]


def make_errors(
    record: R, errors: Mapping[str, Callable[[R, Draw], None]], rates: Mapping[str, float], draw: Draw
) -> None:
    """Let each kind of error happen to a record at its rate."""
    for name, make in errors.items():
        if draw() < rates.get(name, 0.0):
            make(record, draw)


def slip(value: str, draw: Draw) -> str:
    """Make one slip at a letter or digit."""
    end = value.find("@") if "@" in value else len(value)
    spots = [at for at in range(end) if value[at].isalnum()]
    if len(spots) < 2:
        return value
    at = choose(spots, draw)
    letter, form = value[at], draw()
    if letter.isdigit():
        if form < 0.5 and at + 1 < len(value) and value[at + 1].isdigit():
            return value[:at] + value[at + 1] + letter + value[at + 2 :]
        return value[:at] + str((int(letter) + (1 if form < 0.8 else 9)) % 10) + value[at + 1 :]
    if form < 0.35:
        return value[:at] + _neighbour(letter, draw) + value[at + 1 :]
    if form < 0.6:
        return value[:at] + value[at + 1 :]
    if form < 0.75:
        return value[: at + 1] + letter.lower() + value[at + 1 :]
    at = max(1, at)
    before = value[at - 1]
    if before.isupper() and value[at].islower():  # capitals stay where the shift key was held
        before, letter = before.lower(), value[at].upper()
        return value[: at - 1] + letter + before + value[at + 1 :]
    return value[: at - 1] + value[at] + before + value[at + 1 :]


def _neighbour(letter: str, draw: Draw) -> str:
    for row in _KEY_ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            beside = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            other = choose(beside, draw)
            return other.upper() if letter.isupper() else other
    return fold(letter) or "e"


def misread_letter(value: str, draw: Draw) -> str:
    """Take one letter for another that looks like it; unchanged where no letter has a double."""
    seen = [pair for pair in _LOOKALIKES if pair[0] in value]
    if not seen:
        return value
    read, taken = choose(seen, draw)
    spots = [match.start() for match in re.finditer(read, value)]
    at = choose(spots, draw)
    return value[:at] + taken + value[at + len(read) :]


def spaced(value: str, draw: Draw) -> str:
    """The value with blanks before, behind or inside it."""
    form = draw()
    return f" {value}" if form < 0.3 else f"{value} " if form < 0.7 else value.replace(" ", "  ")


def in_one_case(record: object, names: Iterable[str], capitals: float, draw: Draw) -> None:
    """Write the named texts of a record in capitals, with that probability, or else in small letters."""
    change = str.upper if draw() < capitals else str.lower
    for name in names:
        if value := getattr(record, name):
            setattr(record, name, change(value))


def short_street(street: str, short_words: Mapping[str, str]) -> str:
    """The street line with its usual words shortened."""
    words = [short_words.get(word, word) for word in street.split(" ")]
    return " ".join(words).replace("straße", "str.")


def abbreviated_street(street: str, short_words: Mapping[str, str], draw: Draw) -> str:
    """The street line with its usual words shortened and sometimes without the apartment."""
    street = short_street(street, short_words)
    return re.sub(r" (Apt|Unit|Ste|#)\s?\S+$", "", street) if draw() < 0.2 else street


def mistyped(record: object, name: str, draw: Draw) -> None:
    """Slip on the keyboard in the named value, unless it is too short."""
    value = getattr(record, name)
    if value and len(value) > 2:
        setattr(record, name, slip(value, draw))
