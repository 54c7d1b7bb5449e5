"""What differs between two values of a field, character by character, for a person to see."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.6  # values less alike than this, from 0 to 1, differ as a whole


def difference(one: str, other: str) -> int:
    """0 for equal values, 1 for values equal but for case and spaces, 2 for others."""
    if one == other:
        return 0
    return 1 if one.casefold().split() == other.casefold().split() else 2


def differing_characters(one: str, other: str) -> tuple[list[bool], list[bool]]:
    """For each character of both values, whether the other does not have it in that place; case does not count."""
    differs = difference(one, other) == 2
    marked = [differs] * len(one), [differs] * len(other)
    matcher = SequenceMatcher(None, _same_case(one), _same_case(other), autojunk=False)
    if differs and matcher.ratio() >= ALIKE:
        for a, b, size in matcher.get_matching_blocks():
            marked[0][a : a + size] = [False] * size
            marked[1][b : b + size] = [False] * size
    return marked


def visible(character: str) -> str:
    """A character that cannot move the cursor, colour the screen or turn the direction of writing."""
    if character.isspace():
        return " "
    return "?" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") else character


def _same_case(text: str) -> str:
    """The text in lower case, each character where it was."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)
