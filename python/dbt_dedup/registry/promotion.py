"""Which version of an entity's model dbt scores with: changed only by a promotion, with a history that git keeps.

`<models_dir>/<entity>/production` holds the version in production, `promotions.csv` next to it one line per promotion
and rollback, oldest first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from dbt_dedup.constants import MIN_CALIBRATION_EACH, PARITY_TOLERANCE
from dbt_dedup.errors import DedupError
from dbt_dedup.files import locked, make_folder, read_bytes, replace_file
from dbt_dedup.registry.artefact import (
    PRODUCTION,
    Artefact,
    abstained,
    current_user,
    decided,
    entity_directory,
    load_artefact,
    versions,
)
from dbt_dedup.registry.production import forced_promotion, use_in_production, version_in_production
from dbt_dedup.spec import Spec
from dbt_dedup.training.thresholds import CLUSTERS

PROMOTIONS = "promotions.csv"
FIRST_MODEL = "first model"
FOUND_IN_PRODUCTION = "was in production without a record"


@dataclass(frozen=True)
class Promotion:
    """One line of the history.

    Attributes:
        version: the version in production from then on.
        action: `promote` or `rollback`.
        promoted_at: UTC, ISO 8601; empty where it was not recorded.
        promoted_by: user name; empty where it was not recorded.
        reason: why; required where a check was overridden.
        forced: whether a check was overridden, `true` or `false`.
    """

    version: str
    action: str
    promoted_at: str
    promoted_by: str
    reason: str
    forced: str = "false"


def promote(
    spec: Spec,
    project_dir: Path,
    version: str,
    *,
    force: bool = False,
    reason: str = "",
    announce: Callable[[], None] = lambda: None,
) -> list[str]:
    """Put `version` into production, unless it misses a target of the entity or does not reproduce its experiment.

    Args:
        spec: the entity, with thresholds and targets.
        project_dir: folder of the dbt project.
        version: name of a folder next to the pointer.
        force: promote although a check failed; takes a reason.
        reason: why, kept in the history.
        announce: called after the checks, before anything changes.

    Returns:
        The problems that the checks found; empty unless forced.

    Raises:
        DedupError: as `check_promotion`.
    """
    problems = check_promotion(spec, project_dir, version, force=force, reason=reason)
    announce()
    put_into_production(spec, project_dir, version, reason=reason, forced=bool(problems))
    return problems


def check_promotion(spec: Spec, project_dir: Path, version: str, *, force: bool = False, reason: str = "") -> list[str]:
    """The problems of a version that could be promoted now; arguments as of `promote`.

    Raises:
        DedupError: unknown version, an artefact that cannot be loaded, a check that failed without `force`, `force`
            without a reason, or a version that is in production already.
    """
    if force and not reason.strip():
        raise DedupError("--force takes --reason: say why the checks do not apply this time.")
    check_known_version(spec, project_dir, version)
    _refuse_again(spec, project_dir, version)
    artefact = load_artefact(spec, project_dir, version)
    problems = missed_targets(spec, artefact.card) + broken_parity(artefact)
    if problems and not force:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise DedupError(
            f"{version} is not promoted:\n{listed}\n"
            f"Train a better one, or promote it anyway with --force --reason '...'."
        )
    return problems


def _refuse_again(spec: Spec, project_dir: Path, version: str) -> None:
    history = read_history(spec, project_dir)
    current = version_in_production(spec, project_dir)
    if current == version and history and _in_force(history)[-1:] == [version]:
        raise DedupError(f"{version} is already in production for entity {spec.name!r}.")


def after_training(
    spec: Spec,
    project_dir: Path,
    version: str,
    *,
    promote_it: bool,
    announce: Callable[[], None] = lambda: None,
) -> str:
    """Promote a model that was just trained if it is the entity's first or if `promote_it`. Return the outcome as text.

    `announce` is called before the model takes the place of another one.

    Raises:
        DedupError: `promote_it`, and a check failed.
    """
    pointer = entity_directory(spec, project_dir) / PRODUCTION
    if not pointer.is_file():
        if abstained(load_artefact(spec, project_dir, version).card):
            return (
                f"Not in production: {version} abstained, so entity {spec.name!r} has no model yet.\n"
                f"  To merge only what is beyond doubt until then: {forced_promotion(spec, version)}."
            )
        put_into_production(spec, project_dir, version, reason=FIRST_MODEL)
        missed = missed_targets(spec, load_artefact(spec, project_dir, version).card)
        return "\n".join(
            [f"In production: {version}, the first model of {spec.name!r}.", *(f"  But {m}" for m in missed)]
        )
    current = version_in_production(spec, project_dir)
    if current == version:
        return f"{version} is already in production: the same data give the same model."
    if promote_it:
        promote(spec, project_dir, version, reason="train --promote", announce=announce)
        return f"In production: {version}, instead of {current}."
    return (
        f"{current} stays in production. Compare the two with `dbt-dedup models {spec.name}`; promote the new one with"
        f" `dbt-dedup promote {spec.name} {version}`."
    )


def put_into_production(spec: Spec, project_dir: Path, version: str, *, reason: str, forced: bool = False) -> None:
    """Write the history, then move the pointer, each whole or not at all; the version is not checked.

    Raises:
        DedupError: it is in production already, as where another process was faster.
    """
    with _locked_history(spec, project_dir):
        _refuse_again(spec, project_dir, version)
        _put_into_production(spec, project_dir, version, reason, forced)


def _put_into_production(spec: Spec, project_dir: Path, version: str, reason: str, forced: bool) -> None:
    history = read_history(spec, project_dir)
    current = version_in_production(spec, project_dir)
    if current and _in_force(history)[-1:] != [current]:  # changed by hand, or older than the history
        history.append(Promotion(current, "promote", "", "", FOUND_IN_PRODUCTION))
    _record(spec, project_dir, history, version, "promote", reason, forced)


def rollback(spec: Spec, project_dir: Path) -> tuple[str, str]:
    """Undo the last promotion that is in force. Return the version that leaves production and the one that is back.

    Raises:
        DedupError: no earlier promotion, a pointer that was changed by hand, or an artefact that cannot be loaded.
    """
    with _locked_history(spec, project_dir):
        return _rollback(spec, project_dir)


def _rollback(spec: Spec, project_dir: Path) -> tuple[str, str]:
    history = read_history(spec, project_dir)
    in_force = _in_force(history)
    current = version_in_production(spec, project_dir)
    pointer = entity_directory(spec, project_dir) / PRODUCTION
    if in_force and current != in_force[-1]:
        raise DedupError(
            f"{pointer} holds {current}, but the last promotion in {PROMOTIONS} is {in_force[-1]}: it was changed by"
            f" hand. Run `dbt-dedup promote {spec.name} VERSION` with the version that you want."
        )
    if len(in_force) < 2:
        raise DedupError(
            f"Entity {spec.name!r} has no earlier promotion to go back to. `dbt-dedup models {spec.name}` lists its"
            f" versions; put one into production with `dbt-dedup promote {spec.name} VERSION`."
        )
    dropped, version = in_force[-1], in_force[-2]
    load_artefact(spec, project_dir, version)
    _record(spec, project_dir, history, version, "rollback", f"undo {dropped}", False)
    return dropped, version


def random_sample(card: dict[str, Any]) -> dict[str, Any] | None:
    """Quality on the labels sampled at random; None if there are too few matches among them to measure it.

    Labels chosen by a model's doubt are harder than production, so quality over all labels would be too low.
    """
    sample: dict[str, Any] | None = (card.get("cross_validation") or {}).get("random_sample")
    return sample if sample and sample["matches"] >= MIN_CALIBRATION_EACH else None


def expected_quality(spec: Spec, card: Mapping[str, Any]) -> dict[str, float] | None:
    """Precision and recall that training expects of the clusters at the match threshold in effect; None if unknown."""
    match = decided(spec, card).thresholds.match
    chosen = card.get("thresholds") or {}
    tried = chosen["tried"] if chosen.get("chosen_on") == CLUSTERS else ()
    return next((quality for quality in tried if quality["match"] == match), None)


def missed_targets(spec: Spec, card: dict[str, Any]) -> list[str]:
    """The targets of the entity that the quality in `card` misses, one sentence each.

    Quality is that expected of the clusters, whose precision may miss its target by one standard error; where training
    did not look at clusters, that cross-validated on the random labels if there are enough of them, else on all labels.
    """
    overall = (card.get("cross_validation") or {}).get("overall")
    if not overall:
        if reasons := abstained(card):
            return [f"it abstained. {' '.join(reasons)}"]
        return ["it was trained without labels, so its precision and recall are not known."]
    match = decided(spec, card).thresholds.match
    expected = expected_quality(spec, card)
    if expected is None and overall["threshold"] != match:
        return [
            f"its precision and recall were measured at match threshold {overall['threshold']:g}, and the entity's is"
            f" {match:g} now: run `dbt-dedup train {spec.name}`."
        ]
    sample = random_sample(card)
    reached = expected or {name: sample[name]["value"] if sample else overall[name] for name in ("precision", "recall")}
    at = f"at match threshold {match:g}"
    if not expected and sample:
        at += " on the random labels"

    def measured(name: str) -> str:
        return f"expected {name} of the clusters {at}" if expected else f"cross-validated {name} {at}"

    errors = {"precision": (expected or {}).get("precision_error", 0.0), "recall": 0.0}
    return [
        f"{measured(name)} is {_below(reached[name], target)}, the target is {target:g}."
        for name, target in (("precision", spec.targets.precision), ("recall", spec.targets.recall))
        if reached[name] + errors[name] < target
    ]


def broken_parity(artefact: Artefact) -> list[str]:
    """A sentence on the parity vector that differs most from training; none if all are within `PARITY_TOLERANCE`."""
    parity = artefact.parity
    computed = artefact.classifier.predict_proba(parity.features)[:, 1]
    difference = np.abs(computed - parity.expected_probability)
    difference[np.isnan(difference)] = np.inf
    if not len(difference) or difference.max() <= PARITY_TOLERANCE:
        return []
    worst = int(difference.argmax())
    left, right = parity.record_ids[worst]
    return [
        f"{int((difference > PARITY_TOLERANCE).sum())} of {len(difference)} parity vectors differ by more than"
        f" {PARITY_TOLERANCE:g}, most for {left} and {right}: {float(parity.expected_probability[worst])!r} at"
        f" training, {float(computed[worst])!r} now."
    ]


def read_history(spec: Spec, project_dir: Path) -> list[Promotion]:
    """The promotions and rollbacks of an entity, oldest first; none where the file is missing.

    Raises:
        DedupError: the file does not hold what `put_into_production` writes.
    """
    path = entity_directory(spec, project_dir) / PROMOTIONS
    if not path.exists():
        return []
    text = read_bytes(path).decode(errors="replace")
    try:
        history = [Promotion(**row) for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)]
        if any(None in vars(line).values() or line.action not in ("promote", "rollback") for line in history):
            raise ValueError
        _in_force(history)
    except (TypeError, ValueError, IndexError, csv.Error):
        columns = ",".join(field.name for field in fields(Promotion))
        raise DedupError(
            f"{path} is not a history of promotions with columns {columns}. Restore it from git, or remove it to begin"
            " a new one."
        ) from None
    return history


def _in_force(history: Sequence[Promotion]) -> list[str]:
    """The versions promoted and not rolled back, oldest first: the last one is in production."""
    versions: list[str] = []
    for line in history:
        if line.action == "promote":
            versions.append(line.version)
        else:
            versions.pop()
    return versions


def _locked_history(spec: Spec, project_dir: Path) -> AbstractContextManager[None]:
    """Keep others from promoting while the history is read and changed."""
    folder = entity_directory(spec, project_dir)
    make_folder(folder)
    return locked(folder / PROMOTIONS)


def _record(
    spec: Spec, project_dir: Path, history: list[Promotion], version: str, action: str, reason: str, forced: bool
) -> None:
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    history = [*history, Promotion(version, action, now, current_user(), reason.strip(), str(forced).lower())]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Promotion)])
    writer.writerows([vars(line).values() for line in history])
    path = entity_directory(spec, project_dir) / PROMOTIONS
    replace_file(path, text.getvalue())
    use_in_production(spec, project_dir, version)


def check_known_version(spec: Spec, project_dir: Path, version: str) -> None:
    """Raise DedupError, naming the versions there are, if the entity's model has no such version."""
    folder = entity_directory(spec, project_dir)
    known = versions(spec, project_dir)
    if version not in known:
        raise DedupError(
            f"Entity {spec.name!r} has no version {version!r} in {folder}. Versions: {', '.join(known) or 'none'}."
        )


def _below(value: float, target: float) -> str:
    """The value with three digits, or as many as it takes to show that it lies below the target."""
    for digits in range(3, 17):
        if float(text := f"{value:.{digits}f}") < target:
            return text
    return repr(value)
