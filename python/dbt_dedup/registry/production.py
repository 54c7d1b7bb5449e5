"""The version of an entity's model in production: the one that the file `production` names, next to the versions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import read_bytes, replace_file
from dbt_dedup.registry.artefact import (
    PRODUCTION,
    VERSION,
    Artefact,
    abstained,
    entity_directory,
    load_artefact,
    read_card,
    versions,
)
from dbt_dedup.spec import Spec


def use_in_production(spec: Spec, project_dir: Path, version: str) -> None:
    """Make dbt score with `version`."""
    replace_file(entity_directory(spec, project_dir) / PRODUCTION, version + "\n")


def load_production(spec: Spec, project_dir: Path) -> Artefact:
    """The artefact in production, checked as in `load_artefact`.

    Raises:
        DedupError: nothing is in production, or its artefact fails a check.
    """
    version = version_in_production(spec, project_dir)
    if version is None:
        raise DedupError(
            f"Entity {spec.name!r} has no model in production: {entity_directory(spec, project_dir) / PRODUCTION} is"
            f" missing. {_way_to_production(spec, project_dir)}"
        )
    return load_artefact(spec, project_dir, version)


def _way_to_production(spec: Spec, project_dir: Path) -> str:
    """How an entity gets a model into production."""
    cards = [read_card(spec, entity_directory(spec, project_dir) / version) for version in versions(spec, project_dir)]
    if not cards or not all(abstained(card) for card in cards):
        return f"Run `dbt-dedup train {spec.name}` first, or restore the file from git."
    last = max(cards, key=lambda card: str(card["trained_at"]))["version"]
    return (
        f"Learning without labels abstained: label some pairs (`dbt-dedup label {spec.name}`), then run"
        f" `dbt-dedup train {spec.name}`. To merge only what is beyond doubt until then:"
        f" {forced_promotion(spec, last)}."
    )


def forced_promotion(spec: Spec, version: str) -> str:
    """The command that puts a version into production although a check fails, as people are told."""
    return f"`dbt-dedup promote {spec.name} {version} --force --reason '...'`"


def load_for_build(spec: Spec, project_dir: Path) -> Artefact:
    """The artefact that a dbt command scores with: what was in production when its first model asked.

    dbt runs its Python models in one process. A promotion in the meantime takes effect in the next command, so no build
    scores with a version whose parity it did not check.

    Raises:
        DedupError: as `load_production`.
    """
    from dbt_common.invocation import get_invocation_id

    key = (project_dir.resolve(), spec.models_dir, spec.name)
    with _lock:
        if tried := _tried.get((project_dir.resolve(), spec.name)):
            return load_artefact(spec, project_dir, tried)
        invocation = get_invocation_id()
        if _of_invocation.get(key, ("", ""))[0] != invocation:
            _of_invocation[key] = (invocation, load_production(spec, project_dir).version)
        version = _of_invocation[key][1]
    return load_artefact(spec, project_dir, version)


_lock = threading.Lock()
_of_invocation: dict[tuple[Path, str, str], tuple[str, str]] = {}
_tried: dict[tuple[Path, str], str] = {}


@contextmanager
def as_if_in_production(spec: Spec, project_dir: Path, version: str) -> Iterator[None]:
    """Whatever this process scores meanwhile, dbt's Python models too, it scores with `version`; no file changes."""
    key = (project_dir.resolve(), spec.name)
    _tried[key] = version
    try:
        yield
    finally:
        del _tried[key]


def version_in_production(spec: Spec, project_dir: Path) -> str | None:
    """The version that the pointer names; None where there is no pointer.

    Raises:
        DedupError: the pointer does not hold one version.
    """
    if tried := _tried.get((project_dir.resolve(), spec.name)):
        return tried
    pointer = entity_directory(spec, project_dir) / PRODUCTION
    if not pointer.exists():
        return None
    version = read_bytes(pointer).decode(errors="replace").strip()
    if not VERSION.fullmatch(version):
        raise DedupError(
            f"{pointer} should hold one line with a version such as additive-3f9a1c2b, found {version[:80]!r}."
            " Restore it from git, or remove it and run `dbt-dedup promote "
            f"{spec.name} VERSION`."
        )
    return version
