"""Commands on models: train, compare, report, promote, roll back, compile."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_dedup.cli.common import with_project
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, SUPERVISED
from dbt_dedup.terminal import PathToWrite, say

if TYPE_CHECKING:
    from dbt_dedup.registry.artefact import Trained
    from dbt_dedup.spec import Spec
    from dbt_dedup.warehouse import DbtProject


@click.command()
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
    from dbt_dedup.registry.artefact import write_artefact
    from dbt_dedup.registry.production import version_in_production
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


@click.command()
@click.argument("entity")
@with_project
def models(project: DbtProject, entity: str) -> None:
    """List the trained models of ENTITY side by side."""
    from dbt_dedup.registry.versions import table_of_versions

    say(table_of_versions(project.entity_spec(entity), project.directory))


@click.command()
@click.argument("entity")
@click.argument("version", required=False)
@click.option(
    "--output",
    type=PathToWrite(dir_okay=False, path_type=Path),
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


@click.command()
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
    from dbt_dedup.registry.production import version_in_production
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


@click.command()
@click.argument("entity")
@with_project
def rollback(project: DbtProject, entity: str) -> None:
    """Undo the last promotion of a model of ENTITY."""
    from dbt_dedup.registry.promotion import rollback as undo

    spec = project.entity_spec(entity)
    dropped, version = undo(spec, project.directory)
    say(f"In production: {version} again, instead of {dropped}. The next `dbt build` scores with it.")
    _follow_production(project, spec)


@click.command(name="compile")
@click.argument("entity")
@with_project
def compile_command(project: DbtProject, entity: str) -> None:
    """Write the model of ENTITY that is in production as SQL, a macro that scores without Python."""
    from dbt_dedup.registry.production import load_production
    from dbt_dedup.score.compiled import write_compiled_model

    spec = project.entity_spec(entity)
    artefact = load_production(spec, project.directory)
    path = write_compiled_model(artefact, spec, project.macro_directory)
    say(f"Compiled {artefact.version} to {path}")
    if spec.scoring != "sql":
        say(f"To score with it, set `scoring: sql` for {entity} in dedup_entities.")


def _show_preview(project: DbtProject, spec: Spec, version: str) -> None:
    """What becomes of the entities with a version."""
    from dbt_dedup.plan.preview import preview

    say(preview(project, spec, version))


def _follow_production(project: DbtProject, spec: Spec) -> None:
    """Write the version in production into the dbt project, and compile it where a compiled model is in use."""
    from dbt_dedup.registry.production import version_in_production
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
