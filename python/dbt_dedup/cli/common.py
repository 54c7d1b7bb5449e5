"""What several commands share: the options of a project, of a decision, and a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup.errors import DedupError
from dbt_dedup.terminal import say

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject

SHOW_VALUES = "dedup_show_values"  # the project variable that the package reads


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


def check_picture(project: DbtProject, path: Path | None) -> None:
    """Raise DedupError if a picture that was asked for cannot be written there."""
    from dbt_dedup.warehouse import GENERATED, check_place

    if path is None:
        return
    if path.suffix.lower() != ".svg":
        raise DedupError(
            f"The picture is an SVG, so {path} should end in .svg. A browser opens and prints it, and programs for"
            " pictures turn it into a PNG."
        )
    if not path.resolve().parent.is_dir():
        raise DedupError(f"The folder {path.resolve().parent} of the picture does not exist: create it first.")
    check_place(path, project.directory, "Name another file.", GENERATED)


def warn_of_formulas(path: Path, cells: Iterable[str]) -> None:
    """Say on standard error which cells written to a file a spreadsheet would run."""
    from dbt_dedup.seed_files import formula_warning

    if warning := formula_warning(path, cells):
        say(warning, err=True)
