"""The command `dbt-dedup`. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup import __version__
from dbt_dedup.errors import DedupError

if TYPE_CHECKING:
    from dbt_dedup.spec import Spec
    from dbt_dedup.training import TrainedModel
    from dbt_dedup.unsupervised import UnlabelledModel
    from dbt_dedup.warehouse import DbtProject


class DedupGroup(click.Group):
    """Commands of which an error that the user can mend is one clear message and exit code 1."""

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
    """Call the command with the dbt project first, which options that this adds to it choose."""

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
    type=click.Choice(["auto", "logistic", "additive", "boosted"]),
    default="auto",
    show_default=True,
    help="Classifier; auto compares the others and takes the simplest that is as good as the best.",
)
@click.option(
    "--no-labels", is_flag=True, help="Learn from the pairs alone, without a label (kind fellegi_sunter, by EM)."
)
@click.option("--promote", "promote_it", is_flag=True, help="Also put it into production, if it meets the targets.")
@with_project
def train(
    project: DbtProject,
    entity: str,
    kind: str,
    no_labels: bool,
    promote_it: bool,
) -> None:
    """Train a classifier for ENTITY on its labelled pairs.

    The first model of an entity goes into production; a later one is kept beside it until it is promoted.
    """
    from dbt_dedup.artefact import write_artefact
    from dbt_dedup.promotion import after_training
    from dbt_dedup.training import train as train_model
    from dbt_dedup.training_data import read_training_data
    from dbt_dedup.unsupervised import train_without_labels

    trained: TrainedModel | UnlabelledModel
    if no_labels:
        click.echo(f"Building the features of the candidate pairs and of random pairs of {entity} ...")
        spec, trained = train_without_labels(project, entity)
        summary = _unlabelled_summary(trained, spec)
    else:
        click.echo(f"Building the features of the labelled pairs of {entity} ...")
        spec, labelled = read_training_data(project, entity)
        trained = train_model(kind, spec, labelled)
        summary = _training_summary(trained)
        if warning := _conflict_warning(trained, entity):
            summary += "\n" + warning
    folder = write_artefact(trained, spec, project.directory)
    click.echo(summary)
    click.echo(f"Written to {folder}")
    click.echo(after_training(spec, project.directory, folder.name, promote_it=promote_it))


@main.command()
@click.argument("entity")
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True, help="Pairs to ask about.")
@click.option(
    "--by",
    type=click.Choice(["mixed", "uncertainty", "diversity", "random"]),
    default="mixed",
    show_default=True,
    help="How pairs are chosen; mixed is 70 % doubtful, 10 % unlike all before, 20 % random.",
)
@click.option("--as", "labelled_by", help="Who answers, for column labelled_by. Default: the user name.")
@click.option(
    "--build", is_flag=True, help="Build the candidate pairs anew first. Default: only where they are missing."
)
@click.option("--conflicts", is_flag=True, help="Ask nothing: list labels that contradict each other.")
@with_project
def label(
    project: DbtProject,
    entity: str,
    count: int,
    by: str,
    labelled_by: str | None,
    build: bool,
    conflicts: bool,
) -> None:
    """Ask about pairs of records of ENTITY, one key each, and save the answers to its labels seed."""
    from dbt_dedup.artefact import current_user
    from dbt_dedup.labelling.choose import Chooser
    from dbt_dedup.labelling.session import ask, conflict_report
    from dbt_dedup.labelling.source import open_labels, read_material

    spec, file, created = open_labels(project, entity)
    if created:
        click.echo(f"Created {file.path} and the YAML beside it.")
    if conflicts:
        found, report = conflict_report(file, entity)
        click.echo(report)
        sys.exit(1 if found else 0)
    click.echo(f"Choosing pairs of {entity} ...")
    material = read_material(project, spec, file.read(), build=build, say=click.echo)
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
    click.echo(_labelling_summary(given, file.path, entity))


@main.command()
@click.argument("entity")
@with_project
def models(project: DbtProject, entity: str) -> None:
    """List the trained models of ENTITY side by side."""
    from dbt_dedup.training_data import read_entity_spec
    from dbt_dedup.versions import table_of_versions

    click.echo(table_of_versions(read_entity_spec(project, entity), project.directory))


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

    Without VERSION it is about the model trained last. The tables have to be built.
    """
    from dbt_dedup.report.page import write_report

    click.echo(f"Scoring the candidate pairs of {entity} ...")
    path = write_report(project, entity, version, output)
    click.echo(f"Report written to {path}")


