"""What the second and the fifth section show: the data, and whether what runs is what was trained."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from dbt_dedup import __version__
from dbt_dedup.registry.artefact import MODEL, Artefact
from dbt_dedup.registry.promotion import broken_parity, read_history
from dbt_dedup.report.source import Data, EntityTables, Metric
from dbt_dedup.report.words import named, percent


def data_titles(data: Data) -> dict[str, str]:
    """The findings about fields and blocking rules, as titles."""
    return {"fields": _fields_title(data), "rules": _rules_title(data)}


def quality_section(tables: EntityTables, artefact: Artefact, project_dir: Path) -> dict[str, Any]:
    """The variables of the template's fifth section."""
    card = artefact.card
    served_by, metrics = tables.served()
    software = [(name, trained, _installed(name)) for name, trained in card["versions"].items()]
    return {
        "broken_parity": broken_parity(artefact),
        "served_by": served_by,
        "metrics": metrics,
        "metrics_title": _metrics_title(metrics),
        "software": software,
        "software_title": _software_title(software),
        "history": list(reversed(read_history(tables.spec, project_dir))),
        "label_count": sum(card["labels"].values()),
        "digests": [
            ("training data", card["training_data_sha256"]),
            ("features", card["features_sha256"]),
            (MODEL, card["sha256"][MODEL]),
        ],
        "card_now": __version__,
    }


def _fields_title(data: Data) -> str:
    if not data.records:
        return "There are no records"
    worst = min(data.fields, key=lambda field: field.usable)
    wanting = [
        field.field
        for field in data.fields
        if (field.min_complete is not None and field.usable / field.records < field.min_complete)
        or (field.max_problems is not None and field.filled and field.problems / field.filled > field.max_problems)
    ]
    if wanting:
        return f"{named(wanting)} {'is' if len(wanting) == 1 else 'are'} worse than the entity spec allows"
    return f"The emptiest field, {worst.field}, is usable in {percent(worst.usable / data.records)} of the records"


def _rules_title(data: Data) -> str:
    most = max(data.rules, key=lambda rule: rule.only_this, default=None)
    if not most or not data.candidate_pairs:
        return "Blocking proposes no pair"
    dropped = [rule.name for rule in data.rules if rule.dropped_pairs]
    if dropped:
        return f"Blocks were too large, and their pairs dropped, in {named(dropped)}"
    share = percent(most.only_this / data.candidate_pairs)
    return f"The rule {most.name} alone proposes {share} of the pairs, more than any other rule"


def _metrics_title(metrics: tuple[Metric, ...]) -> str:
    if not metrics:
        return "The served tables were not measured"
    missed = [metric.name for metric in metrics if metric.is_met is False]
    if missed:
        return f"The served tables miss {named(missed)}"
    return "The served tables reach their targets"


def _software_title(software: list[tuple[str, str, str]]) -> str:
    changed = [name for name, trained, now in software if trained != now]
    return f"{named(changed)} changed since training" if changed else "The software is the same as at training"


def _installed(name: str) -> str:
    if name == "dbt_dedup":
        return __version__
    if name == "python":
        return platform.python_version()
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "–"
