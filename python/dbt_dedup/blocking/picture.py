"""The trade-off of a suggestion as an SVG file: likely matches found against pairs proposed, rule by rule."""

from __future__ import annotations

from pathlib import Path

from dbt_dedup.blocking.suggest import Suggestion
from dbt_dedup.files import replace_file
from dbt_dedup.report.svg import Scale, dot_mark, line_mark, nice_ticks, svg_file, text_mark

WIDTH, HEIGHT = 820, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 24, 60, 48


def write_picture(found: Suggestion, path: Path) -> None:
    """Draw a suggestion into an SVG file."""
    replace_file(path, picture(found))


def picture(found: Suggestion) -> str:
    """The text of the SVG file: a dot for each rule, at the pairs and the share found of it and those before."""
    most = max((choice.total_pairs for choice in found.choices), default=0) or 1
    x = Scale(0, most, LEFT, WIDTH - RIGHT)
    y = Scale(0, 1, HEIGHT - BOTTOM, TOP)
    label = f"Likely matches of {found.entity} that the rules find, against the pairs that they propose"
    marks = [text_mark(LEFT, 24, label, "start", "title")]
    for value in nice_ticks(0, 1):
        marks.append(line_mark("grid", LEFT, y(value), WIDTH - RIGHT, y(value)))
        marks.append(text_mark(LEFT - 8, y(value) + 4, f"{value:.0%}", "end"))
    for value in nice_ticks(0, most):
        marks.append(text_mark(x(value), HEIGHT - BOTTOM + 20, f"{value:,.0f}", "middle"))
    marks.append(line_mark("axis", LEFT, y(0), WIDTH - RIGHT, y(0)))
    marks.append(text_mark(WIDTH - RIGHT, HEIGHT - 8, "pairs", "end"))
    before = (x(0), y(0))
    for number, choice in enumerate(found.choices, start=1):
        here = (x(choice.total_pairs), y(choice.total_found))
        marks += [line_mark("link", *before, *here), dot_mark("for", *here, 4.5)]
        late = here[0] > WIDTH / 2
        # below the curve, which rises and flattens: names stand apart by their number
        row = y(0) - 14 * (len(found.choices) - number) - 8
        marks.append(
            text_mark(here[0] + (-8 if late else 8), max(here[1] + 16, row), choice.name, "end" if late else "start")
        )
        before = here
    return svg_file(WIDTH, HEIGHT, label, "".join(marks))
