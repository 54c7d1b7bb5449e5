"""Numbers and values as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dbt_dedup.side_by_side import Likeness, MarkedText, Record, compare_records, unmarked, visible

NAMED_VALUES = 3
LONGEST = 160  # characters of a value that are shown
JOINERS = "\u200c\u200d"  # belong to words of some languages and to composed emoji
SIGNS = {Likeness.EQUAL: "=", Likeness.NEARLY_EQUAL: "≈", Likeness.DIFFERENT: "≠"}
Segments = list[tuple[str, bool]]


@dataclass(frozen=True)
class ComparedValue:
    """One field of two records: a sign and its meaning, and both values in parts that differ or do not."""

    field: str
    sign: str
    meaning: str
    left: Segments
    right: Segments


def count(number: float) -> str:
    """A whole number with thousands apart."""
    return f"{number:,.0f}"


def counted(number: int, noun: str) -> str:
    """A number and its noun, which takes an s in the plural."""
    return f"{count(number)} {noun}" + ("" if number == 1 else "s")


def percent(share: float) -> str:
    """A share in per cent with one digit, and more where it would look like 0 or 100 and is not quite that."""
    return _percent(share, lambda text: (share in (0, 1)) == (float(text) in (0, 100)))


def against(share: float, target: float) -> str:
    """A share in per cent with one digit, or as many as it takes to show on which side of the target it lies."""
    return _percent(share, lambda text: (float(text) >= round(100 * target, 10)) == (share >= target))


def short_percent(share: float) -> str:
    """A round share in per cent, as for a target or an axis."""
    return f"{100 * share:.10g}%"


def level(value: float, unit: str) -> str:
    """A target as in the spec, and one that was computed with the digits of a measured value."""
    if unit != "share":
        return count(value)
    text = short_percent(value)
    return text if len(text) <= len("99.99%") else percent(value)


def probability(value: float) -> str:
    """A probability with three digits, and never 0 or 1 for what is not quite that."""
    if value in (0, 1) or 0.0005 <= value < 0.9995:
        return f"{value:.3f}"
    return "< 0.001" if value < 0.5 else "> 0.999"


def named(names: Sequence[str]) -> str:
    """Names as in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def known_by(values: Iterable[object]) -> str:
    """The first few of the values of a record by which a person recognises it; those that are empty are left out."""
    return ", ".join([str(value) for value in values if value not in (None, "")][:NAMED_VALUES])


def shown(value: str | None) -> str:
    """A value of the data as text that cannot disturb the page, cut where it is long."""
    return "".join(text for text, _ in _segments(None if value is None else unmarked(value, LONGEST)))


def compare(left: Record, right: Record) -> list[ComparedValue]:
    """The fields of two records, those that are empty in both left out."""
    return [
        ComparedValue(
            field.field,
            SIGNS.get(field.likeness, ""),
            field.likeness.value,
            _segments(field.left),
            _segments(field.right),
        )
        for field in compare_records(left, right, LONGEST)
    ]


def _segments(text: MarkedText | None) -> Segments:
    if text is None:
        return [("–", False)]
    parts = [("".join(c if c in JOINERS else visible(c) for c in part), mark) for part, mark in text.parts]
    if text.length > text.shown:
        parts.append((f" … ({count(text.length)} characters)", False))
    return parts


def _percent(share: float, is_fair: Callable[[str], bool]) -> str:
    texts = (f"{100 * share:.{digits}f}" for digits in range(1, 17))
    return next((text for text in texts if is_fair(text)), repr(100 * share)) + "%"