@main.command()
@click.argument("entity")
@click.argument("version")
@click.option("--force", is_flag=True, help="Promote although a target is missed or parity fails; takes --reason.")
@click.option("--reason", default="", help="Why, kept in promotions.csv.")
@with_project
def promote(
    project: DbtProject,
    entity: str,
    version: str,
    force: bool,
    reason: str,
) -> None:
    """Put VERSION of ENTITY's model into production, if it meets the targets and reproduces its experiment."""
    from dbt_dedup.promotion import promote as promote_version
    from dbt_dedup.training_data import read_entity_spec

    spec = read_entity_spec(project, entity)
    for problem in promote_version(spec, project.directory, version, force=force, reason=reason):
        click.echo(f"Forced, although {problem}")
    click.echo(f"In production: {version}. The next `dbt build` scores with it.")


@main.command()
@click.argument("entity")
@with_project
def rollback(project: DbtProject, entity: str) -> None:
    """Undo the last promotion of a model of ENTITY."""
    from dbt_dedup.promotion import rollback as undo
    from dbt_dedup.training_data import read_entity_spec

    dropped, version = undo(read_entity_spec(project, entity), project.directory)
    click.echo(f"In production: {version} again, instead of {dropped}. The next `dbt build` scores with it.")


@main.command(name="compile")
@click.argument("entity")
@with_project
def compile_command(project: DbtProject, entity: str) -> None:
    """Write the model of ENTITY that is in production as SQL, a macro that scores without Python."""
    from dbt_dedup.artefact import load_production
    from dbt_dedup.compiled import write_compiled_model
    from dbt_dedup.training_data import read_entity_spec

    spec = read_entity_spec(project, entity)
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


def _training_summary(trained: TrainedModel) -> str:
    found, suggested = trained.overall, trained.suggested
    lines = [
        f"Labels used: {len(trained.labelled)} ({trained.labelled.is_match.sum()} match,"
        f" {(1 - trained.labelled.is_match).sum()} no_match)",
        f"Cross-validated at match threshold {found.threshold:g}, in {len(trained.folds)} folds that share no entity:",
    ]
    for label, name in (("precision", "precision"), ("recall", "recall"), ("F1", "f1")):
        of_folds = [getattr(fold, name) for fold in trained.folds]
        lines.append(f"  {label:<9} {getattr(found, name):.3f}   folds {min(of_folds):.3f} to {max(of_folds):.3f}")
    lines.append(_calibration_summary(trained))
    lines.append(
        f"Suggested thresholds: match {suggested.match:g}, review {suggested.review:g}"
        f" (precision {suggested.precision:.3f}, recall {suggested.recall:.3f},"
        f" {suggested.review_share:.1%} of the labelled pairs to review)"
    )
    if not suggested.reached:
        lines.append("  No threshold reaches both targets of the entity on these labels.")
    lines += _comparison_summary(trained)
    if trained.ignored_features:
        lines.append(f"Ignored, because they never vary in the labels: {', '.join(trained.ignored_features)}")
    return "\n".join(lines)


