"""Bring a table into a dbt project as an entity: its declaration, its models, their YAML, and the lists they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from dbt_dedup import __version__
from dbt_dedup.errors import DedupError
from dbt_dedup.files import read_text, write_file
from dbt_dedup.guess.proposal import Known, Proposal, propose
from dbt_dedup.labelling import label_file
from dbt_dedup.overrides import log as override_log
from dbt_dedup.reference import REFERENCE_ENTITY, package_directory, reference_lists
from dbt_dedup.registry.production_model import is_production_model, production_model_file
from dbt_dedup.scaffold.descriptions import Columns, entity_yaml
from dbt_dedup.scaffold.edit import with_entry, with_item
from dbt_dedup.scaffold.entry import entry_text, flow
from dbt_dedup.scaffold.models import model_texts
from dbt_dedup.scaffold.new_project import package_entry, project_texts
from dbt_dedup.scaffold.planned import STATE, PlannedFile, plan_files, write_files
from dbt_dedup.scaffold.project_file import PROJECT_FILE, ProjectFile
from dbt_dedup.scaffold.table_input import CSV, PARQUET, file_input, relation_input, sources_text
from dbt_dedup.seed_files import create_seed
from dbt_dedup.warehouse import DbtProject, close_connections, in_one_line

ENTITY_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
LONGEST_NAME = 40
PACKAGES_FILE = "packages.yml"
OWN_SCHEMA = "dedup"
Seed = tuple[Path, str, tuple[str, ...], str]  # folder, name, columns, description


@dataclass(frozen=True)
class Setup:
    """What has to be written for an entity.

    Attributes:
        directory: of the project.
        entity: its name.
        folder: of its models, below that of the project.
        entry: its entry in `dedup_entities`, as YAML.
        proposal: the guesses behind the entry; None where the project declares the entity already.
        files: whole files, with their state.
        edits: new texts of files that others share, such as `dbt_project.yml`, by path; only those that change.
        pasted: what people have to add by hand, because a file leaves no safe place: path and text.
        seeds: seeds to create where they are missing.
    """

    directory: Path
    entity: str
    folder: str
    entry: str
    proposal: Proposal | None
    files: tuple[PlannedFile, ...]
    edits: Mapping[str, str]
    pasted: Mapping[str, str]
    seeds: tuple[Seed, ...]

    def in_state(self, state: str) -> list[PlannedFile]:
        """The files in a state."""
        return [file for file in self.files if file.state == state]

    def write(self, *, states: tuple[str, ...]) -> None:
        """Write the files in some states, the edits and the seeds.

        Raises:
            DedupError: a file cannot be written.
        """
        kept = [file for file in self.files if file.state in states]
        write_files(self.directory, kept, self.directory / self.folder / STATE, __version__)
        for folder, name, columns, description in self.seeds:
            create_seed(folder, name, columns, description)
        for path, text in self.edits.items():
            write_file(self.directory / path, text)


def check_entity_name(entity: str) -> None:
    """Raise DedupError if an entity cannot have this name."""
    if not ENTITY_NAME.fullmatch(entity) or len(entity) > LONGEST_NAME:
        raise DedupError(
            f"{entity!r} cannot be the name of an entity: it becomes part of the names of tables. Use lower-case"
            f" letters, digits and single underscores, at most {LONGEST_NAME}, such as customers."
        )


def prepare_setup(
    directory: Path,
    entity: str,
    given_input: str | None,
    known: Known,
    open_project: Callable[[], DbtProject],
    *,
    database: Path | None = None,
    say: Callable[[str], None],
) -> Setup:
    """Find out what has to be written for an entity; nothing is.

    Args:
        directory: of the project, which may have no `dbt_project.yml` yet.
        entity: name of the entity.
        given_input: the table: a file, or what the project calls it; None where the project declares the entity.
        known: what the user says instead of a guess.
        open_project: opens the project of the folder, if it is one.
        database: a DuckDB file for a new project.
        say: is called with what is going on.

    Raises:
        DedupError: a wrong name or input, a table that cannot be an entity, names that are taken, or files that cannot
            be read.
    """
    check_entity_name(entity)
    project = ProjectFile.read(directory)
    if not project.is_missing:
        _check_names(project, entity)
    texts: dict[str, str] = {}
    proposal, declared = None, project.declared(entity)
    if declared:
        if given_input:
            say(f"{entity} is declared in {PROJECT_FILE}: that counts, and --input is not read.")
    else:
        declared, proposal, texts = _look_at(project, entity, given_input, known, open_project, database, say)
    say(f"Checking the declaration of {entity} ...")
    columns = _field_columns(directory, entity, declared, open_project, is_declared=proposal is None)
    folder = project.model_folder(entity)
    for name, text in {**model_texts(entity), **entity_yaml(entity, declared, columns, _reference_columns())}.items():
        texts[f"{folder}/{name}"] = text
    promoted = f"{folder}/check/{production_model_file(entity)}"
    is_promoted = _is_promoted(entity, directory, promoted)
    if is_promoted:
        del texts[promoted]
    texts |= _list_texts(project)
    entry = entry_text(entity, declared, dict.fromkeys(proposal.unsure, "unsure") if proposal else None)
    shared = project_texts(directory, database) if project.is_missing else {}
    edits, pasted = _edits(project, entity, entry if proposal else None, shared)
    return Setup(
        directory=directory,
        entity=entity,
        folder=folder,
        entry=entry,
        proposal=proposal,
        files=tuple(plan_files(directory, texts, directory / folder / STATE, [promoted] if is_promoted else [])),
        edits=edits,
        pasted=pasted,
        seeds=tuple(_missing_seeds(project, declared)),
    )


def _look_at(
    project_file: ProjectFile,
    entity: str,
    given_input: str | None,
    known: Known,
    open_project: Callable[[], DbtProject],
    database: Path | None,
    say: Callable[[str], None],
) -> tuple[dict[str, Any], Proposal, dict[str, str]]:
    """Look at the table: the entry of the entity, the guesses, and the files that make the table readable."""
    directory, models = project_file.directory, project_file.models
    if not given_input:
        raise DedupError(
            f"--input is missing: {entity} is not declared in {directory / PROJECT_FILE}. Name a CSV or Parquet file,"
            " or a table of the project."
        )
    path = Path(given_input).expanduser()
    if path.exists() or path.suffix.lower() in (*CSV, *PARQUET) or (project_file.is_missing and not database):
        file = file_input(path, entity)
        say(f"Looking at {path} ...")
        with file.read() as relation:
            proposal = propose(relation, known, can_make_id=True)
        text = {f"{models}/{file.name}.sql": file.model_text(directory, proposal.makes_id)}
        return proposal.declared(file.name, entity), proposal, text
    with _database_project(project_file, database, open_project) as project:
        found = relation_input(project, given_input, directory)
        if isinstance(found.declared, str):
            node = project.node(found.declared)
            say(f"Building {found.declared} ...")
            project.build(f"+{node.name}")
        say(f"Looking at {given_input} ...")
        with project.connect(missing_is_empty=True) as cursor:  # a source may be a file
            proposal = propose(cursor.query(f"select * from {found.relation}"), known, can_make_id=False)
    text = {}
    if found.schema:
        text[f"{models}/{entity}_source.yml"] = sources_text(found)
    return proposal.declared(found.declared, entity), proposal, text


@contextmanager
def _database_project(
    project_file: ProjectFile, database: Path | None, open_project: Callable[[], DbtProject]
) -> Iterator[DbtProject]:
    """The project, or for a new one a project without models over the database."""
    if not project_file.is_missing:
        yield open_project()
        return
    assert database is not None
    if not database.is_file():
        raise DedupError(f"--database {database}: there is no such file.")
    with TemporaryDirectory() as temporary:
        for path, text in project_texts(project_file.directory, database).items():
            write_file(Path(temporary) / path, text)
        yield DbtProject(Path(temporary), Path(temporary), output=Path(temporary))
        close_connections()


def _check_names(project: ProjectFile, entity: str) -> None:
    """Raise DedupError if the project has models that are called as some that would be written."""
    own = {Path(name).stem for name in model_texts(entity)}
    directory, folder = project.directory, project.model_folder(entity)
    taken = [
        file.relative_to(directory).as_posix()
        for suffix in ("*.sql", "*.py")
        for file in sorted((directory / project.models).rglob(suffix))
        if file.stem in own and not file.relative_to(directory).as_posix().startswith(f"{folder}/")
    ]
    if taken:
        raise DedupError(
            f"The project has a model of the name {Path(taken[0]).stem} already ({taken[0]}), and names of models are"
            f" unique. Choose another name for the entity, such as unique_{entity}, or move the models to {folder}."
        )


def _field_columns(
    directory: Path,
    entity: str,
    declared: Mapping[str, Any],
    open_project: Callable[[], DbtProject],
    *,
    is_declared: bool,
) -> Columns:
    """The columns that the fields give, which also checks the declaration; types of the project's own count too."""
    own_types = is_declared and any((directory / "macros").rglob("prepare_*.sql"))
    if own_types:
        return open_project().field_columns(entity)
    return _field_columns_of_package(entity, declared)


