"""What the second and the fifth section show: the data, and whether what runs is what was trained."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from dbt_dedup import __version__
from dbt_dedup.registry.artefact import MODEL, Artefact
from dbt_dedup.registry.promotion import broken_parity, read_history
from dbt_dedup.report.source import Data, EntityTables, Metric, Served
from dbt_dedup.words import count, counted, named, percent

# how a metric stands: style, sign, and what a screen reader says
MARKS = {
    "ok": ("good", "✓", "reached"),
    "warning": ("bad", "!", "reached, but near the target"),
    "failure": ("bad", "✗", "missed"),
    "unknown": ("unknown", "?", "not known"),
}


def data_titles(data: Data) -> dict[str, str]:
    """The findings about fields and blocking rules, as titles."""
    return {"fields": _fields_title(data), "rules": _rules_title(data)}


def quality_section(tables: EntityTables, artefact: Artefact, served: Served, project_dir: Path) -> dict[str, Any]:
    """The variables of the template's fifth section."""
    card = artefact.card
    software = [(name, trained, _installed(name)) for name, trained in card["versions"].items()]
    return {
        "broken_parity": broken_parity(artefact),
        "served_by": served.version,
        "metrics": served.metrics,
        "metrics_title": _metrics_title(served.metrics),
        "marks": MARKS,
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
    by_level: dict[str, list[str]] = {}
    for metric in metrics:
        by_level.setdefault(metric.level, []).append(metric.name)
    unknown = len(by_level.get("unknown", ()))
    checked = f"{count(len(metrics) - unknown)} of {counted(len(metrics), 'target')} can be checked"
    if "failure" in by_level:
        return f"The served tables miss {named(by_level['failure'])}" + (f"; {checked}" if unknown else "")
    if "warning" in by_level:
        title = f"The served tables reach their targets, but {named(by_level['warning'])} warns"
    else:
        title = "The served tables reach their targets"
    return f"{title}, of which {checked.replace(' targets', '')}" if unknown else title


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
