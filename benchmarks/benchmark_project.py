"""A dbt project for one entity, made from the models of the reference project."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from dbt_dedup.scaffold import write_models

REPOSITORY = Path(__file__).parent.parent


def write_project(
    folder: Path, entity: str, spec: dict[str, Any], inputs: dict[str, str], store_features: bool = False
) -> None:
    """Write a dbt project that installs this repository as a package and declares one entity.

    Args:
        folder: where to write it; what is there is replaced.
        entity: name of the entity; the reference models are written under this name.
        spec: the entity spec.
        inputs: SQL of the models the entity reads, by name.
        store_features: whether the pair features are a table, for a benchmark that reads them many times.
    """
    shutil.rmtree(folder, ignore_errors=True)
    write_models(entity, folder / "models" / entity)
    shutil.copytree(REPOSITORY / "seeds" / "reference", folder / "seeds" / "reference")
    for name, sql in inputs.items():
        (folder / "models" / f"{name}.sql").write_text(sql + "\n")
    write_yaml(folder / "packages.yml", {"packages": [{"local": str(REPOSITORY)}]})
    write_yaml(
        folder / "dbt_project.yml",
        {
            "name": "measured",
            "version": "1.0.0",
            "profile": "measured",
            "models": {"measured": {"+materialized": "table", entity: _views(entity, store_features)}},
            "vars": {"dedup_entities": {entity: spec}},
        },
    )
    output = {"type": "duckdb", "path": str(folder / "warehouse.duckdb"), "threads": 2}
    write_yaml(folder / "profiles.yml", {"measured": {"target": "dev", "outputs": {"dev": output}}})


def _views(entity: str, store_features: bool) -> dict[str, Any]:
    """The relations that the reference project computes as they are read, as its YAML says."""
    view = {"+materialized": "view"}
    return {
        **({} if store_features else {"compare": view}),
        "score": {f"{entity}_match_reasons": view},
        "serve": {f"{entity}_provenance": view, f"{entity}_likely_typos": view},
    }


def run(folder: Path, *command: str) -> None:
    """Run a command of this environment inside a project; where it fails, show its output and end the program."""
    done = attempt(folder, *command)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed in {folder}\n{done.stdout}\n{done.stderr}")


def attempt(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment inside a project, which may fail, and return what it printed."""
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PROFILES_DIR": str(folder)}
    executable = Path(sys.executable).parent / command[0]
    return subprocess.run([executable, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True)


def machine() -> dict[str, Any]:
    """The machine and the versions that a figure was measured with."""
    system = f"{platform.system()} {platform.machine()}"
    return {
        "machine": f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("duckdb", "dbt-core", "dbt-duckdb", "scikit-learn", "numpy")},
    }


def write_yaml(file: Path, content: dict[str, Any]) -> None:
    """Write YAML that keeps the order of its keys."""
    file.write_text(yaml.safe_dump(content, sort_keys=False))
