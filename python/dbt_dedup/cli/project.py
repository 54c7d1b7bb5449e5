"""Commands on a whole project: bring a table in, choose rules, look it over."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup.cli.common import check_picture, with_project
from dbt_dedup.side_by_side import harmless_json
from dbt_dedup.terminal import PathToWrite, say

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject


@click.command()
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
    type=PathToWrite(file_okay=False, path_type=Path),
    help="Folder of the dbt project, made if it is missing. Default: here.",
)
@click.option(
    "--profiles-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of profiles.yml. Default: as for dbt.",
)
@click.option("--target", help="Target of the profile. Default: that of the profile.")
@click.option(
    "--database", type=PathToWrite(dir_okay=False, path_type=Path), help="DuckDB file of the table, for a new project."
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


@click.command(name="suggest-blocking")
@click.argument("entity")
@click.option("--max-pairs", type=click.IntRange(min=1), help="Pairs that the rules may propose. Default: 10 a record.")
@click.option(
    "--max-rules", type=click.IntRange(1, 60), default=10, show_default=True, help="How many rules to suggest."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option(
    "--picture",
    type=PathToWrite(dir_okay=False, path_type=Path),
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
    from dbt_dedup.blocking.picture import write_picture
    from dbt_dedup.blocking.text import suggestion_json, suggestion_text

    check_picture(project, picture)
    report_progress = partial(say, err=True)
    found = suggest_blocking(project, entity, max_pairs, max_rules, report_progress)
    say(suggestion_json(found) if as_json else suggestion_text(found))
    if picture:
        write_picture(found, picture)
        say(f"Picture written to {picture}", err=True)


@click.command()
@with_project
def schema(project: DbtProject) -> None:
    """Print a JSON schema of dbt_project.yml, with which an editor completes and checks `dedup_entities`."""
    from dbt_dedup.spec_reference import project_schema, read_spec_keys

    click.echo(harmless_json(project_schema(*read_spec_keys(project))))


@click.command()
@with_project
def doctor(project: DbtProject) -> None:
    """Look over the project: versions, database, and each entity's spec, model, tables and files.

    Says what is wrong and the command that helps. Nothing is written. Ends with exit code 1 if there are errors.
    """
    from dbt_dedup.doctor import examine, findings_text

    findings = list(examine(project))
    say(findings_text(findings))
    sys.exit(any(finding.state == "error" for finding in findings))


@click.command()
@with_project
def demo(project: DbtProject) -> None:
    """Build the demo project: raw customers in, deduplicated tables out."""
    from dbt_dedup.demo import run_demo, summary

    say("Building the demo with dbt ...")
    say(summary(run_demo(project)))
