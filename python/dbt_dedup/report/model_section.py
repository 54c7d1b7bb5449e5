"""What the third section shows: how the model was chosen, how good it is, and how it decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dbt_dedup.names import LABEL_FREE
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.report import charts
from dbt_dedup.report.changes import Scan
from dbt_dedup.report.cross_validated import Choice, CrossValidatedPairs
from dbt_dedup.report.effects import Influence, effects, influences
from dbt_dedup.report.examples import hardest_pairs
from dbt_dedup.report.source import EntityTables
from dbt_dedup.report.svg import bar, whisker
from dbt_dedup.report.verdict import ReviewLoad
from dbt_dedup.spec import Spec, Thresholds
from dbt_dedup.words import count, counted, named, percent

EFFECTS = 12
NAMED = 4


@dataclass(frozen=True)
class KindRow:
    """A kind of classifier as cross-validation saw it, with its log loss and standard error as a picture."""

    kind: str
    log_loss: float
    f1: float
    picture: Markup
    taken: bool


@dataclass(frozen=True)
class InfluenceRow:
    """What a field adds for a match and against one, in log2 odds, with a picture."""

    field: str
    for_match: float
    against: float
    picture: Markup


@dataclass(frozen=True)
class ThresholdRow:
    """A choice of thresholds with what it gives; `name` says whether it is in force or suggested."""

    match: float
    review: float
    precision: float
    recall: float
    merged: int
    between: int
    name: str


def model_section(
    tables: EntityTables,
    artefact: Artefact,
    tested: CrossValidatedPairs | None,
    offered: Sequence[Choice],
    scanned: Scan,
    review: ReviewLoad,
) -> dict[str, Any]:
    """The variables of the template's third section.

    Args:
        tables: for the records of the hardest pairs.
        artefact: the model.
        tested: labelled pairs with held-out probabilities, None where there are none.
        offered: choices of thresholds on those pairs.
        scanned: counts over all candidate pairs.
        review: pairs that wait for a person at the thresholds in force.
    """
    spec, card = tables.spec, artefact.card
    fields = influences(artefact, artefact.known(spec))
    return {
        "model_summary": _summary(card),
        "tested": tested,
        "why_not_tested": _why_not_tested(card, spec),
        "kinds": list(_kinds(card)),
        "kinds_title": _kinds_title(card),
        "curve": charts.learning_curve(card["learning_curve"]) if card.get("learning_curve") else None,
        "review": review,
        "load": charts.review_load(scanned, review, spec),
        "parity_pairs": len(artefact.parity.record_ids),
        "influences": list(_pictured(fields)),
        "influence_title": f"The fields that decide most are {named([influence.field for influence in fields[:2]])}"
        if len(fields) > 1
        else "One field decides",
        **_effects(artefact, artefact.known(spec)),
        **(_held_out(tables, card, tested, offered, scanned) if tested else dict.fromkeys(HELD_OUT)),
    }


HELD_OUT = ("precision_recall", "thresholds", "reliability", "calibration", "hardest", "hardest_title")


def suggested_thresholds(card: dict[str, Any], spec: Spec) -> Thresholds | None:
    """The thresholds that training chose; None where it chose none."""
    chosen = card.get("thresholds") or card.get("suggested_thresholds")
    return Thresholds(chosen["match"], chosen["review"], spec.floor) if chosen else None


def _held_out(
    tables: EntityTables, card: dict[str, Any], tested: CrossValidatedPairs, offered: Sequence[Choice], scanned: Scan
) -> dict[str, Any]:
    spec = tables.spec
    suggested = suggested_thresholds(card, spec)
    now = next(choice for choice in offered if choice.thresholds == spec.thresholds)
    advised = next((choice for choice in offered if choice.thresholds == suggested and choice is not now), None)
    wrong = len(tested.hardest())
    return {
        "precision_recall": charts.precision_recall(tested.precision_recall_curve(), now, advised, spec),
        "thresholds": [
            ThresholdRow(
                choice.thresholds.match,
                choice.thresholds.review,
                choice.precision,
                choice.recall,
                scanned.pairs_at[choice.thresholds.match],
                scanned.pairs_between(choice.thresholds),
                "in force" if choice is now else "suggested" if choice is advised else "",
            )
            for choice in offered
        ],
        "reliability": charts.reliability(card["reliability"], card["calibration"]["learnt_from"]),
        "calibration": _calibration(card),
        "hardest": hardest_pairs(tables, tested),
        "hardest_title": f"{counted(wrong, 'label')} of {count(len(tested))}"
        f" {'contradicts' if wrong == 1 else 'contradict'} the model",
    }


def _summary(card: dict[str, Any]) -> str:
    used = len(card["features"]) - len(card["ignored_features"])
    what = f"A model of kind {card['kind']} over {used} of {len(card['features'])} features"
    if without := card.get("without_labels"):
        return (
            f"{what}, learned without labels from {count(without['sampled_pairs'])} candidate pairs and"
            f" {count(without['random_pairs'])} random pairs. Its precision and recall are unknown."
            + "".join(f" {reason}" for reason in without.get("reasons", []))
        )
    labels = card["labels"]
    return (
        f"{what}, trained on {counted(labels['match'] + labels['no_match'], 'labelled pair')}:"
        f" {count(labels['match'])} match and {count(labels['no_match'])} no match."
    )


def _calibration(card: dict[str, Any]) -> str:
    used, sample = card["calibration"], card["cross_validation"]["random_sample"]
    if used["pairs"]:
        calibrated = (
            f"The probabilities were calibrated on {count(used['pairs'])} held-out pairs: {used['learnt_from']}."
        )
    else:
        calibrated = "The probabilities were not calibrated: too few labels are a sample of the candidate pairs."
    if not sample:
        return f"{calibrated} No label was drawn at random, so precision and recall are those of the labelled pairs."
    shares = (
        f"{name} {percent(interval['value'])} ({percent(interval['low'])} to {percent(interval['high'])})"
        for name, interval in (("precision", sample["precision"]), ("recall", sample["recall"]))
    )
    return (
        f"{calibrated} On the {counted(sample['pairs'], 'label')} drawn at random, at the match threshold in force:"
        f" {' and '.join(shares)}, with 95% intervals; these hold for all candidate pairs."
    )


def _why_not_tested(card: dict[str, Any], spec: Spec) -> str:
    if not card.get("cross_validation"):
        return (
            "Trained without labels, it was not cross-validated: there is no comparison of kinds, no learning curve, no"
            " precision and recall at other thresholds, no check of its probabilities, and no label to contradict it."
            f" `dbt-dedup label {spec.name}` and `dbt-dedup train {spec.name}` give all of them."
        )
    return (
        "The held-out probabilities of the labelled pairs were not kept when this version was trained, so precision and"
        " recall at other thresholds, the check of its probabilities and the hardest pairs are not shown."
        f" `dbt-dedup train {spec.name}` keeps them."
    )


def _kinds(card: dict[str, Any]) -> Iterator[KindRow]:
    compared = card.get("compared_kinds") or []
    if len(compared) < 2:
        return
    ends = [kind["log_loss"] + sign * kind["standard_error"] for kind in compared for sign in (-1, 1)]
    low, span = min(ends), max(ends) - min(ends) or 1.0
    for kind in compared:
        loss, error = kind["log_loss"], kind["standard_error"]
        taken = kind["kind"] == _taken(card)
        at = [(value - low) / span for value in (loss - error, loss, loss + error)]
        picture = whisker(at[0], at[1], at[2], f"{loss:.4f}, standard error {error:.4f}", "a" if taken else "other")
        yield KindRow(_shown(kind["kind"]), loss, kind["f1"], picture, taken)


def _kinds_title(card: dict[str, Any]) -> str:
    compared = card.get("compared_kinds") or []
    if len(compared) < 2:
        return ""
    best = min(compared, key=lambda kind: float(kind["log_loss"]))["kind"]
    taken = _taken(card)
    if best == taken:
        return f"{_sentence(_shown(best))} predicts best of {len(compared)} kinds"
    return f"{_sentence(_shown(taken))} is the simplest kind that chance cannot tell from the best, {_shown(best)}"


def _taken(card: dict[str, Any]) -> str:
    """The name, among those compared, of what was taken; cards of before 0.2 have only the kind."""
    return str(card.get("taken", card["kind"]))


def _shown(kind: str) -> str:
    return "learned without labels" if kind == LABEL_FREE else kind


def _pictured(fields: Sequence[Influence]) -> Iterator[InfluenceRow]:
    left = max(-influence.against for influence in fields)
    span = left + max(influence.for_match for influence in fields) or 1.0
    zero = left / span
    for influence in fields:
        parts = [(zero + influence.against / span, zero, "wrong"), (zero, zero + influence.for_match / span, "full")]
        yield InfluenceRow(
            influence.field, influence.for_match, influence.against, bar(parts, "weights against and for")
        )


def _effects(artefact: Artefact, spec: Spec) -> dict[str, Any]:
    shown = effects(artefact, spec)
    weights = charts.effect_range(shown)
    drawn = [(effect, charts.effect(effect, weights)) for effect in shown]
    silent = sorted(set(spec.feature_names) - {effect.feature for effect in shown})
    names = named(silent) if len(silent) <= NAMED else f"{count(len(silent))} features"
    note = f"Not drawn, because no probability depends on them: {names}." if silent else ""
    return {"effects": drawn[:EFFECTS], "more_effects": drawn[EFFECTS:], "effects_note": note}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
