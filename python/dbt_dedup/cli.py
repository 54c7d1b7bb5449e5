"""The command `dbt-dedup`. A command imports what it needs when it runs."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable
from functools import partial, wraps
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup import __version__
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, DIVERSITY, MIXED, RANDOM, SUPERVISED, UNCERTAINTY
from dbt_dedup.side_by_side import harmless, harmless_json, visible
from dbt_dedup.terminal import say

if TYPE_CHECKING:
    from dbt_dedup.explain.tables import Tables
    from dbt_dedup.overrides.decide import Change
    from dbt_dedup.overrides.log import Override
    from dbt_dedup.registry.artefact import Trained
    from dbt_dedup.spec import Spec
    from dbt_dedup.warehouse import DbtProject


LABELLED_PAIRS, AUDITED_PAIRS = 20, 50
SHOW_VALUES = "dedup_show_values"  # the project variable that the package reads
CHANGES_EXIT_CODE = 3  # of `plan --exit-code`; 1 is an error, 2 a wrong option


class DedupGroup(click.Group):
    """A command group that turns a DedupError into one message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, those imported on demand too."""
        return sorted([*super().list_commands(ctx), "synthesize"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; `synthesize` is imported only here."""
        if cmd_name == "synthesize":
            from dbt_dedup.synthesize import synthesize_command

            command: click.Command = synthesize_command
            return command
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn a DedupError into its message."""
        try:
            return super().invoke(ctx)
        except DedupError as error:
            raise click.ClickException(harmless(str(error))) from error
        except OSError as error:  # of a file that nobody explained
            if error.errno == errno.EPIPE:
                raise  # the reader of the output is gone, which click knows
            raise click.ClickException(f"{error.filename or 'the system'}: {error.strerror or error}.") from error


@click.group(cls=DedupGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dbt-dedup")
def main() -> None:
    """Find and merge duplicate and incorrect records inside the warehouse."""


def _as_variables(text: str | None) -> dict[str, Any]:
    """Project variables given as YAML.

    Raises:
        DedupError: the text is no YAML mapping.
    """
    import yaml

    try:
        found = yaml.safe_load(text) if text else {}
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise DedupError(f"--vars {text!r} is no mapping in YAML: write it as '{{key: value}}'.")
    return found


def with_project(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose a dbt project to a command, and pass the project as its first argument."""

    @wraps(command)
    def run(
        project_dir: Path | None,
        profiles_dir: Path | None,
        profile: str | None,
        target: str | None,
        variables: str | None,
        show_values: bool,
        verbose: bool,
        **arguments: Any,
    ) -> None:
        from dbt_dedup.warehouse import DbtProject

        given = _as_variables(variables) | ({SHOW_VALUES: True} if show_values else {})
        command(DbtProject(project_dir, profiles_dir, target, verbose, profile=profile, variables=given), **arguments)

    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    options = [
        click.option(
            "--project-dir", type=folder, help="Folder of dbt_project.yml. Default: DBT_PROJECT_DIR, or here."
        ),
        click.option("--profiles-dir", type=folder, help="Folder of profiles.yml. Default: as for dbt."),
        click.option("--profile", help="Profile. Default: the one that the project names."),
        click.option("--target", help="Target of the profile. Default: that of the profile."),
        click.option("--vars", "variables", help="Project variables as YAML, as for dbt: '{key: value}'."),
        click.option("--show-values", is_flag=True, help="Show values of records in errors too, not only their ids."),
        click.option("--verbose", is_flag=True, help="Show what dbt prints."),
    ]
    for option in reversed(options):
        run = option(run)
    return run


