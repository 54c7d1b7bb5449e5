r"""Shorter regular expressions for plain text.

To prepare `\p{L}`, all letters of the world, takes a millisecond, and standardizing a record reads it hundreds of
times. In ASCII it is `[a-zA-Z]`, which takes next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

LITERAL = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
PART = re.compile(r"\\p\{(\w+)\}|\\x\{\w+\}|\\.|\[\^?\]?|.", re.DOTALL)
# What a class of Unicode means in ASCII; where it means nothing there, one of its characters that is not ASCII.
IN_ASCII = {
    "L": "a-zA-Z",
    "Lu": "A-Z",
    "Ll": "a-z",
    "N": "0-9",
    "Nd": "0-9",
    "M": r"\x{0301}",
    "Cf": r"\x{200B}",
    "Latin": "a-zA-Z",
    "Greek": r"\x{03B1}",
    "Cyrillic": r"\x{0430}",
    "Arabic": r"\x{0627}",
    "Hebrew": r"\x{05D0}",
    "Inherited": r"\x{0301}",
}
# Signs of text that stands for other characters: HTML entities, escapes, percent encoding, Punycode.
ENCODED = re.compile(r"[&\\%]|xn--", re.IGNORECASE)


def for_plain_text(sql: str) -> str:
    """The same SQL with patterns that read plain text as before and are quick to prepare."""
    return LITERAL.sub(lambda found: found[0] if found[0].startswith("--") else _shorter(found[0]), sql)


def is_plain(texts: Iterable[str | None]) -> bool:
    """Whether texts are ASCII and stand for themselves."""
    return all(text is None or (text.isascii() and not ENCODED.search(text)) for text in texts)


def is_ascii(table: pa.Table) -> bool:
    """Whether every text in a table, in lists too, is ASCII."""
    return all(_is_ascii(value) for column in table.columns for value in column.to_pylist())


def _is_ascii(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_ascii(item) for item in value)
    return not isinstance(value, str) or value.isascii()


def _shorter(literal: str) -> str:
    """A text in quotes with the classes of Unicode in it replaced; as it was where they are not all understood."""
    parts, in_class = [], False
    for found in PART.finditer(literal):
        part, name = found[0], found[1]
        if name:
            if name not in IN_ASCII:
                return literal
            part = IN_ASCII[name] if in_class else f"[{IN_ASCII[name]}]"
        elif part.startswith("["):
            in_class = True
        elif part == "]":
            in_class = False
        parts.append(part)
    return literal if in_class else "".join(parts)