@cache
def _reference_columns() -> Columns:
    """The columns of the reference entity, which do not change while a process runs."""
    return _field_columns_of_package(REFERENCE_ENTITY, ProjectFile.read(package_directory()).declared(REFERENCE_ENTITY))


def _field_columns_of_package(entity: str, declared: Mapping[str, Any]) -> Columns:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        profile = {"dedup_init": {"target": "dev", "outputs": {"dev": {"type": "duckdb", "path": ":memory:"}}}}
        write_file(folder / "profiles.yml", yaml.safe_dump(profile))
        project = DbtProject(
            package_directory(),
            folder,
            profile="dedup_init",
            variables={"dedup_entities": {entity: dict(declared)}},
            output=folder,
        )
        try:
            return project.field_columns(entity)
        except DedupError as error:  # dbt's own log goes with the folder
            raise DedupError(in_one_line(error).removeprefix("dbt compile: ")) from error
        finally:
            close_connections()


def _is_promoted(entity: str, directory: Path, path: str) -> bool:
    """Whether the model that promotions write is there, with whatever version."""
    file = directory / path
    return file.is_file() and is_production_model(entity, file.read_bytes().decode("utf-8", errors="replace"))


def _list_texts(project: ProjectFile) -> dict[str, str]:
    """The reference lists, where the project has them already or in a folder of their own."""
    directory, seeds = project.directory, project.seeds
    lists = sorted(reference_lists().iterdir())
    there = list((directory / seeds).rglob("dedup_placeholders.csv")) if (directory / seeds).is_dir() else []
    folder = there[0].parent.relative_to(directory).as_posix() if there else f"{seeds}/dedup_reference"
    return {f"{folder}/{file.name}": file.read_bytes().decode("utf-8") for file in lists if file.is_file()}