@main.command()
@click.argument("entity")
@click.option("--input", "given_input", help="A CSV or Parquet file, or a model, seed, source or table of the project.")
@click.option("--record-id", help="Column that is different in each record. Default: looked for.")
@click.option("--source", help="Column that names the system a record comes from. Default: looked for.")
@click.option("--updated-at", help="Column with the time of the last change. Default: looked for.")
@click.option(
    "--source-mode",
    type=click.Choice(["both", "link_only", "dedupe_only"]),
    help="Which pairs may match: all, those of different sources, those of one. Default: looked for.",
)
@click.option(
    "--country", help="Country of phone numbers and postcodes that name none, such as US. Default: looked for."
)
@click.option(
    "--project-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the dbt project, made if it is missing. Default: here.",
)
@click.option(
    "--profiles-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of profiles.yml. Default: as for dbt.",
)
@click.option("--target", help="Target of the profile. Default: that of the profile.")
@click.option(
    "--database", type=click.Path(dir_okay=False, path_type=Path), help="DuckDB file of the table, for a new project."
)
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option(
    "--check", is_flag=True, help="Write nothing; end with exit code 1 if files are not as this version writes them."
)
@click.option("--update", is_flag=True, help="Also renew files of an earlier version that nobody changed.")
@click.option("--no-train", is_flag=True, help="Do not learn a first model without labels.")
@click.option("--verbose", is_flag=True, help="Show what dbt prints.")
def init(entity: str, given_input: str | None, **options: Any) -> None:
    """Bring a table into a dbt project as ENTITY: look at its columns, declare it, write its models and their tests.

    Makes a small project where there is none. Files that you changed are never overwritten.
    """
    from dbt_dedup.scaffold.command import run_init

    sys.exit(run_init(entity, given_input, **options))


@main.command()
@click.argument("entity")
@click.option(
    "--kind",
    type=click.Choice([AUTO, *SUPERVISED]),
    default=AUTO,
    show_default=True,
    help="Classifier; auto compares the others and takes the simplest that is as good as the best.",
)
@click.option("--no-labels", is_flag=True, help="Learn from the pairs alone, without labels.")
@click.option(
    "--promote", "promote_it", is_flag=True, help="Also put the model into production if it meets the targets."
)
@with_project
def train(
    project: DbtProject,
    entity: str,
    kind: str,
    no_labels: bool,
    promote_it: bool,
) -> None:
    """Train a classifier for ENTITY on its labelled pairs.

    The first model of an entity goes into production. A later one is kept next to it until you promote it.
    """
    from dbt_dedup.registry.artefact import version_in_production, write_artefact
    from dbt_dedup.registry.promotion import after_training
    from dbt_dedup.training import summary
    from dbt_dedup.training.candidate_pairs import candidate_pairs
    from dbt_dedup.training.label_features import read_training_data
    from dbt_dedup.training.relatives import Relatives
    from dbt_dedup.training.with_labels import train as train_model
    from dbt_dedup.training.without_labels import learn_next_to_labels, train_without_labels

    if no_labels and kind != AUTO:
        raise click.UsageError(f"--no-labels chooses the kind itself, not {kind}: leave out one of the options.")
    trained: Trained
    if no_labels:
        say(f"Building the features of the candidate pairs and of random pairs of {entity} ...")
        spec, unlabelled = train_without_labels(project, entity)
        trained, lines = unlabelled, [summary.without_labels(unlabelled, spec)]
    else:
        say(f"Building the features of the labelled pairs of {entity} ...")
        spec, labelled = read_training_data(project, entity, few_allowed=kind == AUTO, report_progress=say)
        label_free = None
        if kind == AUTO and labelled.are_few:
            say(f"{len(labelled)} labels are few: learning from the candidate pairs of {entity} as well ...")
            label_free = learn_next_to_labels(project, entity, labelled)
        relatives = Relatives.read(project, spec)
        score_candidates = partial(candidate_pairs, project, spec, labelled)
        with_labels = train_model(kind, spec, labelled, score_candidates, label_free, relatives)
        trained, lines = with_labels, [summary.with_labels(with_labels), summary.conflict_warning(labelled, entity)]
    folder = write_artefact(trained, spec, project.directory)
    for line in filter(None, lines):
        say(line)
    say(f"Written to {folder}")
    announce = partial(_show_preview, project, spec, folder.name)
    say(after_training(spec, project.directory, folder.name, promote_it=promote_it, announce=announce))
    if version_in_production(spec, project.directory) == folder.name:
        _follow_production(project, spec)


