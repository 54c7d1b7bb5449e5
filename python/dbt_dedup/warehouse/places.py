"""Folders that belong to a dbt project: what a command is asked to write somewhere does not go there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError

# What `dbt_project.yml` calls the folders that dbt reads, and those that it writes and cleans; with their defaults.
READ = {
    "model-paths": "models",
    "seed-paths": "seeds",
    "macro-paths": "macros",
    "test-paths": "tests",
    "snapshot-paths": "snapshots",
    "analysis-paths": "analyses",
    "function-paths": "functions",
    "packages-install-path": "dbt_packages",
}
WRITTEN = {"target-path": "target", "log-path": "logs"}
GENERATED = tuple(WRITTEN)
MODELS_DIR = "models_dir"
WHOLE = "."


def check_place(path: Path, project: Path | None, instead: str, allowed: tuple[str, ...] = ()) -> None:
    """Refuse to write where a dbt project has its own files.

    Looked at are the project that a command is about, and the nearest one above the path. A folder that
    `dbt_project.yml` names with Jinja is not known here.

    Args:
        path: a file or folder to write, which may be missing.
        project: folder of the project that the command is about; None where it is about none.
        instead: the way out, such as "Name another folder, such as published."
        allowed: keys of folders that may be written to, of `READ`, `WRITTEN`, `models_dir`, or `.`, the project's own.

    Raises:
        DedupError: the path is one of these folders, or inside it.
    """
    resolved = path.resolve()
    parts = [resolved, *resolved.parents]
    if ".." not in path.parts:  # a package may be a link to a folder elsewhere
        parts += [path.absolute(), *path.absolute().parents]
    above = next((folder for folder in parts if (folder / "dbt_project.yml").is_file()), None)
    for directory in dict.fromkeys(folder.resolve() for folder in (project, above) if folder):
        if WHOLE not in allowed and _is_same(resolved, directory):
            raise DedupError(f"{path} is the folder of the dbt project itself, so nothing is written there. {instead}")
        for key, folder in _owned(directory):
            if key not in allowed and any(_is_same(part, folder) for part in parts):
                what = f"`{key}` of the dbt project in {directory}"
                raise DedupError(f"{path} is in {folder}, {what}, so nothing is written there. {instead}")


def _owned(directory: Path) -> Iterator[tuple[str, Path]]:
    """The folders of a project, each with the key that names it."""
    import yaml

    try:
        content = yaml.safe_load((directory / "dbt_project.yml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        content = None
    declared = content if isinstance(content, dict) else {}
    for key, default in (READ | WRITTEN).items():
        given = declared.get(key, default)
        for name in given if isinstance(given, list) else [given]:
            if isinstance(name, str) and name.strip() and "{{" not in name:
                yield key, (directory / name).resolve()
    for name in {"dedup_models", *_models_dirs(declared.get("vars"))}:
        yield MODELS_DIR, (directory / name).resolve()


def _models_dirs(variables: Any) -> Iterator[str]:
    """The folders of trained models that entities name, wherever `dedup_entities` stands among the variables."""
    for key, value in variables.items() if isinstance(variables, dict) else ():
        if key != "dedup_entities":
            yield from _models_dirs(value)
            continue
        for entity in value.values() if isinstance(value, dict) else ():
            if isinstance(entity, dict) and isinstance(entity.get(MODELS_DIR), str):
                yield entity[MODELS_DIR]


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one folder, also where the system reads upper and lower case alike."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False