def _missing_seeds(project: ProjectFile, declared: Mapping[str, Any]) -> Iterator[Seed]:
    """Seeds of labels and overrides that the entry names and the project has not."""
    every = {
        "labels": (label_file.COLUMNS, label_file.SEED_DESCRIPTION),
        "overrides": (override_log.COLUMNS, override_log.SEED_DESCRIPTION),
    }
    folder, models = project.directory / project.seeds, project.directory / project.models
    for key, (columns, description) in every.items():
        name = declared.get(key)
        if isinstance(name, str) and not any(
            any(place.rglob(f"{name}{suffix}"))
            for place in (folder, models)
            if place.is_dir()
            for suffix in (".csv", ".sql", ".py")
        ):
            yield folder, name, tuple(columns), description


def _edits(
    project: ProjectFile, entity: str, entry: str | None, shared: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """New texts of files that others share, and what has to be pasted where that is not safe.

    Args:
        project: as it is.
        entity: name of the entity.
        entry: its entry in `dedup_entities`; None where it is there already.
        shared: the files of a new project, by path below its folder.
    """
    directory, edits, pasted = project.directory, dict(shared), {}
    before = shared.get(PROJECT_FILE) or read_text(directory / PROJECT_FILE)
    text = before
    name = str(yaml.safe_load(text)["name"])
    entries = [(["models", name], _model_config(entity, own_schema=not project.is_missing))]
    if entry is not None:
        entries.append((["vars", "dedup_entities"], entry))
    for path, block in entries:
        if _has(yaml.safe_load(text), [*path, next(iter(yaml.safe_load(block)))]):
            continue
        changed = with_entry(text, path, block)
        if changed is None:
            pasted[f"{PROJECT_FILE}, below {': '.join(path)}:"] = block
        else:
            text = changed
    if text != before or PROJECT_FILE in shared:
        edits[PROJECT_FILE] = text
    if not _is_installed(project):
        packages = directory / PACKAGES_FILE
        item = package_entry(directory)
        changed = with_item(read_text(packages) if packages.is_file() else "", "packages", item)
        if changed is None:
            pasted[f"{PACKAGES_FILE}, below packages:"] = f"- {item}\n"
        else:
            edits[PACKAGES_FILE] = changed
    return {path: new for path, new in edits.items() if not _is_same(directory / path, new)}, pasted


def _is_same(file: Path, text: str) -> bool:
    """Whether a file has a text already; a file that a new project finds is left alone."""
    return file.is_file() and (file.name == ".gitignore" or read_text(file) == text)


def _model_config(entity: str, *, own_schema: bool) -> str:
    """Configuration of the folder of an entity's models."""
    config = {"+materialized": "table", "+access": "private", "+group": entity}
    lines = [f"dedup_{entity}:", *(f"  {key}: {flow(value)}" for key, value in config.items())]
    if own_schema:
        lines.append(f"  +schema: {OWN_SCHEMA}")
    return "\n".join(lines) + "\n"


def _has(content: Any, path: list[str]) -> bool:
    for key in path:
        if not isinstance(content, dict) or key not in content:
            return False
        content = content[key]
    return True


def _is_installed(project: ProjectFile) -> bool:
    """Whether the project lists this package, or is it."""
    directory = project.directory
    if project.has_package:
        return True
    for name in (PACKAGES_FILE, "dependencies.yml"):
        file = directory / name
        if not file.is_file():
            continue
        listed = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("packages") or []
        for package in listed:
            place = str(package.get("local") or package.get("git") or package.get("package") or "")
            if "dbt_dedup" in place.lower() or _is_package((directory / place).resolve()):
                return True
    return False


def _is_package(directory: Path) -> bool:
    """Whether a folder holds this package; a folder whose project file cannot be read does not."""
    try:
        return ProjectFile.read(directory).name == "dbt_dedup"
    except DedupError:
        return False
