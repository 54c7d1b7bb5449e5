"""The checks of `dbt-dedup doctor`. None of them writes or builds anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import yaml

from dbt_dedup import __version__
from dbt_dedup.doctor.finding import ERROR, OK, UNKNOWN, WARNING, Finding
from dbt_dedup.errors import DedupError
from dbt_dedup.registry.production import load_production, version_in_production
from dbt_dedup.warehouse import DbtProject, close_connections, in_one_line

SHOWN = ("dbt-core", "dbt-duckdb", "duckdb", "scikit-learn")
READABLE_STORAGE = (1, 2)  # version of DuckDB whose storage format BI tools read


def examine(project: DbtProject) -> Iterator[Finding]:
    """Look over a project and yield what was found, part by part."""
    yield from _versions()
    yield from _package(project)
    try:
        entities = project.entities
    except DedupError as error:
        yield Finding(
            ERROR, f"the project cannot be parsed: {in_one_line(error)}", "correct it; everything below needs it"
        )
        return
    if not entities:
        yield Finding(
            WARNING,
            "the project has no entity",
            "`dbt-dedup init ENTITY --input TABLE` brings a table in (docs/init.md)",
        )
    yield from _database(project)
    for entity in entities:
        yield from _entity(project, entity)


def _versions() -> Iterator[Finding]:
    """Whether what is installed is what this package needs."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(text) for text in metadata.requires("dbt-dedup") or ()]
    except metadata.PackageNotFoundError:
        yield Finding(UNKNOWN, "dbt-dedup is not installed as a package, so its requirements are not known")
        return
    for requirement in needed:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(ERROR, f"{requirement.name} is missing", f"pip install '{requirement}'")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield Finding(
                ERROR, f"{requirement.name} {version} is not {requirement.specifier}", f"pip install '{requirement}'"
            )
        elif requirement.name in SHOWN:
            yield Finding(OK, f"{requirement.name} {version}")


def _package(project: DbtProject) -> Iterator[Finding]:
    """Whether both halves of dbt_dedup are of one version."""
    for folder in (project.directory / "dbt_packages" / "dbt_dedup", project.directory):
        file = folder / "dbt_project.yml"
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue
        if isinstance(content, dict) and content.get("name") == "dbt_dedup":
            found = str(content.get("version"))
            if found == __version__:
                yield Finding(OK, f"dbt_dedup {found}, both halves")
            else:
                yield Finding(
                    ERROR,
                    f"the dbt package dbt_dedup is of version {found}, the Python package of {__version__}",
                    "install the same version of both: `dbt deps --upgrade`, `pip install --upgrade dbt-dedup`",
                )
            return
    yield Finding(
        ERROR, "the dbt package dbt_dedup is not installed in the project", "add it to packages.yml and run `dbt deps`"
    )


def _database(project: DbtProject) -> Iterator[Finding]:
    """Whether the database can be read, by this process and by BI tools."""
    database = project.database
    if not project.has_database_file:
        yield Finding(OK, f"the database is {database}")
        return
    if not database.exists():
        yield Finding(WARNING, f"there is no database {database} yet", "run `dbt build`")
        return
    try:
        with project.connect() as cursor:
            rows = cursor.query(
                "select tags['storage_version'] from duckdb_databases() where path is not null"
            ).fetchall()
    except DedupError as error:
        yield Finding(ERROR, str(error))
        return
    finally:
        close_connections()
    storage = next((str(version) for (version,) in rows if version), "")
    found = re.match(r"v?(\d+)\.(\d+)", storage)
    numbers = (int(found[1]), int(found[2])) if found else None
    if numbers is None:
        yield Finding(UNKNOWN, f"the database {database} does not say its storage version")
    elif numbers > READABLE_STORAGE:
        yield Finding(
            WARNING,
            f"the database {database} has storage version {storage}, too new for tools that embed an older DuckDB",
            "let readers open published files (`publish` in the spec), or set storage_compatibility_version in the"
            " profile",
        )
    else:
        yield Finding(OK, f"the database {database} has storage version {storage}")


def _entity(project: DbtProject, entity: str) -> Iterator[Finding]:
    """The spec, model, tables and files of an entity."""
    try:
        spec = project.entity_spec(entity)
    except DedupError as error:
        yield Finding(
            ERROR, f"{entity}: the spec is wrong: {in_one_line(error)}", "correct dedup_entities in dbt_project.yml"
        )
        return
    yield Finding(OK, f"{entity}: {len(spec.fields)} fields, {len(spec.features)} features")
    try:
        if version_in_production(spec, project.directory) is None:
            yield Finding(
                ERROR,
                f"{entity}: no model in production",
                f"`dbt-dedup train {entity}`, or without labels `dbt-dedup train {entity} --no-labels`",
            )
        else:
            yield Finding(OK, f"{entity}: {load_production(spec, project.directory).version} is in production")
    except DedupError as error:
        yield Finding(
            ERROR,
            f"{entity}: the model in production is unusable: {in_one_line(error)}",
            f"`dbt-dedup models {entity}`",
        )
    yield from _tables(project, entity)
    yield from _files(project, entity)
    if not spec.publish:
        yield Finding(
            OK,
            f"{entity}: nothing is published, so readers open the file that dbt writes (docs/serve.md)",
        )


def _tables(project: DbtProject, entity: str) -> Iterator[Finding]:
    """Whether the entity is built, and whether a target is missed or unknown."""
    try:
        with project.open() as warehouse:
            metrics = warehouse.read(f"{entity}_metrics", ["metric", "value", "target", "level"]).fetchall()
    except DedupError:
        yield Finding(WARNING, f"{entity}: the tables are not built", "run `dbt build`")
        return
    finally:
        close_connections()
    states = {"failure": ERROR, "warning": WARNING, "unknown": UNKNOWN}
    for metric, value, target, level in metrics:
        if level in states:
            remedy = (
                f"label some pairs: `dbt-dedup label {entity} --audit`"
                if level == "unknown"
                else "docs/serve.md says what helps"
            )
            found = "is not measured" if value is None else f"is {value:g}"
            yield Finding(states[level], f"{entity}: {metric} {found}, the target is {target:g}", remedy)
    if not any(level in states for *_, level in metrics):
        yield Finding(OK, f"{entity}: built, and all targets are met")


def _files(project: DbtProject, entity: str) -> Iterator[Finding]:
    """Whether the files of the entity are those of this version of the package."""
    states = sorted(project.directory.glob(f"**/dedup_{entity}/dedup_init.json"))
    states = [state for state in states if "dbt_packages" not in state.parts]
    if not states:
        return
    try:
        writer = str(json.loads(Path(states[0]).read_text(encoding="utf-8"))["written_by"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding(ERROR, f"{entity}: {states[0]} is damaged ({error!r})", "restore it from git")
        return
    if writer == f"dbt-dedup {__version__}":
        yield Finding(OK, f"{entity}: files written by {writer}")
    else:
        yield Finding(
            WARNING,
            f"{entity}: files written by {writer}, installed is {__version__}",
            f"`dbt-dedup init {entity} --check`",
        )