@main.command()
@click.argument("entity")
@click.option("--count", type=click.IntRange(min=1), help="Pairs to ask about.  [default: 20, of an audit 50]")
@click.option(
    "--by",
    type=click.Choice([MIXED, UNCERTAINTY, DIVERSITY, RANDOM]),
    help="How to choose pairs; mixed is 70% doubtful, 10% unlike all before, 20% random.  [default: mixed]",
)
@click.option(
    "--audit",
    "is_audit",
    is_flag=True,
    help="Ask about random pairs, and measure the model in production on those it has not learned from.",
)
@click.option("--as", "labelled_by", help="Who answers, for column labelled_by. Default: the user name.")
@click.option(
    "--build", is_flag=True, help="Build the candidate pairs again first. Default: only where they are missing."
)
@click.option(
    "--queue", "is_queue", is_flag=True, help="Ask about the pairs of the review queue of the last build, in its order."
)
@click.option("--conflicts", is_flag=True, help="Do not ask: list labels that contradict each other.")
@click.option("--prune", is_flag=True, help="Do not ask: remove labels of records that the last build did not have.")
@with_project
def label(
    project: DbtProject,
    entity: str,
    count: int | None,
    by: str | None,
    is_audit: bool,
    labelled_by: str | None,
    build: bool,
    is_queue: bool,
    conflicts: bool,
    prune: bool,
) -> None:
    """Ask about pairs of records of ENTITY, one key each, and save the answers to its labels seed."""
    from dbt_dedup.labelling.audit import audit
    from dbt_dedup.labelling.choose import Chooser
    from dbt_dedup.labelling.queue import read_queue
    from dbt_dedup.labelling.session import ask, conflict_report, remove_labels, summary
    from dbt_dedup.labelling.source import missing_records, open_labels, read_material
    from dbt_dedup.registry.artefact import current_user, load_production

    chosen = [
        option
        for option, given in [
            ("--audit", is_audit),
            ("--queue", is_queue),
            ("--conflicts", conflicts),
            ("--prune", prune),
        ]
        if given
    ]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude each other: leave out all but one.")
    if is_queue and (by or build):
        raise click.UsageError(
            "--queue asks about the pairs of the last build, in its order: leave out --by and --build."
        )
    if is_audit and by not in (None, RANDOM):
        raise click.UsageError(f"--audit asks about pairs chosen by {RANDOM}, not {by}: leave out one of the options.")
    by, count = by or (RANDOM if is_audit else MIXED), count or (AUDITED_PAIRS if is_audit else LABELLED_PAIRS)
    spec, file, created = open_labels(project, entity)
    if is_audit:
        load_production(spec, project.directory)  # before people give their time
    if created:
        say(f"Created {file.path} and the YAML next to it.")
    if conflicts:
        conflict_count, listing = conflict_report(file, entity)
        say(listing)
        sys.exit(1 if conflict_count else 0)
    if prune:
        say(remove_labels(file, missing_records(project, spec, file.read())))
        return
    if is_queue:
        queue = read_queue(project, spec, file.read(), count)
        if not queue.record_ids:
            say(f"No pair of {entity}_review_queue waits for an answer.")
            return
        given = ask(queue, queue, file, min(count, len(queue.record_ids)), labelled_by or current_user())
        say(summary(given, file.path, "Run `dbt build` for them to take effect."))
        _warn_of_formulas(file.path, file.formulas)
        return
    say(f"Choosing pairs of {entity} ...")
    material = read_material(project, spec, file.read(), build=build, report_progress=say)
    chooser = Chooser(
        material.pool,
        material.labelled_features,
        material.is_match,
        by,
        count,
        production=material.production,
        even="sampling_weight" not in file.columns,
    )
    given = ask(material, chooser, file, count, labelled_by or current_user())
    if chooser.next() is None and sum(given.values()) < count:
        say(f"Every candidate pair of {entity} that can be chosen by {by} has been asked.")
    say(summary(given, file.path, f"Train on them with `dbt-dedup train {entity}`."))
    _warn_of_formulas(file.path, file.formulas)
    if is_audit:
        say(str(audit(project, spec, file.read())))


@main.command()
@click.argument("entity")
@with_project
def models(project: DbtProject, entity: str) -> None:
    """List the trained models of ENTITY side by side."""
    from dbt_dedup.registry.versions import table_of_versions

    say(table_of_versions(project.entity_spec(entity), project.directory))


@main.command()
@click.argument("entity")
@click.argument("version", required=False)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write. Default: dedup_ENTITY_VERSION.html in dbt's target folder.",
)
@click.option("--force", is_flag=True, help="Write over a file that is not a report.")
@with_project
def report(project: DbtProject, entity: str, version: str | None, output: Path | None, force: bool) -> None:
    """Write one HTML page on VERSION of ENTITY's model: targets, data, quality, and what it changes in production.

    Without VERSION it is about the model trained last. Build the tables first.
    """
    from dbt_dedup.report.page import write_report

    say(f"Scoring the candidate pairs of {entity} ...")
    path = write_report(project, entity, version, output, force=force)
    say(f"Report written to {path}")


