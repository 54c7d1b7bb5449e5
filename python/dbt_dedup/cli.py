"""The command `dbt-dedup`. A command imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup import __version__
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, DIVERSITY, MIXED, RANDOM, SUPERVISED, UNCERTAINTY

if TYPE_CHECKING:
    from dbt_dedup.registry.artefact import Trained
    from dbt_dedup.spec import Spec
    from dbt_dedup.warehouse import DbtProject


LABELLED_PAIRS, AUDITED_PAIRS = 20, 50


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
            raise click.ClickException(str(error)) from error


@click.group(cls=DedupGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dbt-dedup")
def main() -> None:
    """Find and merge duplicate and incorrect records inside the warehouse."""


def with_project(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose a dbt project to a command, and pass the project as its first argument."""

    @wraps(command)
    def run(
        project_dir: Path | None, profiles_dir: Path | None, target: str | None, verbose: bool, **arguments: Any
    ) -> None:
        from dbt_dedup.warehouse import DbtProject

        command(DbtProject(project_dir, profiles_dir, target, verbose), **arguments)

    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    options = [
        click.option(
            "--project-dir", type=folder, help="Folder of dbt_project.yml. Default: DBT_PROJECT_DIR, or here."
        ),
        click.option("--profiles-dir", type=folder, help="Folder of profiles.yml. Default: as for dbt."),
        click.option("--target", help="Target of the profile. Default: that of the profile."),
        click.option("--verbose", is_flag=True, help="Show what dbt prints."),
    ]
    for option in reversed(options):
        run = option(run)
    return run


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
    from dbt_dedup.training.with_labels import train as train_model
    from dbt_dedup.training.without_labels import learn_next_to_labels, train_without_labels

    if no_labels and kind != AUTO:
        raise click.UsageError(f"--no-labels chooses the kind itself, not {kind}: leave out one of the options.")
    trained: Trained
    if no_labels:
        click.echo(f"Building the features of the candidate pairs and of random pairs of {entity} ...")
        spec, unlabelled = train_without_labels(project, entity)
        trained, lines = unlabelled, [summary.without_labels(unlabelled, spec)]
    else:
        click.echo(f"Building the features of the labelled pairs of {entity} ...")
        spec, labelled = read_training_data(project, entity, few_allowed=kind == AUTO)
        label_free = None
        if kind == AUTO and labelled.are_few:
            click.echo(f"{len(labelled)} labels are few: learning from the candidate pairs of {entity} as well ...")
            label_free = learn_next_to_labels(project, entity, labelled)
        with_labels = train_model(kind, spec, labelled, partial(candidate_pairs, project, spec, labelled), label_free)
        trained, lines = with_labels, [summary.with_labels(with_labels), summary.conflict_warning(labelled, entity)]
    folder = write_artefact(trained, spec, project.directory)
    for line in filter(None, lines):
        click.echo(line)
    click.echo(f"Written to {folder}")
    click.echo(after_training(spec, project.directory, folder.name, promote_it=promote_it))
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
@click.option("--conflicts", is_flag=True, help="Do not ask: list labels that contradict each other.")
@with_project
def label(
    project: DbtProject,
    entity: str,
    count: int | None,
    by: str | None,
    is_audit: bool,
    labelled_by: str | None,
    build: bool,
    conflicts: bool,
) -> None:
    """Ask about pairs of records of ENTITY, one key each, and save the answers to its labels seed."""
    from dbt_dedup.labelling.audit import audit
    from dbt_dedup.labelling.choose import Chooser
    from dbt_dedup.labelling.session import ask, conflict_report, summary
    from dbt_dedup.labelling.source import open_labels, read_material
    from dbt_dedup.registry.artefact import current_user, load_production

    if is_audit and by not in (None, RANDOM):
        raise click.UsageError(f"--audit asks about pairs chosen by {RANDOM}, not {by}: leave out one of the options.")
    by, count = by or (RANDOM if is_audit else MIXED), count or (AUDITED_PAIRS if is_audit else LABELLED_PAIRS)
    spec, file, created = open_labels(project, entity)
    if is_audit:
        load_production(spec, project.directory)  # before people give their time
    if created:
        click.echo(f"Created {file.path} and the YAML next to it.")
    if conflicts:
        conflict_count, listing = conflict_report(file, entity)
        click.echo(listing)
        sys.exit(1 if conflict_count else 0)
    click.echo(f"Choosing pairs of {entity} ...")
    material = read_material(project, spec, file.read(), build=build, report_progress=click.echo)
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
        click.echo(f"Every candidate pair of {entity} that can be chosen by {by} has been asked.")
    click.echo(summary(given, file.path, entity))
    if is_audit:
        click.echo(str(audit(project, spec, file.read())))


