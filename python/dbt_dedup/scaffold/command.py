"""What `dbt-dedup init` does and says."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import get_terminal_size

import click

from dbt_dedup.constants import MIN_CANDIDATE_PAIRS
from dbt_dedup.errors import DedupError
from dbt_dedup.guess.proposal import Known
from dbt_dedup.guess.text import proposal_text
from dbt_dedup.reference import listed
from dbt_dedup.registry.production_model import write_production_model
from dbt_dedup.scaffold.init import Setup, prepare_setup
from dbt_dedup.scaffold.planned import CHANGED, GONE, GONE_CHANGED, NEW, OUTDATED, SAME
from dbt_dedup.scaffold.project_file import ProjectFile
from dbt_dedup.terminal import say
from dbt_dedup.warehouse import DbtProject, check_place, chosen_project_directory, close_connections

SHOWN_DIFF_LINES = 40


def run_init(
    entity: str,
    given_input: str | None,
    *,
    record_id: str | None,
    source: str | None,
    updated_at: str | None,
    source_mode: str | None,
    country: str | None,
    project_dir: Path | None,
    profiles_dir: Path | None,
    target: str | None,
    database: Path | None,
    dry_run: bool,
    check: bool,
    update: bool,
    no_train: bool,
    verbose: bool,
) -> int:
    """Bring a table into a project as an entity, and return the exit code.

    Raises:
        DedupError: see `prepare_setup`; or dbt cannot parse the project afterwards.
    """
    if check and (update or dry_run):
        raise click.UsageError("--check writes nothing: leave out --update and --dry-run.")
    directory = (project_dir or chosen_project_directory()).resolve()

    if ProjectFile.read(directory).is_missing:
        check_place(directory, None, "Name the folder of that project with --project-dir, or a folder outside it.")
        if not profiles_dir:
            _check_place_of_profiles(directory)

    def open_project() -> DbtProject:
        return DbtProject(directory, profiles_dir, target, verbose)

    if country and not any(country.upper() == row["country"] for row in listed("dedup_countries")):
        raise DedupError(f"--country {country}: no such country. Give its two letters of ISO 3166, such as US.")
    known = Known(record_id, source, updated_at, source_mode, country.upper() if country else None)
    setup = prepare_setup(directory, entity, given_input, known, open_project, database=database, say=say)
    if setup.proposal:
        say(f"{setup.proposal.rows:,} records:")
        say(proposal_text(setup.proposal, get_terminal_size((120, 24)).columns))
    if check:
        return _check(setup)
    _say_files(setup, update)
    if dry_run:
        say(f"\nThe entry for dedup_entities in dbt_project.yml:\n\n{_indented(setup.entry)}")
        say("Nothing was written: --dry-run.")
        return 0
    setup.write(states=(NEW, SAME, OUTDATED, GONE) if update else (NEW, SAME))
    for place, text in setup.pasted.items():
        say(f"Paste this into {place}\n\n{_indented(text)}")
    if setup.pasted:
        say("Then run `dbt deps`, and this command again.")
        return 1
    project = open_project()
    say("Installing the package (dbt deps) and parsing the project ...")
    _install_and_parse(project, directory)
    version, few_pairs = _model_in_production(project, entity, no_train)
    write_production_model(entity, version, project.model_directories)
    say(_next_steps(setup, no_train=no_train, has_model=version is not None, few_pairs=few_pairs))
    return 0


def _check_place_of_profiles(directory: Path) -> None:
    """Raise DedupError if dbt would not read the profile that a new project gets."""
    place = os.environ.get("DBT_PROFILES_DIR")
    if place and Path(place).expanduser().resolve() != directory:
        raise DedupError(
            f"DBT_PROFILES_DIR is set to {place}, so dbt would not read the profile that init writes into {directory}."
            " Unset it (`unset DBT_PROFILES_DIR`), and run this again. Nothing was written."
        )


def _install_and_parse(project: DbtProject, directory: Path) -> None:
    """Parse the project, after installing its packages where one is missing: also where an earlier call was killed.

    Raises:
        DedupError: dbt cannot install the packages, or parse the project.
    """
    from dbt.exceptions import UninstalledPackagesFoundError

    if not ProjectFile.read(directory).has_package:
        project.run("deps")
    try:
        _ = project.manifest
    except DedupError as error:
        if not isinstance(error.__cause__, UninstalledPackagesFoundError):  # other packages
            raise
        project.run("deps")
        _ = project.manifest


def _check(setup: Setup) -> int:
    """Say which files are not as this version writes them, and return 1 if there are some."""
    differing = [file for file in setup.files if file.state != SAME]
    for file in differing:
        say(f"{file.path}: {file.state}")
        if file.state not in (GONE, GONE_CHANGED):
            say(_short(file.diff()), nl=False)
    for path in (*setup.edits, *setup.pasted):
        say(f"{path}: lacks an entry")
    if not differing and not setup.edits and not setup.pasted:
        say(f"All {len(setup.files)} files of {setup.entity} are as this version writes them.")
        return 0
    by_hand = len(setup.in_state(CHANGED)) + len(setup.in_state(GONE_CHANGED))
    say(
        f"{len(setup.in_state(NEW))} missing, {len(setup.in_state(OUTDATED))} of an earlier version,"
        f" {len(setup.in_state(GONE))} no longer written, {by_hand} changed by hand. `dbt-dedup init {setup.entity}"
        " --update` writes the first two and removes the third."
    )
    return 1


def _say_files(setup: Setup, update: bool) -> None:
    """Which files are written and which are not."""
    new, same = setup.in_state(NEW), setup.in_state(SAME)
    models = sum(1 for file in new if file.path.startswith(setup.folder))
    lists = sum(1 for file in new if file.path.endswith(".csv"))
    say(f"\nIn {setup.directory}:")
    if new:
        say(f"  {len(new)} new files: {models} in {setup.folder}, {lists} reference lists")
    for path in setup.edits:
        state = "changed" if (setup.directory / path).is_file() else "new"
        say(f"  {path}: {state}")
    for folder, name, *_ in setup.seeds:
        say(f"  {(folder / name).relative_to(setup.directory).as_posix()}.csv: new, empty")
    if same:
        say(f"  {len(same)} files are as they should be")
    for file in setup.in_state(OUTDATED):
        say(f"  {file.path}: {'renewed' if update else 'of an earlier version; --update renews it'}")
    for file in setup.in_state(GONE):
        say(f"  {file.path}: {'removed' if update else 'no longer written; --update removes it'}")
    for file in setup.in_state(GONE_CHANGED):
        say(f"  {file.path}: no longer written, but changed by hand, and kept. Remove it if you can.")
    for file in setup.in_state(CHANGED):
        say(f"  {file.path}: changed by hand, and kept. To take the version of this package, remove the file first.")
        if not file.path.endswith(".csv"):
            say(_short(file.diff()), nl=False)


def _model_in_production(project: DbtProject, entity: str, no_train: bool) -> tuple[str | None, bool]:
    """The version in production, if need be a first model learned now, and whether too few pairs are why there is none.

    The version is None where there is none.
    """
    from dbt_dedup.registry.production import version_in_production

    version = version_in_production(project.entity_spec(entity), project.directory)
    return (version, False) if version or no_train else _learn(project, entity)


def _learn(project: DbtProject, entity: str) -> tuple[str | None, bool]:
    """Learn a first model without labels and put it into production; say so if the pairs do not tell enough.

    Returns the version in production, None where nothing was learned or the model abstains, and whether there are too
    few pairs to learn from.
    """
    from dbt_dedup.registry.artefact import write_artefact
    from dbt_dedup.registry.production import version_in_production
    from dbt_dedup.registry.promotion import after_training
    from dbt_dedup.training import summary
    from dbt_dedup.training.without_labels import train_without_labels

    say("Learning from the pairs, without labels ...")
    try:
        spec, trained = train_without_labels(project, entity)
        folder = write_artefact(trained, spec, project.directory)
    except DedupError as error:
        few = _few_pairs(project, entity)
        say(few or f"No model yet: {error}")
        return None, bool(few)
    finally:
        close_connections()
    say(summary.without_labels(trained, spec))
    say(after_training(spec, project.directory, folder.name, promote_it=False, announce=lambda: None))
    return version_in_production(spec, project.directory), False


def _few_pairs(project: DbtProject, entity: str) -> str:
    """What a table says of which hardly two records are alike; empty where there are enough pairs to learn from."""
    try:
        with project.open() as warehouse:
            pairs = len(warehouse.read(f"int_{entity}__candidate_pairs"))
            records = len(warehouse.read(f"int_{entity}__keyed_records"))
    except DedupError:  # dbt failed before there were pairs, and its error says why
        return ""
    if pairs >= MIN_CANDIDATE_PAIRS:
        return ""
    return (
        f"No model: the blocking rules propose {pairs} pairs of the {records:,} records, and learning takes at least"
        f" {MIN_CANDIDATE_PAIRS}.\n"
        "  If the table has no duplicates, nothing is to be merged: use it as it is.\n"
        f"  If you know of duplicates, the rules miss them. Add rules that they agree in to `blocking` of {entity} in"
        " dbt_project.yml."
    )


def _next_steps(setup: Setup, *, no_train: bool, has_model: bool, few_pairs: bool) -> str:
    """The commands that come next."""
    entity = setup.entity
    label = (f"dbt-dedup label {entity}", "answer about some pairs, one key each")
    train = (f"dbt-dedup train {entity}", "learn from the answers")
    build = ("dbt build", f"deduplicate and test; then look at the table {entity}")
    if has_model:
        steps = [build, label, (f"{train[0]} --promote", "learn from the answers")]
    elif few_pairs:
        steps = [
            (f"dbt show --select {entity}_block_stats", "what each rule proposes"),
            (f"dbt-dedup init {entity}", "learn, when there are other rules or more records"),
        ]
    else:
        steps = [label, train, build]
    width = max(len(command) for command, _ in steps)
    lines = [f"  {command:<{width}}  # {what}" for command, what in steps]
    place = "" if setup.directory == Path.cwd() else f" in {setup.directory}"
    if not has_model and not no_train:
        lines.append(f"Without a model in production, `dbt build` stops at int_{entity}__parity.")
    return "\n".join([f"\nNext{place}:", *lines])


def _indented(text: str) -> str:
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))


def _short(diff: str) -> str:
    lines = diff.splitlines(keepends=True)
    more = len(lines) - SHOWN_DIFF_LINES
    return "".join(lines[:SHOWN_DIFF_LINES]) + (f"... and {more} more lines\n" if more > 0 else "")
