"""What the fourth section shows: what would change in production, and what the model costs there."""

from __future__ import annotations

from typing import Any

from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.report.changes import DECISIONS, Comparison
from dbt_dedup.report.examples import flipped_pair, regrouped_entity, shown_keys
from dbt_dedup.report.source import EntityTables
from dbt_dedup.words import count, counted, percent


def production_section(
    tables: EntityTables, artefact: Artefact, other: Artefact | None, comparison: Comparison | None
) -> dict[str, Any]:
    """The variables of the template's fourth section.

    Args:
        tables: for the records of the examples.
        artefact: the model.
        other: the model in production; None where it is the same, missing, or cannot be compared.
        comparison: with `other`.
    """
    cards = [
        {**shown.card, "heading": "in production" if shown is other else "this model"}
        for shown in (other, artefact)
        if shown
    ]
    section: dict[str, Any] = {
        "comparison": comparison,
        "decisions": DECISIONS,
        "cards": cards,
        "cost_title": _cost_title(cards),
        "cost_rows": _cost_rows(cards),
    }
    if comparison:
        section["comparison_titles"] = {"pairs": _pairs_title(comparison), "entities": _entities_title(comparison)}
        flips = (*comparison.merged, *comparison.parted)
        groups = (*comparison.merges, *comparison.splits)
        keys = {key for flip in flips for key in (flip.left, flip.right)}
        keys |= {key for entity in groups for _, key in shown_keys(entity)}
        records = tables.records(keys)
        section |= {
            "merged": [flipped_pair(flip, records) for flip in comparison.merged],
            "parted": [flipped_pair(flip, records) for flip in comparison.parted],
            "merges": [regrouped_entity(entity, records) for entity in comparison.merges],
            "splits": [regrouped_entity(entity, records) for entity in comparison.splits],
        }
    return section


def _pairs_title(comparison: Comparison) -> str:
    changed = comparison.changed_count
    if not changed:
        return "No decision changes"
    verb = "changes" if changed == 1 else "change"
    return f"{counted(changed, 'decision')} of {count(comparison.decisions.sum())} {verb}"


def _entities_title(comparison: Comparison) -> str:
    merges, splits = comparison.merge_count, comparison.split_count
    if not merges and not splits:
        return "No entity changes"
    return (
        f"{count(merges)} {'entity' if merges == 1 else 'entities'} would unite several of today's,"
        f" {count(splits)} of today's would be split"
    )


def _cost_title(cards: list[dict[str, Any]]) -> str:
    seconds = [card.get("seconds_per_million_pairs") for card in cards]
    if len(seconds) == 2 and all(seconds):
        before, after = (float(value) for value in seconds if value)
        return f"A million pairs cost {after:.2g} seconds to score, {before:.2g} in production"
    if seconds[-1]:
        return f"A million pairs cost {seconds[-1]:.2g} seconds to score"
    return "Cost and quality" + (" of both models" if len(cards) == 2 else "")


def _cost_rows(cards: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    rows = [
        ("version", [card["version"] for card in cards]),
        ("labels", [count(sum(card["labels"].values())) for card in cards]),
        ("features in use", [count(len(card["features"]) - len(card["ignored_features"])) for card in cards]),
        ("seconds per million pairs", [_or_dash(card.get("seconds_per_million_pairs"), "{:.2g}") for card in cards]),
    ]
    quality = [(card.get("cross_validation") or {}).get("overall") or {} for card in cards]
    for name in ("precision", "recall", "f1"):
        title = "F1" if name == "f1" else name
        rows.append((f"{title}, held out", [percent(overall[name]) if name in overall else "–" for overall in quality]))
    rows.append(("log loss, held out", [_or_dash(overall.get("log_loss"), "{:.4f}") for overall in quality]))
    return rows


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)