@main.command()
@click.argument("entity")
@with_project
def models(project: DbtProject, entity: str) -> None:
    """List the trained models of ENTITY side by side."""
    from dbt_dedup.registry.versions import table_of_versions

    click.echo(table_of_versions(project.entity_spec(entity), project.directory))


@main.command()
@click.argument("entity")
@click.argument("version", required=False)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write. Default: dedup_ENTITY_VERSION.html in dbt's target folder.",
)
@with_project
def report(project: DbtProject, entity: str, version: str | None, output: Path | None) -> None:
    """Write one HTML page on VERSION of ENTITY's model: targets, data, quality, and what it changes in production.

    Without VERSION it is about the model trained last. Build the tables first.
    """
    from dbt_dedup.report.page import write_report

    click.echo(f"Scoring the candidate pairs of {entity} ...")
    path = write_report(project, entity, version, output)
    click.echo(f"Report written to {path}")


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
        click.echo(f"Picture written to {picture}")


@main.command()
@click.argument("entity")
@click.argument("version")
@click.option("--force", is_flag=True, help="Promote even if a target is missed or parity fails; takes --reason.")
@click.option("--reason", default="", help="Why; kept in promotions.csv.")
@with_project
def promote(
    project: DbtProject,
    entity: str,
    version: str,
    force: bool,
    reason: str,
) -> None:
    """Put VERSION of ENTITY's model into production, if it meets the targets and reproduces its experiment."""
    from dbt_dedup.registry.promotion import promote as promote_version

    spec = project.entity_spec(entity)
    for problem in promote_version(spec, project.directory, version, force=force, reason=reason):
        click.echo(f"Forced, although {problem}")
    click.echo(f"In production: {version}. The next `dbt build` scores with it.")
    _follow_production(project, spec)


@main.command()
@click.argument("entity")
@with_project
def rollback(project: DbtProject, entity: str) -> None:
    """Undo the last promotion of a model of ENTITY."""
    from dbt_dedup.registry.promotion import rollback as undo

    spec = project.entity_spec(entity)
    dropped, version = undo(spec, project.directory)
    click.echo(f"In production: {version} again, instead of {dropped}. The next `dbt build` scores with it.")
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
    click.echo(f"Compiled {artefact.version} to {path}")
    if spec.scoring != "sql":
        click.echo(f"To score with it, set `scoring: sql` for {entity} in dedup_entities.")


@main.command()
@with_project
def demo(project: DbtProject) -> None:
    """Build the demo project: raw customers in, deduplicated tables out."""
    from dbt_dedup.demo import run_demo, summary

    click.echo("Building the demo with dbt ...")
    result = run_demo(project, progress=None if project.verbose else _show_progress)
    click.echo(summary(result))


def _follow_production(project: DbtProject, spec: Spec) -> None:
    """Compile the model that is in production now, where a compiled model is in use."""
    from dbt_dedup.score.compiled import follow_production

    try:
        path = follow_production(spec, project.directory, project.macro_directory)
    except DedupError as error:
        click.echo(f"Not compiled: {error}")
        return
    if path:
        click.echo(f"Compiled to {path}.")


def _show_progress(node: str, index: int, total: int) -> None:
    """One line that is written over in a terminal; silent elsewhere."""
    if sys.stdout.isatty():
        end = "\r" if index < total else "\r\x1b[K"
        click.echo(f"\r\x1b[K  {index}/{total} {node}{end}", nl=False)


if __name__ == "__main__":
    main()
