"""A waterfall picture: from the base of a pair, feature by feature, to its log2 odds."""

from __future__ import annotations

import math
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.explain.explanation import ExplainedEntity, ExplainedPair, Explanation
from dbt_dedup.files import replace_file
from dbt_dedup.report.svg import Scale, dot_mark, line_mark, nice_ticks, rect_mark, svg_file, text_mark
from dbt_dedup.spec import Spec
from dbt_dedup.words import counted, probability, shown

PANELS = 6  # pairs of a chain or an entity that are drawn
BARS = 40  # features of a pair with a bar of their own
LEAST = 0.05  # log2 odds; smaller ones share a bar
WIDTH, ROW, BAR = 820, 22, 14
DIGIT = 7  # width of a character of a number
LABELS, VALUES = 300, 70  # room left of the bars, and right of them
TOP, BOTTOM = 64, 46


def write_picture(found: Explanation | ExplainedEntity, path: Path) -> None:
    """Draw the pairs of an explanation, one panel each, into an SVG file.

    Raises:
        DedupError: there is no pair to draw.
    """
    replace_file(path, picture(found))


def picture(found: Explanation | ExplainedEntity) -> str:
    """The text of the SVG file: see `write_picture`."""
    if isinstance(found, Explanation):
        pairs = list(found.explained)
    else:
        pairs = [*found.tree, *([found.nearest] if found.nearest else [])]
    if not pairs:
        raise DedupError("There is no picture: no pair of the entity was scored.")
    marks: list[str] = []
    y = 0.0
    for pair in pairs[:PANELS]:
        panel = _Panel(pair, found.spec, y)
        marks += panel.marks()
        y += panel.height
    if len(pairs) > PANELS:
        marks.append(text_mark(20, y + 16, f"{len(pairs) - PANELS:,} more pairs are not drawn.", "start"))
        y += 32
    label = "What each feature adds to the log2 odds of a match"
    return svg_file(WIDTH, math.ceil(y), label, "".join(marks))


class _Panel:
    """The bars of one pair, from `y` down."""

    def __init__(self, pair: ExplainedPair, spec: Spec, y: float) -> None:
        self._pair, self._spec, self._y = pair, spec, y
        large = [part for part in pair.contributions if abs(part.weight) >= LEAST][:BARS]
        rest = [part for part in pair.contributions if part not in large]
        self._rows = [
            (f"{part.feature} = {'null' if part.value is None else f'{part.value:.3g}'}", part.weight) for part in large
        ]
        if rest:
            name = counted(len(rest), "other feature")
            self._rows.append((name, sum(part.weight for part in rest)))
        self.height = TOP + ROW * (len(self._rows) + 2) + BOTTOM

    def marks(self) -> list[str]:
        """The SVG elements."""
        pair, threshold = self._pair, self._spec.thresholds.match
        needed = math.log2(threshold / (1 - threshold)) if 0 < threshold < 1 else 0.0
        running, steps = pair.base, [pair.base]
        for _, weight in self._rows:
            running += weight
            steps.append(running)
        low, high = min(0.0, needed, *steps), max(0.0, needed, *steps)
        x = Scale(low, high, LABELS, WIDTH - VALUES)
        top, bottom = self._y + TOP, self._y + TOP + ROW * (len(self._rows) + 2)
        ids = f"{shown(pair.left.record_id)} and {shown(pair.right.record_id)}"
        marks = [
            text_mark(20, self._y + 22, f"{ids}: probability {probability(pair.probability)}", "start", "title"),
            text_mark(20, self._y + 40, "log2 odds of a match, feature by feature: +1 doubles the odds", "start"),
            *_legend(self._y + 18),
        ]
        for tick in nice_ticks(low, high):
            marks.append(line_mark("grid", x(tick), top, x(tick), bottom))
            marks.append(text_mark(x(tick), bottom + 15, f"{tick:+g}" if tick else "0", "middle"))
        marks.append(line_mark("axis", x(0), top, x(0), bottom))
        marks.append(line_mark("rule", x(needed), top - 4, x(needed), bottom))
        marks.append(text_mark(x(needed), top - 9, f"match threshold {threshold:.3g}", _anchor(x, needed)))
        bars = [("base", 0.0, pair.base, "total")]
        for (name, weight), before in zip(self._rows, steps, strict=False):
            bars.append((name, before, before + weight, "for" if weight > 0 else "against"))
        bars.append(("sum", 0.0, pair.weight, "total"))
        for place, (name, start, end, style) in enumerate(bars):
            y = top + place * ROW
            left, right = sorted((x(start), x(end)))
            middle = y + ROW / 2
            marks.append(text_mark(LABELS - 14, middle + 4, name, "end", "strong" if style == "total" else ""))
            if place + 1 < len(bars):
                marks.append(line_mark("link", x(end), middle, x(end), middle + ROW))
            marks.append(rect_mark(style, left, middle - BAR / 2, max(right - left, 1), BAR))
            amount = end if style == "total" else end - start
            value = f"{amount:+.2f}"
            # the number is read where a line would cross it
            marks.append(rect_mark("paper", right + 3, middle - 7, DIGIT * len(value) + 6, 14))
            marks.append(text_mark(right + 6, middle + 4, value, "start", "value"))
        return marks


def _legend(y: float) -> list[str]:
    marks = []
    for place, (style, name) in enumerate((("for", "for a match"), ("against", "against"))):
        x = WIDTH - 190 + 105 * place
        marks += [dot_mark(style, x, y, 5), text_mark(x + 10, y + 4, name, "start")]
    return marks


def _anchor(x: Scale, value: float) -> str:
    """Text at a value near an end of the axis grows to the other side."""
    share = (x(value) - x.start) / (x.end - x.start)
    return "start" if share < 0.2 else "end" if share > 0.8 else "middle"