@main.command()
@click.argument("entity")
@click.argument("first")
@click.argument("second", required=False)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to draw the contributions into, an SVG.",
)
@with_project
def why(project: DbtProject, entity: str, first: str, second: str | None, picture: Path | None) -> None:
    """Say why two records of ENTITY, FIRST and SECOND, are one entity, or why they are not.

    Without SECOND it is about the whole entity: FIRST is its id, or one of its records. Build the tables first.
    """
    from dbt_dedup.explain.picture import check_picture, write_picture
    from dbt_dedup.explain.text import explanation_text
    from dbt_dedup.explain.why import why as explain

    if picture:
        check_picture(picture)
    found = explain(project, entity, first, second)
    width = min(max(get_terminal_size().columns, 60), 120)
    has_colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    click.echo(explanation_text(found, width, has_colour, sys.stdout.encoding or "ascii"))
    if picture:
        write_picture(found, picture)
        say(f"Picture written to {picture}")


def with_signature(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that writes to the override log."""
    options = [
        click.option("--reason", default="", help="Why; kept in the log."),
        click.option("--as", "decided_by", help="Who decides, for column decided_by. Default: the user name."),
        click.option("--dry-run", is_flag=True, help="Only show what would happen."),
    ]
    for option in reversed(options):
        command = option(command)
    return with_project(command)


@main.command()
@click.argument("entity")
@click.argument("record_ids", nargs=-1, required=True, metavar="RECORD...")
@with_signature
def unmerge(project: DbtProject, entity: str, record_ids: tuple[str, ...], **signature: Any) -> None:
    """Take records of ENTITY, RECORD..., out of the golden record they are in, together; the rest stays."""
    from dbt_dedup.overrides.decide import unmerge as decide

    _overrule(project, entity, lambda tables, _, in_force: decide(tables, in_force, record_ids), **signature)


@main.command()
@click.argument("entity")
@click.argument("first")
@click.argument("second")
@with_signature
def merge(project: DbtProject, entity: str, first: str, second: str, **signature: Any) -> None:
    """Join FIRST and SECOND of ENTITY, each a record id or an entity id."""
    from dbt_dedup.overrides.decide import merge as decide

    _overrule(project, entity, lambda tables, _, in_force: decide(tables, in_force, first, second), **signature)


@main.command()
@click.argument("entity")
@click.argument("record_id", metavar="RECORD")
@click.argument("field")
@click.argument("value")
@with_signature
def pin(project: DbtProject, entity: str, record_id: str, field: str, value: str, **signature: Any) -> None:
    """Fix the golden VALUE of FIELD for the golden record of ENTITY that holds RECORD."""
    from dbt_dedup.overrides.decide import pin as decide

    _overrule(project, entity, lambda tables, *_: decide(tables, record_id, field, value), **signature)


@main.command()
@click.argument("entity")
@click.argument("override_id", required=False)
@with_signature
def undo(project: DbtProject, entity: str, override_id: str | None, **signature: Any) -> None:
    """Take back what `merge`, `unmerge` or `pin` decided on ENTITY: OVERRIDE_ID, or the last decision in force."""
    from dbt_dedup.overrides.decide import undo as decide

    _overrule(project, entity, lambda tables, rows, in_force: decide(tables, rows, in_force, override_id), **signature)


def _overrule(
    project: DbtProject,
    entity: str,
    decide: Callable[[Tables, list[Override], list[Override]], Change],
    *,
    reason: str,
    decided_by: str | None,
    dry_run: bool,
) -> None:
    """Show what a decision changes, and write it to the override log."""
    from dbt_dedup.explain.tables import open_tables
    from dbt_dedup.overrides.log import COLUMNS, SEED_DESCRIPTION, as_csv, in_force, open_log, signed
    from dbt_dedup.registry.artefact import current_user
    from dbt_dedup.seed_files import create_missing_seed

    if created := create_missing_seed(project, entity, "overrides", COLUMNS, SEED_DESCRIPTION):
        say(f"Created {created} and the YAML next to it.")
    spec = project.entity_spec(entity)
    log = open_log(project, spec)
    known = log.rows() if log else []
    with open_tables(project, spec) as tables:
        change = decide(tables, known, in_force(known))
    for line in change.lines:
        say("".join(map(visible, line)))
    rows = signed(change.rows, decided_by or current_user(), reason, in_force(known))
    if dry_run:
        say("Nothing was written: --dry-run.")
    elif log:
        log.append(rows)
        say(f"Written to {log.path}: override {rows[0].command_id}. Run `dbt build` for it to take effect.")
        _warn_of_formulas(log.path, [getattr(row, column) for row in rows for column in COLUMNS])
    else:
        say(f"{spec.overrides} is no seed of this project. Add to it, columns {', '.join(COLUMNS)}:")
        click.echo(as_csv(rows), nl=False)  # to copy as it is


@main.command(name="publish")
@click.argument("entity")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder. Default: the one that the spec names."
)
@with_project
def publish_command(project: DbtProject, entity: str, output: Path | None) -> None:
    """Test the tables of ENTITY, as the last build made them, and publish them to files that readers may always open.

    With `publish` in the spec, `dbt build` does the same when the tests have passed.
    """
    from dbt_dedup.publish import publish_built

    folder, tables = publish_built(project, entity, output)
    say(f"Published to {folder / entity}.duckdb and as Parquet to {folder / entity}:")
    for table in tables:
        say(f"  {table.name}: {table.rows:,} rows")


@main.command(name="plan")
@click.argument("entity")
@click.option("--model", "version", help="Score with this version instead of the one in production.")
@click.option("--limit", type=click.IntRange(min=0), default=5, show_default=True, help="Examples of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--exit-code", is_flag=True, help=f"End with exit code {CHANGES_EXIT_CODE} if anything changes.")
@with_project
def plan_command(
    project: DbtProject, entity: str, version: str | None, limit: int, as_json: bool, exit_code: bool
) -> None:
    """Say what the next `dbt build` would change in the entities and golden records of ENTITY.

    It builds in a copy of the database next to it, without tests; no table of the project changes.
    """
    from dbt_dedup.plan.changes import plan
    from dbt_dedup.plan.text import plan_json, plan_text

    planned = plan(project, project.entity_spec(entity), version, limit=limit)
    say(plan_json(planned) if as_json else plan_text(planned))
    if exit_code and not planned.is_empty:
        sys.exit(CHANGES_EXIT_CODE)


@main.command()
@click.argument("entity")
@click.argument("version")
@click.option("--dry-run", is_flag=True, help="Only check the version and show what it would change.")
@click.option("--force", is_flag=True, help="Promote even if a target is missed or parity fails; takes --reason.")
@click.option("--reason", default="", help="Why; kept in promotions.csv.")
@with_project
def promote(
    project: DbtProject,
    entity: str,
    version: str,
    dry_run: bool,
    force: bool,
    reason: str,
) -> None:
    """Put VERSION of ENTITY's model into production, if it meets the targets and reproduces its experiment.

    Before that it says what becomes of the entities, by scoring in a copy of the database.
    """
    from dbt_dedup.registry.artefact import version_in_production
    from dbt_dedup.registry.promotion import check_promotion
    from dbt_dedup.registry.promotion import promote as promote_version

    spec = project.entity_spec(entity)
    announce = partial(_show_preview, project, spec, version)
    if dry_run:  # nothing is refused, to show all there is
        problems = check_promotion(spec, project.directory, version, force=True, reason="--dry-run")
        announce()
        for problem in problems:
            say(f"It has to be forced: {problem}")
        say("Nothing was promoted: --dry-run.")
        return
    if version_in_production(spec, project.directory) == version:
        _follow_production(project, spec)  # a promotion that was killed may not have come that far
    for problem in promote_version(spec, project.directory, version, force=force, reason=reason, announce=announce):
        say(f"Forced, although {problem}")
    say(f"In production: {version}. The next `dbt build` scores with it.")
    _follow_production(project, spec)


@main.command()
@click.argument("entity")
@with_project
def rollback(project: DbtProject, entity: str) -> None:
    """Undo the last promotion of a model of ENTITY."""
    from dbt_dedup.registry.promotion import rollback as undo

    spec = project.entity_spec(entity)
    dropped, version = undo(spec, project.directory)
    say(f"In production: {version} again, instead of {dropped}. The next `dbt build` scores with it.")
    _follow_production(project, spec)


@main.command(name="compile")
@click.argument("entity")
@with_project
def compile_command(project: DbtProject, entity: str) -> None:
    """Write the model of ENTITY that is in production as SQL, a macro that scores without Python."""
    from dbt_dedup.registry.artefact import load_production
    from dbt_dedup.score.compiled import write_compiled_model

    spec = project.entity_spec(entity)
    artefact = load_production(spec, project.directory)
    path = write_compiled_model(artefact, spec, project.macro_directory)
    say(f"Compiled {artefact.version} to {path}")
    if spec.scoring != "sql":
        say(f"To score with it, set `scoring: sql` for {entity} in dedup_entities.")


@main.command(name="suggest-blocking")
@click.argument("entity")
@click.option("--max-pairs", type=click.IntRange(min=1), help="Pairs that the rules may propose. Default: 10 a record.")
@click.option(
    "--max-rules", type=click.IntRange(1, 60), default=10, show_default=True, help="How many rules to suggest."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw likely matches found against pairs, as SVG.",
)
@with_project
def suggest_blocking_command(
    project: DbtProject, entity: str, max_pairs: int | None, max_rules: int, as_json: bool, picture: Path | None
) -> None:
    """Suggest blocking rules for ENTITY: those that find most likely matches within a number of pairs.

    Likely matches come from the truth, from labels, from the model in production, or from rare agreements. Nothing is
    changed: the rules are printed to be pasted into the spec.
    """
    from dbt_dedup.blocking import suggest_blocking
    from dbt_dedup.blocking.picture import check_picture, write_picture
    from dbt_dedup.blocking.text import suggestion_json, suggestion_text

    if picture:
        check_picture(picture)
    report_progress = partial(say, err=True)
    found = suggest_blocking(project, entity, max_pairs, max_rules, report_progress)
    say(suggestion_json(found) if as_json else suggestion_text(found))
    if picture:
        write_picture(found, picture)
        say(f"Picture written to {picture}", err=True)


@main.command()
@click.argument("entity")
@click.argument("values", nargs=-1)
@click.option(
    "--values",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON or CSV file of one record or more, instead of VALUES.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object a record, in a list for --values.")
@with_project
def find(project: DbtProject, entity: str, values: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """Look up which entities of ENTITY a new record may belong to, from the built tables; nothing is written.

    VALUES are the record's, as field=value: `dbt-dedup find customers given_name=Anna postcode=12345`.
    """
    from dbt_dedup.lookup import Finder
    from dbt_dedup.lookup.values import read_values

    records = read_values(values, file)
    with Finder(project, entity) as finder:
        found = [finder.find(record) for record in records]
    if as_json:
        content = [lookup.to_dict() for lookup in found]
        click.echo(harmless_json(content if file else content[0]))
        return
    for number, lookup in enumerate(found, start=1):
        say((f"Record {number}: " if file else "") + str(lookup) + ("\n" if number < len(found) else ""))


@main.command()
@with_project
def schema(project: DbtProject) -> None:
    """Print a JSON schema of dbt_project.yml, with which an editor completes and checks `dedup_entities`."""
    from dbt_dedup.spec_reference import project_schema, read_spec_keys

    click.echo(harmless_json(project_schema(*read_spec_keys(project))))


@main.command()
@with_project
def doctor(project: DbtProject) -> None:
    """Look over the project: versions, database, and each entity's spec, model, tables and files.

    Says what is wrong and the command that helps. Nothing is written. Ends with exit code 1 if there are errors.
    """
    from dbt_dedup.doctor import examine, findings_text

    findings = list(examine(project))
    say(findings_text(findings))
    sys.exit(any(finding.state == "error" for finding in findings))


@main.command()
@with_project
def demo(project: DbtProject) -> None:
    """Build the demo project: raw customers in, deduplicated tables out."""
    from dbt_dedup.demo import run_demo, summary

    say("Building the demo with dbt ...")
    say(summary(run_demo(project)))


def _warn_of_formulas(path: Path, cells: Iterable[str]) -> None:
    """Say on standard error which cells written to a file a spreadsheet would run."""
    from dbt_dedup.seed_files import formula_warning

    if warning := formula_warning(path, cells):
        say(warning, err=True)


def _show_preview(project: DbtProject, spec: Spec, version: str) -> None:
    """What becomes of the entities with a version."""
    from dbt_dedup.plan.preview import preview

    say(preview(project, spec, version))


def _follow_production(project: DbtProject, spec: Spec) -> None:
    """Write the version in production into the dbt project, and compile it where a compiled model is in use."""
    from dbt_dedup.registry.artefact import version_in_production
    from dbt_dedup.registry.production_model import write_production_model
    from dbt_dedup.score.compiled import follow_production

    write_production_model(spec.name, version_in_production(spec, project.directory), project.model_directories)
    try:
        path = follow_production(spec, project.directory, project.macro_directory)
    except DedupError as error:
        say(f"Not compiled: {error}")
        return
    if path:
        say(f"Compiled to {path}.")


if __name__ == "__main__":
    main()