def _calibration_summary(trained: TrainedModel) -> str:
    from dbt_dedup.calibration import MIN_EACH, NO_LABELS

    used, sample = trained.calibration, trained.random_sample
    if used.learnt_from == NO_LABELS:
        line = f"Not calibrated: it takes {MIN_EACH} matches and {MIN_EACH} others sampled at random (`--by random`)"
    else:
        line = (
            f"Calibrated on {used.pairs} held-out pairs of {used.learnt_from}: calibration error"
            f" {trained.reliability.expected_calibration_error:.3f}"
        )
    if sample:
        precision, recall = sample.precision, sample.recall
        line += (
            f"; on the {sample.pairs} random labels precision {precision.value:.3f} ({precision.low:.3f} to"
            f" {precision.high:.3f}), recall {recall.value:.3f} ({recall.low:.3f} to {recall.high:.3f})"
        )
    return line


def _comparison_summary(trained: TrainedModel) -> list[str]:
    lines = []
    if len(trained.compared) > 1:
        lines.append("Kinds compared on the same folds, from the simplest on:")
        for kind in trained.compared:
            lines.append(
                f"  {kind.kind:<9} log loss {kind.log_loss:.4f} +/- {kind.standard_error:.4f}   F1 {kind.f1:.3f}"
                + ("   taken: the simplest within one standard error of the best" if kind.kind == trained.kind else "")
            )
    if trained.curve:
        lines.append(f"With fewer labels, {trained.kind} gave:")
        lines += [
            f"  {labels:>5} labels   log loss {loss:.4f}   F1 {f1:.3f}" for labels, loss, f1 in trained.curve.points
        ]
        lines.append(
            f"  {trained.curve.more_labels} more labels should bring log loss to about"
            f" {trained.curve.expected_log_loss:.4f} and F1 to about {trained.curve.expected_f1:.3f}"
        )
    return lines


def _unlabelled_summary(model: UnlabelledModel, spec: Spec) -> str:
    guard, target = model.guard, spec.targets.precision
    lines = [
        f"Learnt without labels from {model.sampled_pairs:,} of {model.candidate_pairs:,} candidate pairs and"
        f" {model.random_pairs:,} random pairs",
        f"Share of matches among the candidate pairs: {model.classifier.match_share_:.1%} (estimated)",
        f"Pairs at match threshold {spec.thresholds.match:g} and above: {guard.pairs:,}; precision expected of the"
        f" clusters they make: {guard.expected_precision:.3f} (target {target:g})",
    ]
    if guard.lowered:
        lines.append(f"  For that target, {guard.lowered:g} bits were taken off the weight of every pair.")
    if not guard.pairs:
        lines.append("  No pair is certain enough to be merged: label some pairs, or lower thresholds.match.")
    if model.ignored_features:
        lines.append(f"Ignored, because they never vary or have no direction: {', '.join(model.ignored_features)}")
    return "\n".join(lines)


def _conflict_warning(trained: TrainedModel, entity: str) -> str:
    from dbt_dedup.labelling.conflicts import find_conflicts

    labelled = trained.labelled
    found = find_conflicts(
        (*ids, bool(match)) for ids, match in zip(labelled.record_ids, labelled.is_match, strict=True)
    )
    if not found:
        return ""
    examples = "; ".join(str(conflict) for conflict in found[:3])
    return (
        f"Warning: {len(found)} labels contradict others, for example {examples}."
        f" `dbt-dedup label {entity} --conflicts` lists all."
    )


def _labelling_summary(given: Mapping[str, int], path: Path, entity: str) -> str:
    answers = sum(given.values())
    kinds = ", ".join(f"{given.get(name, 0)} {name}" for name in ("match", "no_match", "unsure"))
    lines = [f"{answers} answers saved to {path}: {kinds}."] if answers else ["No answers."]
    if answers:
        lines.append(f"Train on them with `dbt-dedup train {entity}`.")
    return "\n".join(lines)


def _show_progress(node: str, index: int, total: int) -> None:
    """One line that is written over in a terminal; silent elsewhere."""
    if sys.stdout.isatty():
        end = "\r" if index < total else "\r\x1b[K"
        click.echo(f"\r\x1b[K  {index}/{total} {node}{end}", nl=False)


if __name__ == "__main__":
    main()
