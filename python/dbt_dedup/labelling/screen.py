"""Two records side by side as text for a terminal, with the differences marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import click

from dbt_dedup.names import MATCH, NO_MATCH, UNSURE
from dbt_dedup.side_by_side import Likeness, MarkedText, Record, compare_records, unmarked, visible

KEYS = {"m": MATCH, "n": NO_MATCH, "u": UNSURE}
HELP = "m match   n no match   u unsure   b back   q quit"
SIGNS, ASCII_SIGNS = "=≈≠", "=~!"
MISSING = "-"
LONGEST = 600  # characters of a value, which is as much as a person reads before an answer
Cell = list[tuple[str, bool]]  # characters, and whether each is part of a difference


def pair_screen(left: Record, right: Record, width: int, colour: bool, signs: str = SIGNS) -> str:
    """The fields of both records, one row each, at most `width` columns wide.

    The three `signs` precede fields that are equal, equal but for case and spaces, and different. Where `colour` is
    allowed, the parts that differ are coloured. Fields empty in both records are left out, values are cut after
    `LONGEST` characters, and control characters are shown as `?`.
    """
    fields = compare_records(left, right, LONGEST)
    sign_of = dict(zip(Likeness, (*signs, " "), strict=True))
    label_width = max((len(field.field) for field in fields), default=0)
    side = max(12, (width - label_width - 7) // 2)
    titles = _cell(unmarked(_title(left), LONGEST)), _cell(unmarked(_title(right), LONGEST))
    lines = list(_row("", " ", *titles, label_width, side, False))
    lines.append("")
    for field in fields:
        cells = _cell(field.left), _cell(field.right)
        lines += _row(field.field, sign_of[field.likeness], *cells, label_width, side, colour)
    return "\n".join(lines)


def _title(record: Record) -> str:
    return f"{record.record_id} ({record.source})" if record.source else record.record_id


def _row(field: str, sign: str, left: Cell, right: Cell, label_width: int, side: int, colour: bool) -> Iterator[str]:
    halves = [_wrapped(left, side), _wrapped(right, side)]
    for i in range(max(map(len, halves))):
        half_left, half_right = (half[i] if i < len(half) else [] for half in halves)
        start = f"{field if i == 0 else '':<{label_width}} {sign if i == 0 else ' '}  "
        gap = " " * (side - sum(map(_columns, (character for character, _ in half_left))))
        yield f"{start}{_styled(half_left, colour)}{gap}  {_styled(half_right, colour)}".rstrip()


def _cell(text: MarkedText | None) -> Cell:
    if text is None:
        return [(MISSING, False)]
    cell = [(visible(character), mark) for part, mark in text.parts for character in part]
    if text.length > text.shown:
        cell += [(character, False) for character in f" ... ({text.length:,} characters)"]
    return cell


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
