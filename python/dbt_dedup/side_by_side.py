"""Two records next to each other: which fields differ, and in which characters, for a terminal or a page to show."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby
from typing import Any

ALIKE = 0.6  # values less alike than this, from 0 to 1, differ as a whole


@dataclass(frozen=True)
class Record:
    """A record as its source wrote it.

    Attributes:
        record_id: its id.
        source: name of its source; None where there is none.
        values: the original text of each field, None where it is empty.
    """

    record_id: str
    source: str | None
    values: dict[str, str | None]


class Likeness(Enum):
    """How two values of a field compare; the value is the meaning in words."""

    EQUAL = "equal"
    NEARLY_EQUAL = "equal but for case and spaces"
    DIFFERENT = "different"
    ONE_SIDED = "one side is empty"


@dataclass(frozen=True)
class MarkedText:
    """A value in parts.

    Attributes:
        parts: text and whether it differs from the other value; neighbours alternate.
        length: characters of the whole value, of which the parts may be only the beginning.
    """

    parts: tuple[tuple[str, bool], ...]
    length: int

    @property
    def shown(self) -> int:
        """Characters in the parts."""
        return sum(len(text) for text, _ in self.parts)


@dataclass(frozen=True)
class FieldComparison:
    """One field of two records; a side is None where it is empty."""

    field: str
    likeness: Likeness
    left: MarkedText | None
    right: MarkedText | None


def compare_records(left: Record, right: Record, longest: int | None = None) -> list[FieldComparison]:
    """Compare two records field by field. Fields that are empty in both are left out.

    Args:
        left: a record.
        right: a record with the same fields.
        longest: characters of a value to keep; None keeps all. Where only the rest differs, all of it is marked.
    """
    return [
        _compare(field, value, right.values[field], longest)
        for field, value in left.values.items()
        if value is not None or right.values[field] is not None
    ]


def likeness(left: str, right: str) -> Likeness:
    """How two values compare."""
    if left == right:
        return Likeness.EQUAL
    same_words = left.casefold().split() == right.casefold().split()
    return Likeness.NEARLY_EQUAL if same_words else Likeness.DIFFERENT


def differing_characters(left: str, right: str) -> tuple[list[bool], list[bool]]:
    """For each character of both values, whether the other value lacks it in that place; case does not count."""
    differs = likeness(left, right) is Likeness.DIFFERENT
    marks = [differs] * len(left), [differs] * len(right)
    matcher = SequenceMatcher(None, _same_case(left), _same_case(right), autojunk=False)
    if differs and matcher.ratio() >= ALIKE:
        for a, b, size in matcher.get_matching_blocks():
            marks[0][a : a + size] = [False] * size
            marks[1][b : b + size] = [False] * size
    return marks


def visible(character: str) -> str:
    """A character that cannot move the cursor, colour the screen or turn the direction of writing."""
    if character.isspace():
        return " "
    return "?" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") else character


# what a terminal obeys, what turns the direction of writing, and what ends a line without looking like it
COMMANDS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def harmless(text: str) -> str:
    """A text of any number of lines that commands no terminal and turns no direction of writing."""
    return COMMANDS.sub("?", text)


def harmless_json(value: Any) -> str:
    """A value as JSON for people and programs: what `harmless` replaces is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return COMMANDS.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _compare(field: str, left: str | None, right: str | None, longest: int | None) -> FieldComparison:
    if left is None or right is None:
        sides = [None if value is None else unmarked(value, longest) for value in (left, right)]
        return FieldComparison(field, Likeness.ONE_SIDED, sides[0], sides[1])
    beginnings = left[:longest], right[:longest]
    marks = differing_characters(*beginnings)
    if left != right and beginnings[0] == beginnings[1]:
        marks = [True] * len(beginnings[0]), [True] * len(beginnings[1])
    return FieldComparison(
        field,
        likeness(left, right),
        MarkedText(_parts(beginnings[0], marks[0]), len(left)),
        MarkedText(_parts(beginnings[1], marks[1]), len(right)),
    )


def unmarked(value: str, longest: int | None = None) -> MarkedText:
    """A value without marks, cut after `longest` characters."""
    beginning = value[:longest]
    return MarkedText(_parts(beginning, [False] * len(beginning)), len(value))


def _parts(text: str, marks: Sequence[bool]) -> tuple[tuple[str, bool], ...]:
    runs = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return tuple(("".join(character for character, _ in run), mark) for mark, run in runs)


def _same_case(text: str) -> str:
    """The text in lower case, each character where it was."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)
