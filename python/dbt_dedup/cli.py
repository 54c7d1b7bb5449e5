"""The command `dbt-dedup`. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup import __version__
from dbt_dedup.errors import DedupError

if TYPE_CHECKING:
    from dbt_dedup.training import TrainedModel
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


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which dbt project, profile and target to use."""
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
        command = option(command)
    return command


@main.command()
@click.argument("entity")
@click.option(
    "--kind", type=click.Choice(["additive", "logistic"]), default="additive", show_default=True, help="Classifier."
)
@project_options
def train(
    entity: str, kind: str, project_dir: Path | None, profiles_dir: Path | None, target: str | None, verbose: bool
) -> None:
    """Train a classifier for ENTITY on its labelled pairs and put it into production."""
    from dbt_dedup.artefact import use_in_production, write_artefact
    from dbt_dedup.training import train as train_model
    from dbt_dedup.training_data import read_training_data

    project = _project(project_dir, profiles_dir, target, verbose)
    click.echo(f"Building the features of the labelled pairs of {entity} ...")
    spec, labelled = read_training_data(project, entity)
    trained = train_model(kind, spec, labelled)
    folder = write_artefact(trained, spec, project.directory)
    use_in_production(spec, project.directory, folder.name)
    click.echo(_training_summary(trained))
    click.echo(f"In production: {folder.name}, written to {folder}")


@main.command(name="compile")
@click.argument("entity")
@project_options
def compile_command(
    entity: str, project_dir: Path | None, profiles_dir: Path | None, target: str | None, verbose: bool
) -> None:
    """Write the model of ENTITY that is in production as SQL, a macro that scores without Python."""
    from dbt_dedup.artefact import load_production
    from dbt_dedup.compiled import write_compiled_model
    from dbt_dedup.training_data import read_entity_spec

    project = _project(project_dir, profiles_dir, target, verbose)
    spec = read_entity_spec(project, entity)
    artefact = load_production(spec, project.directory)
    path = write_compiled_model(artefact, spec, project.macro_directory)
    click.echo(f"Compiled {artefact.version} to {path}")
    if spec.scoring != "sql":
        click.echo(f"To score with it, set `scoring: sql` for {entity} in dedup_entities.")


@main.command()
@project_options
def demo(project_dir: Path | None, profiles_dir: Path | None, target: str | None, verbose: bool) -> None:
    """Build the demo project: raw customers in, deduplicated tables out."""
    from dbt_dedup.demo import run_demo, summary

    project = _project(project_dir, profiles_dir, target, verbose)
    click.echo("Building the demo with dbt ...")
    result = run_demo(project, progress=None if verbose else _show_progress)
    click.echo(summary(result))


def _project(project_dir: Path | None, profiles_dir: Path | None, target: str | None, verbose: bool) -> DbtProject:
    from dbt_dedup.warehouse import DbtProject

    return DbtProject(project_dir, profiles_dir, target, verbose)


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
    lines.append(
        f"Suggested thresholds: match {suggested.match:g}, review {suggested.review:g}"
        f" (precision {suggested.precision:.3f}, recall {suggested.recall:.3f},"
        f" {suggested.review_share:.1%} of the labelled pairs to review)"
    )
    if not suggested.reached:
        lines.append("  No threshold reaches both targets of the entity on these labels.")
    if trained.ignored_features:
        lines.append(f"Ignored, because they never vary in the labels: {', '.join(trained.ignored_features)}")
    return "\n".join(lines)


def _show_progress(node: str, index: int, total: int) -> None:
    """One line that is written over in a terminal; silent elsewhere."""
    if sys.stdout.isatty():
        end = "\r" if index < total else "\r\x1b[K"
        click.echo(f"\r\x1b[K  {index}/{total} {node}{end}", nl=False)


if __name__ == "__main__":
    main()
