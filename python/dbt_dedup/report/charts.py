"""The charts of the report, each under a title that says what it shows here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from dbt_dedup.report.changes import Scan
from dbt_dedup.report.cross_validated import Choice
from dbt_dedup.report.effects import Effect
from dbt_dedup.report.svg import Plot, nice_ticks
from dbt_dedup.report.verdict import ReviewLoad
from dbt_dedup.spec import Spec
from dbt_dedup.training.calibration import RANDOM_LABELS
from dbt_dedup.words import count, counted, percent, short_percent

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
Legend = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figure:
    """A chart under its finding.

    Attributes:
        title: what it shows, in a sentence.
        chart: the SVG.
        reading: how to read it, in a sentence or two.
        legend: style of a mark and what it means.
    """

    title: str
    chart: Markup
    reading: str
    legend: Legend = ()


def precision_recall(curve: Sequence[tuple[float, float]], now: Choice, suggested: Choice | None, spec: Spec) -> Figure:
    """Precision against recall at every threshold, with the region that the targets ask for."""
    targets = spec.targets
    marked = [now, *([suggested] if suggested else [])]
    low_x = max(0.0, _down(min([targets.recall, *(choice.recall for choice in marked)]) - 0.1))
    low_y = max(0.0, _down(min([targets.precision, *(choice.precision for choice in marked)]) - 0.1))
    plot = Plot((low_x, 1.0), (low_y, 1.0))
    ticks_x, ticks_y = nice_ticks(low_x, 1.0, 4), nice_ticks(low_y, 1.0, 4)
    plot.area((targets.recall, 1.0), (targets.precision, 1.0), "goal")
    plot.axes("Recall", "Precision", ticks_x, ticks_y, short_percent, short_percent)
    inside = _clip([(0.0, curve[0][1]), *curve], low_x, low_y)
    plot.line(inside, "line a")
    if suggested:
        plot.dot(suggested.recall, suggested.precision, "ring a", 5.5)
    plot.dot(now.recall, now.precision, "dot a", 4.5)
    reached = now.precision >= targets.precision, now.recall >= targets.recall
    at = f"On held-out labels, at match threshold {now.thresholds.match:g}"
    if all(reached):
        title = f"{at} both targets are reached"
    else:
        missed = " and ".join(name for name, ok in zip(("precision", "recall"), reached, strict=True) if not ok)
        title = f"{at} {missed} " + ("miss their targets" if not any(reached) else "misses its target")
        if suggested and suggested.precision >= targets.precision and suggested.recall >= targets.recall:
            title += f"; at {suggested.thresholds.match:g} both are reached"
    legend = [("dot a", f"match threshold in force, {now.thresholds.match:g}")]
    if suggested:
        legend.append(("ring a", f"suggested, {suggested.thresholds.match:g}"))
    legend.append(
        ("goal", f"precision {short_percent(targets.precision)} and recall {short_percent(targets.recall)} or better")
    )
    return Figure(
        title,
        plot.render(
            f"{title}. Precision {percent(now.precision)}, recall {percent(now.recall)} of the labelled pairs, each"
            " scored by a model that had not seen its records."
        ),
        "A lower threshold moves to the right along the line: more of the true pairs are found (recall), and of the"
        " merged pairs fewer are right (precision). These are single labelled pairs, often chosen because they are"
        " hard; the entities that the final model makes are better where other pairs correct a wrong one.",
        tuple(legend),
    )


def review_load(scanned: Scan, review: ReviewLoad, spec: Spec) -> Figure:
    """How many candidate pairs lie at which probability."""
    thresholds, budget = spec.thresholds, spec.targets.review_budget
    most = max(int(scanned.histogram.max()), 10)
    top = 10.0 ** math.ceil(math.log10(most))
    plot = Plot((0.0, 1.0), (0.7, top), log_y=True, margins=(30, 14, 40, 60))
    if thresholds.review < thresholds.match:
        plot.area((thresholds.review, thresholds.match), (0.7, top), "band")
    decades = range(int(math.log10(top)) + 1)
    every = max(1, math.ceil(len(decades) / 5))
    plot.axes(
        "Probability of a match",
        "Candidate pairs",
        SHARES,
        [10.0**power for power in decades if power % every == 0],
        lambda value: f"{value:g}",
        count,
    )
    bins = len(scanned.histogram)
    for number, pairs in enumerate(scanned.histogram.tolist()):
        if pairs:
            plot.area(((number + 0.08) / bins, (number + 0.92) / bins), (0.7, float(pairs)), "bar-a")
    plot.rule(thresholds.match, f"match {thresholds.match:g}", 0)
    if thresholds.review < thresholds.match:
        plot.rule(thresholds.review, f"review {thresholds.review:g}", 0 if _apart(thresholds) else 1)
    side = "within" if review.pairs <= budget else "over"
    verb = ("waits" if review.pairs == 1 else "wait") if review.is_served else "would wait"
    title = f"{counted(review.pairs, 'pair')} {verb} for a person, {side} the budget of {count(budget)}"
    return Figure(
        title,
        plot.render(
            f"{title}. {count(scanned.pairs_at[thresholds.match])} of {count(scanned.histogram.sum())} candidate pairs"
            " are at the match threshold or above."
        ),
        "Each grid line is ten times the one below. Pairs to the right of the shaded band match. Of the"
        f" {counted(scanned.pairs_between(thresholds), 'pair')} in the band, a person is asked about those that no"
        " label decides and whose records are not in one entity. Few pairs in the middle mean a model that is sure.",
    )


def reliability(measured: dict[str, Any], learned_from: str) -> Figure:
    """Share of matches against predicted probability, as the card has it."""
    plot = Plot((0.0, 1.0), (0.0, 1.0))
    plot.axes("Predicted probability", "Share that are matches", SHARES, SHARES, short_percent, short_percent)
    plot.line([(0.0, 0.0), (1.0, 1.0)], "line reference")
    for group in measured["bins"]:
        interval = [(group["probability"], group["observed"][end]) for end in ("low", "high")]
        plot.line(interval, "line a thin")
    for group in measured["bins"]:
        plot.dot(group["probability"], group["observed"]["value"], "dot a")
    pairs = count(sum(group["pairs"] for group in measured["bins"]))
    which = "labelled pairs drawn at random" if learned_from == RANDOM_LABELS else "labelled pairs"
    error = 100 * measured["expected_calibration_error"]
    title = f"Probabilities are {error:.1f} points from what was observed, on average"
    return Figure(
        title,
        plot.render(f"{title}, over {pairs} {which}."),
        f"Of the {pairs} {which}, those of similar probability are one dot. On the dashed line nine in ten pairs"
        " of probability 0.9 are matches; above it the model is underconfident, below it"
        " overconfident. Bars are 95% intervals.",
    )


def learning_curve(curve: dict[str, Any]) -> Figure:
    """F1 against the number of labels trained on, and what more of them may bring."""
    points = [(float(labels), float(f1)) for labels, _, f1 in curve["points"]]
    last, expected, more = points[-1], float(curve["expected_f1"]), int(curve["more_labels"])
    goal = (last[0] + more, expected)
    values = [f1 for _, f1 in [*points, goal]]
    low, high = max(0.0, _down(min(values) - 0.02, 0.02)), min(1.0, -_down(-max(values) - 0.005, 0.02))
    plot = Plot((points[0][0] * 0.92, goal[0] * 1.06), (low, high), log_x=True)
    plot.axes(
        "Labels trained on",
        "F1",
        [*(x for x, _ in points), goal[0]],
        nice_ticks(low, high, 4),
        count,
        lambda v: f"{v:.2f}",
    )
    plot.line([last, goal], "line a dashed").line(points, "line a")
    plot.dot(*goal, "ring a")
    for point in points:
        plot.dot(*point, "dot a")
    gain = expected - last[1]
    if not curve.get("gain_is_measurable", True):
        title = f"No measurable gain from {more} more labels: F1 stays near {last[1]:.3f}"
    elif gain >= 0.002:
        title = f"{more} more labels may raise F1 from {last[1]:.3f} to about {expected:.3f}"
    else:
        title = f"{more} more labels would change F1 little: it stays near {last[1]:.3f}"
    return Figure(
        title,
        plot.render(f"{title}. " + ", ".join(f"{count(x)} labels: {y:.3f}" for x, y in points)),
        "The same held-out pairs were scored by models trained on a quarter, half and all of the other labels. The ring"
        " extends the straight line through them: a rough guess.",
        (("dot a", "measured, mean over the folds"), ("ring a", f"expected with {more} more labels")),
    )


def effect(shown: Effect, weights: tuple[float, float]) -> Markup:
    """The weight of a feature against its value; `weights` is the range of the weight axis, shared by all."""
    low, high = shown.points[0][0], shown.points[-1][0]
    plot = Plot((low, high), weights, width=200, height=116, margins=(8, 8, 20, 30))
    plot.axes("", "", [], [t for t in nice_ticks(*weights, 3) if t], _number, lambda v: f"{v:+g}")
    plot.line([(low, 0.0), (high, 0.0)], "line zero").line(shown.points, "line a")
    plot.text(plot.x.start, plot.height - 4, _number(low), "start")
    plot.text(plot.x.end, plot.height - 4, _number(high), "end")
    least, most = (f"{pick(w for _, w in shown.points):+.1f}" for pick in (min, max))
    return plot.render(f"{shown.feature}: weights from {least} to {most}", "chart small")


def effect_range(shown: Sequence[Effect]) -> tuple[float, float]:
    """Least and largest weight of some effects, with 0 between them."""
    weights = [0.0, *(weight for effect in shown for _, weight in effect.points)]
    return min(weights), max(weights)


def _clip(points: Sequence[tuple[float, float]], low_x: float, low_y: float) -> list[tuple[float, float]]:
    """The part of a curve of growing x that lies in view, cut where it enters and leaves it."""
    inside: list[tuple[float, float]] = []
    for before, after in pairwise(points):
        ends = []
        for (x, y), (other_x, other_y) in ((before, after), (after, before)):
            if x < low_x <= other_x:
                y += (low_x - x) / (other_x - x) * (other_y - y)
                x = low_x
            if x >= low_x and y < low_y <= other_y:
                x += (low_y - y) / (other_y - y) * (other_x - x)
                y = low_y
            ends.append((x, y))
        if all(x >= low_x and y >= low_y for x, y in ends):
            inside += [end for end in ends if end not in inside[-1:]]
    return inside


def _apart(thresholds: Any) -> bool:
    """Whether the names of the two thresholds fit side by side."""
    return bool(thresholds.match - thresholds.review >= 0.25)


def _down(value: float, step: float = 0.1) -> float:
    """The largest multiple of `step` that is not above the value."""
    return round(math.floor(value / step + 1e-9) * step, 10)


def _number(value: float) -> str:
    return f"{value:.3g}"
