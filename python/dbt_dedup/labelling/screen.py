"""Two records side by side as text for a terminal, with what differs between them marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import click

from dbt_dedup.labelling.differences import difference, differing_characters, visible
from dbt_dedup.labelling.source import Record

KEYS = {"m": "match", "n": "no_match", "u": "unsure"}
HELP = "m match   n no match   u unsure   b back   q quit"
SIGNS, ASCII_SIGNS = "=≈≠", "=~!"
MISSING = "-"
Cell = list[tuple[str, bool]]  # characters, and whether each is part of a difference


def pair_screen(left: Record, right: Record, width: int, colour: bool, signs: str = SIGNS) -> str:
    """The fields of both records, one row each, at most `width` columns wide.

    The three `signs` stand before fields that are equal, equal but for case and spaces, and different; where `colour`
    is allowed, the parts that differ are coloured. Fields empty in both records are left out, and control characters
    are shown as `?`.
    """
    rows = [(field, left.values[field], right.values[field]) for field in left.values]
    rows = [row for row in rows if row[1] is not None or row[2] is not None]
    label_width = max((len(field) for field, _, _ in rows), default=0)
    side = max(12, (width - label_width - 7) // 2)
    lines = list(_row("", " ", _plain(_title(left)), _plain(_title(right)), label_width, side, False))
    lines.append("")
    for field, one, other in rows:
        sign = " " if one is None or other is None else signs[difference(one, other)]
        cells = _marked(one, other)
        lines += _row(field, sign, *cells, label_width, side, colour)
    return "\n".join(lines)


def _title(record: Record) -> str:
    return f"{record.record_id} ({record.source})" if record.source else record.record_id


def _row(field: str, sign: str, one: Cell, other: Cell, label_width: int, side: int, colour: bool) -> Iterator[str]:
    halves = [_wrapped(one, side), _wrapped(other, side)]
    for i in range(max(map(len, halves))):
        left, right = (half[i] if i < len(half) else [] for half in halves)
        start = f"{field if i == 0 else '':<{label_width}} {sign if i == 0 else ' '}  "
        gap = " " * (side - sum(map(_columns, (character for character, _ in left))))
        yield f"{start}{_styled(left, colour)}{gap}  {_styled(right, colour)}".rstrip()


def _plain(text: str) -> Cell:
    return [(visible(character), False) for character in text]


def _marked(one: str | None, other: str | None) -> tuple[Cell, Cell]:
    """Both values, with the characters that the other does not have in that place marked."""
    if one is None or other is None:
        return _plain(MISSING if one is None else one), _plain(MISSING if other is None else other)
    cells = [
        [(visible(character), mark) for character, mark in zip(text, marks, strict=True)]
        for text, marks in zip((one, other), differing_characters(one, other), strict=True)
    ]
    return cells[0], cells[1]


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrapped(cell: Cell, width: int) -> list[Cell]:
    """The cell in lines of at most `width` columns, broken at a space where there is one in the second half."""
    lines: list[Cell] = [[]]
    used = 0
    for character, differs in cell:
        if used + _columns(character) > width:
            space = max((i for i, (c, _) in enumerate(lines[-1]) if c == " "), default=0)
            cut = space + 1 if space > width // 2 else len(lines[-1])
            lines.append(lines[-1][cut:])
            lines[-2] = lines[-2][:cut]
            used = sum(_columns(c) for c, _ in lines[-1])
        lines[-1].append((character, differs))
        used += _columns(character)
    return lines


def _styled(cell: Cell, colour: bool) -> str:
    if not colour:
        return "".join(character for character, _ in cell)
    parts: list[str] = []
    start = 0
    for end in range(1, len(cell) + 1):
        if end == len(cell) or cell[end][1] != cell[start][1]:
            text = "".join(character for character, _ in cell[start:end])
            parts.append(click.style(text, fg="yellow", bold=True, underline=True) if cell[start][1] else text)
            start = end
    return "".join(parts)
