"""The versions of an entity's model side by side, read from their cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.registry.artefact import MODEL, Artefact, decided, entity_directory, load_artefact, read_card, versions
from dbt_dedup.registry.cost import seconds_per_million_pairs
from dbt_dedup.registry.production import version_in_production
from dbt_dedup.spec import Spec

COLUMNS = (
    "",
    "version",
    "labels",
    "matches",
    "precision",
    "recall",
    "F1",
    "features",
    "kB",
    "s per 1M pairs",
    "trained at",
    "by",
)
NUMBERS = frozenset(COLUMNS[2:10])


@dataclass(frozen=True)
class Version:
    """One version of a model.

    Attributes:
        name: name of its folder.
        card: its card; empty where it cannot be read.
        model_bytes: size of the model file.
        seconds: to score a million pairs on this machine, measured now on its parity vectors; None where it cannot be
            loaded.
        problem: why it cannot be used; None where it can.
        in_production: whether dbt scores with it.
        unknown_features: features that were added to the entity after training.
    """

    name: str
    card: dict[str, Any]
    model_bytes: int
    seconds: float | None
    problem: str | None
    in_production: bool
    unknown_features: tuple[str, ...] = ()


def read_versions(spec: Spec, project_dir: Path) -> list[Version]:
    """All versions of an entity's model, also those that cannot be used, oldest training first."""
    current = version_in_production(spec, project_dir)
    listed = []
    for name in versions(spec, project_dir):
        folder = entity_directory(spec, project_dir) / name
        problem, card, seconds, size = None, {}, None, 0
        unknown: tuple[str, ...] = ()
        try:
            card, model = read_card(spec, folder), folder / MODEL
            size = model.stat().st_size if model.is_file() else 0
            artefact = load_artefact(spec, project_dir, name)
            seconds, unknown = _seconds(artefact), artefact.unknown_features(spec)
        except (DedupError, OSError) as error:  # of a folder that may not be read
            problem = str(error)
        listed.append(Version(name, card, size, seconds, problem, name == current, unknown))
    return sorted(listed, key=lambda version: (version.card.get("trained_at", ""), version.name))


def table_of_versions(spec: Spec, project_dir: Path) -> str:
    """The versions as a table for the terminal, the one in production marked by `*`."""
    listed = read_versions(spec, project_dir)
    if not listed:
        return (
            f"Entity {spec.name!r} has no model in {entity_directory(spec, project_dir)}."
            f" Run `dbt-dedup train {spec.name}`."
        )
    lines = [*_aligned([COLUMNS, *(_row(version) for version in listed)]), ""]
    if any(version.in_production for version in listed):
        lines.append("* in production")
    targets = spec.targets
    lines.append(
        "Precision, recall and F1 are those of held-out pairs, by cross-validation; the targets are"
        f" {targets.precision:g} and {targets.recall:g}."
    )
    for version in listed:
        if version.problem or not version.card:
            continue
        match = decided(spec, version.card).thresholds.match
        measured = _quality(version).get("threshold", match)
        lines.append(
            f"{version.name} merges from match threshold {match:g} on"
            + (f", and was measured at {measured:g}." if measured != match else ".")
        )
    lines += [
        f"{version.name} was trained before {_features(version.unknown_features)} existed and does not use"
        f" {'it' if len(version.unknown_features) == 1 else 'them'}."
        for version in listed
        if version.unknown_features
    ]
    lines += [f"{version.name} cannot be used: {version.problem}" for version in listed if version.problem]
    return "\n".join(lines)


def _features(names: Sequence[str]) -> str:
    return f"feature{'' if len(names) == 1 else 's'} {', '.join(names)}"


def _row(version: Version) -> tuple[str, ...]:
    card, quality = version.card, _quality(version)
    labels = card.get("labels") or {}
    used = len(card.get("features", ())) - len(card.get("ignored_features", ()))
    return (
        "*" if version.in_production else "",
        version.name,
        f"{labels.get('match', 0) + labels.get('no_match', 0):,}" if labels else "",
        f"{labels.get('match', 0):,}" if labels else "",
        *(f"{quality[name]:.3f}" if name in quality else "" for name in ("precision", "recall", "f1")),
        f"{used}" if card else "",
        f"{version.model_bytes / 1000:.0f}",
        "" if version.seconds is None else f"{version.seconds:.2g}",
        str(card.get("trained_at", ""))[:16].replace("T", " "),
        str(card.get("trained_by", "")),
    )


def _quality(version: Version) -> dict[str, float]:
    overall: dict[str, float] = (version.card.get("cross_validation") or {}).get("overall") or {}
    return overall


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[j]) for row in rows) for j in range(len(COLUMNS))]
    return [
        "  ".join(
            text.rjust(width) if column in NUMBERS else text.ljust(width)
            for text, width, column in zip(row, widths, COLUMNS, strict=True)
        ).rstrip()
        for row in rows
    ]


def _seconds(artefact: Artefact) -> float:
    return seconds_per_million_pairs(artefact.classifier, artefact.parity.features)
