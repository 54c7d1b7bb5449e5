"""Whether a model reaches what the owner of its entity asked for, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dbt_dedup.registry.promotion import expected_quality, missed_targets, random_sample
from dbt_dedup.report.changes import Comparison
from dbt_dedup.spec import Spec
from dbt_dedup.words import against, count, counted, named, percent, short_percent

GOOD, BAD, UNKNOWN = "good", "bad", "unknown"
MARKS = {GOOD: "✓ reached", BAD: "✗ missed", UNKNOWN: "? not known"}


@dataclass(frozen=True)
class Goal:
    """One target of the entity and what the model makes of it; `state` is a key of `MARKS`."""

    name: str
    meaning: str
    value: str
    target: str
    state: str
    basis: str

    @property
    def mark(self) -> str:
        """The state, readable without colours."""
        return MARKS[self.state]


@dataclass(frozen=True)
class ReviewLoad:
    """Pairs that wait for a person: those in the served review queue, or else those that the model would put there."""

    pairs: int
    is_served: bool


@dataclass(frozen=True)
class Verdict:
    """The top of the page."""

    state: str
    headline: str
    sentences: tuple[str, ...]
    goals: tuple[Goal, ...]


def judge(
    spec: Spec, card: dict[str, Any], review: ReviewLoad, production: str | None, comparison: Comparison | None
) -> Verdict:
    """Compare cross-validated quality and the expected review load with the targets.

    Args:
        spec: thresholds and targets.
        card: that of the model.
        review: pairs that wait for a person.
        production: the version in production, None where there is none.
        comparison: with the model in production; None where it is this one or cannot be compared.
    """
    goals = (*_quality(spec, card), _review(spec, review))
    missed = [goal.name for goal in goals if goal.state == BAD]
    unknown = [goal.name for goal in goals if goal.state == UNKNOWN]
    checked = f"{len(goals) - len(unknown)} of {len(goals)} targets can be checked: {_why_unknown(card)}."
    if missed:
        headline = f"This model misses the target for {named(missed)}" + (f"; only {checked}" if unknown else ".")
    elif unknown:
        headline = checked
    else:
        headline = "This model reaches all its targets."
    state = BAD if missed else UNKNOWN if unknown else GOOD
    sentences = [_place(card["version"], production, comparison), *_next_step(spec, card, production, state)]
    return Verdict(state, headline[0].upper() + headline[1:], tuple(sentences), goals)


def _quality(spec: Spec, card: dict[str, Any]) -> tuple[Goal, Goal]:
    targets, validation = spec.targets, card.get("cross_validation") or {}
    overall = validation.get("overall")
    asked = (("precision", targets.precision), ("recall", targets.recall))
    questions = {
        "precision": "Share of the merged pairs that are right:",
        "recall": "Share of the pairs of one entity that are merged:",
    }
    expected = expected_quality(spec, card)
    if not overall or (expected is None and overall["threshold"] != spec.thresholds.match):
        basis = _why_unknown(card) + "."
        first, second = (
            Goal(
                name,
                questions[name],
                "–",
                f"target {short_percent(target)}",
                UNKNOWN,
                basis,
            )
            for name, target in asked
        )
        return first, second
    sample = random_sample(card)
    counts = {
        "precision": _counted(overall, "precision", "merged labelled pairs are right"),
        "recall": _counted(overall, "recall", "labelled matches are merged"),
    }
    values = expected or {name: sample[name]["value"] if sample else overall[name] for name in counts}
    at = "" if overall["threshold"] == spec.thresholds.match else f" at match threshold {overall['threshold']:g}"
    bases = {
        name: _of_sample(sample, name) if sample else f"{counts[name]}{at}{_of_folds(validation['folds'], name)}"
        for name in counts
    }
    errors = {"precision": (expected or {}).get("precision_error", 0.0), "recall": 0.0}

    def explained(name: str, target: float) -> str:
        is_close = values[name] < target <= values[name] + errors[name]
        close = f", within one standard error, {percent(errors[name])}, of the target" if is_close else ""
        of_clusters = f"expected of the clusters that the final model makes{close}. " if expected else ""
        return f"{of_clusters}Held out: {bases[name]}"

    first, second = (
        Goal(
            name,
            questions[name],
            against(values[name], target),
            f"target {short_percent(target)}",
            GOOD if values[name] + errors[name] >= target else BAD,
            explained(name, target),
        )
        for name, target in asked
    )
    return first, second


def _counted(overall: dict[str, Any], name: str, what: str) -> str:
    hits = round(overall["recall"] * overall["matches"])
    whole = (
        overall["matches"] if name == "recall" else round(hits / overall["precision"]) if overall["precision"] else 0
    )
    return f"{count(hits)} of {count(whole)} {what}"


def _of_sample(sample: dict[str, Any], name: str) -> str:
    low, high = (percent(sample[name][end]) for end in ("low", "high"))
    return (
        f"on {count(sample['pairs'])} labels sampled at random, {count(sample['matches'])} of them matches, each"
        f" weighted by the pairs it represents; {low} to {high} with 95% confidence."
    )


def _of_folds(folds: list[dict[str, Any]], name: str) -> str:
    if len(folds) < 2:
        return "."
    by_fold = [fold[name] for fold in folds]
    return f"; {percent(min(by_fold))} to {percent(max(by_fold))} in {len(folds)} folds."


def _why_unknown(card: dict[str, Any]) -> str:
    overall = (card.get("cross_validation") or {}).get("overall")
    if not overall:
        return "it was trained without labels"
    return f"it was measured at match threshold {overall['threshold']:g}, which is no longer the entity's"


def _review(spec: Spec, review: ReviewLoad) -> Goal:
    budget = spec.targets.review_budget
    if review.is_served:
        basis = f"the pairs of `{spec.name}_review_queue`, as the last build left it."
    else:
        basis = (
            "the pairs that this model would put into the review queue: at the review threshold"
            f" {spec.thresholds.review:g} or above, not decided by a label, and not in one entity."
        )
    return Goal(
        "review",
        "Pairs that wait for a person:",
        count(review.pairs),
        f"budget {count(budget)}",
        GOOD if review.pairs <= budget else BAD,
        basis,
    )


def _place(version: str, production: str | None, comparison: Comparison | None) -> str:
    if production == version:
        return "It is the model in production."
    if production is None:
        return "No model is in production."
    if comparison is None:
        return f"{production} is in production and cannot be compared with it."
    if not comparison.changed_count:
        return f"{production} is in production and makes the same decision on every candidate pair."
    more = comparison.entities_after - comparison.entities_before
    if more:
        entities = (
            f"{count(abs(more))} {'entity' if abs(more) == 1 else 'entities'} {'more' if more > 0 else 'fewer'} than"
        )
    else:
        entities = "as many entities as"
    return (
        f"Against {production}, which is in production, {counted(comparison.merged_count, 'pair')} would newly be"
        f" merged and {count(comparison.parted_count)} no longer: {entities} now."
    )


def _next_step(spec: Spec, card: dict[str, Any], production: str | None, state: str) -> list[str]:
    version, entity, suggested = card["version"], spec.name, card.get("thresholds") or card.get("suggested_thresholds")
    if not card.get("cross_validation"):
        return [f"To know its precision and recall, label some pairs with `dbt-dedup label {entity}`."]
    if missed_targets(spec, card):
        refused = [f"`dbt-dedup promote {entity} {version}` would refuse it."] if production != version else []
        if suggested and suggested["reached"] and suggested["match"] != spec.thresholds.match:
            return [
                f"At match threshold {suggested['match']:g} and review threshold {suggested['review']:g} in the entity"
                f" spec it would reach precision {percent(suggested['precision'])} and recall"
                f" {percent(suggested['recall'])}; then train again.",
                *refused,
            ]
        return refused
    if state == GOOD and production != version:
        return [f"`dbt-dedup promote {entity} {version}` puts it into production."]
    return []
