"""Charts as SVG text: a few marks on two axes, nothing that needs a network, a script or a library.

Colours and sizes of text are classes of `style.css`, so that a chart follows the page into dark mode and onto paper.
Coordinates have two decimals, so the same numbers give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from markupsafe import Markup, escape

Point = tuple[float, float]
Format = Callable[[float], str]


@dataclass(frozen=True)
class Scale:
    """Where a value lies between two coordinates; with `log` by its logarithm, and `low` is above 0."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Coordinate of a value."""
        low, high, at = (math.log(v) if self.log else v for v in (self.low, self.high, value))
        share = (at - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.end - self.start)


@dataclass
class Plot:
    """Marks on an x and a y axis, in the order in which they are added.

    Attributes:
        x_range, y_range: lowest and highest value of each axis.
        width, height: size in units of the view box; the page scales it.
        log_x, log_y: whether an axis is logarithmic; its range is above 0.
        margins: room at the top, right, bottom and left.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: int = 400
    height: int = 250
    log_x: bool = False
    log_y: bool = False
    margins: tuple[int, int, int, int] = (30, 14, 40, 44)
    _marks: list[str] = field(default_factory=list)

    @property
    def x(self) -> Scale:
        """The scale from left to right."""
        return Scale(*self.x_range, self.margins[3], self.width - self.margins[1], self.log_x)

    @property
    def y(self) -> Scale:
        """The scale from the bottom up."""
        return Scale(*self.y_range, self.height - self.margins[2], self.margins[0], self.log_y)

    def axes(
        self,
        x_title: str,
        y_title: str,
        x_ticks: Iterable[float],
        y_ticks: Iterable[float],
        x_text: Format,
        y_text: Format,
    ) -> Plot:
        """Grid lines with the values of the y axis, and the values and titles of both."""
        left, right, bottom = self.x.start, self.x.end, self.y.start
        for value in y_ticks:
            at = self.y(value)
            self._line("grid", left, at, right, at)
            self.text(left - 7, at + 4, y_text(value), "end")
        for value in x_ticks:
            at = self.x(value)
            self._line("tick", at, bottom, at, bottom + 4)
            self.text(at, bottom + 17, x_text(value), "middle")
        self._line("axis", left, bottom, right, bottom)
        self.text(0, 13, y_title, "start", "title")
        self.text(right, self.height - 4, x_title, "end", "title")
        return self

    def line(self, points: Sequence[Point], style: str) -> Plot:
        """Straight lines from point to point."""
        path = " ".join(f"{_n(self.x(x))},{_n(self.y(y))}" for x, y in points)
        self._marks.append(f'<polyline class="{style}" points="{path}"/>')
        return self

    def dot(self, x: float, y: float, style: str, radius: float = 4.5) -> Plot:
        """A disc at a point."""
        self._marks.append(f'<circle class="{style}" cx="{_n(self.x(x))}" cy="{_n(self.y(y))}" r="{_n(radius)}"/>')
        return self

    def area(self, x: tuple[float, float], y: tuple[float, float], style: str) -> Plot:
        """A rectangle from corner to corner."""
        left, right = sorted((self.x(x[0]), self.x(x[1])))
        top, bottom = sorted((self.y(y[0]), self.y(y[1])))
        self._rect(style, left, top, right - left, bottom - top)
        return self

    def rule(self, x: float, label: str, row: int = 0) -> Plot:
        """A vertical line through the plot with its name next to its top, `row` lines further down."""
        at, down = self.x(x), self.margins[0] + 6 + 15 * row
        self._line("rule", at, self.margins[0] - 4, at, self.y.start)
        return (
            self.text(at - 5, down, label, "end", "note")
            if at - self.x.start > 80
            else self.text(at + 5, down, label, "start", "note")
        )

    def text(self, x: float, y: float, text: str, anchor: str, style: str = "") -> Plot:
        """Text at coordinates of the view box; `anchor` is start, middle or end."""
        kind = f' class="{style}"' if style else ""
        self._marks.append(f'<text{kind} x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{escape(text)}</text>')
        return self

    def render(self, label: str, style: str = "chart") -> Markup:
        """The SVG element; `label` is read out in its place."""
        return Markup(_svg(style, self.width, self.height, label, "".join(self._marks)))

    def _line(self, style: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self._marks.append(f'<line class="{style}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>')

    def _rect(self, style: str, x: float, y: float, width: float, height: float) -> None:
        self._marks.append(
            f'<rect class="{style}" x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}"/>'
        )


def bar(parts: Sequence[tuple[float, float, str]], label: str, width: int = 120, height: int = 12) -> Markup:
    """A bar for a cell of a table: from and to, in [0, 1] of its width, and style of each part."""
    marks = "".join(
        f'<rect class="{style}" x="{_n(start * width)}" y="0" width="{_n(max(end - start, 0) * width)}"'
        f' height="{height}"/>'
        for start, end, style in parts
    )
    return Markup(_svg("bar", width, height, label, marks))


def whisker(low: float, middle: float, high: float, label: str, style: str, width: int = 160) -> Markup:
    """A dot with a line through it for a cell of a table, all in [0, 1] of its width less the room for the dot."""
    height, room = 16, 6
    low, middle, high = (room + value * (width - 2 * room) for value in (low, middle, high))
    marks = (
        f'<line class="grid" x1="0" y1="8" x2="{width}" y2="8"/>'
        f'<line class="{style}" x1="{_n(low)}" y1="8" x2="{_n(high)}" y2="8"/>'
        f'<circle class="{style}" cx="{_n(middle)}" cy="8" r="4.5"/>'
    )
    return Markup(_svg("whisker", width, height, label, marks))


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values from `low` to `high`, about `wanted` of them: multiples of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((1, 2, 5, 10), key=lambda unit: abs(unit * power - rough)) * power
    first = math.ceil(low / step - 1e-9)
    ticks: list[float] = []
    while (first + len(ticks)) * step <= high + step * 1e-9:
        ticks.append(round((first + len(ticks)) * step, 12))
    return ticks


def _svg(style: str, width: int, height: int, label: str, marks: str) -> str:
    return f'<svg class="{style}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{marks}</svg>'


def _n(value: float) -> str:
    """A coordinate with at most two decimals, and never -0."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def svg_file(width: int, height: int, label: str, marks: str) -> str:
    """The text of an SVG file that is no part of a page.

    The light colours of `style.css` are written out, since few programs for pictures know variables. The marks may have
    the classes title, strong, value, grid, axis, rule, link, for, against, total
    and paper.
    """
    colours = page_colours()
    style = (
        f"text {{ font: 12px system-ui, 'Helvetica Neue', Arial, sans-serif; fill: {colours['muted']}; }}"
        f" .title {{ font-size: 15px; font-weight: 600; fill: {colours['ink']}; }}"
        f" .strong {{ font-weight: 600; fill: {colours['ink']}; }} .value {{ fill: {colours['ink']}; }}"
        f" .grid {{ stroke: {colours['grid']}; }} .axis, .link {{ stroke: {colours['muted']}; stroke-width: 0.8; }}"
        f" .rule {{ stroke: {colours['ink']}; stroke-dasharray: 3 3; }}"
        f" .for {{ fill: {colours['a']}; }} .against {{ fill: {colours['b']}; }} .total {{ fill: {colours['muted']}; }}"
        f" .paper {{ fill: {colours['paper']}; }}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{escape(label)}"><style>{style}</style>'
        f'<rect width="{width}" height="{height}" fill="{colours["paper"]}"/>{marks}</svg>\n'
    )


def page_colours() -> dict[str, str]:
    """The colours of a light page by the name of their variable in `style.css`."""
    text = files("dbt_dedup.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    light, _, _ = text.partition("}")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
