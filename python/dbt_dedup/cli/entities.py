"""Commands on entities: explain, look up, overrule, plan, publish."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from dbt_dedup.cli.common import check_picture, warn_of_formulas, with_project, with_signature
from dbt_dedup.side_by_side import harmless_json, visible
from dbt_dedup.terminal import PathToWrite, say

if TYPE_CHECKING:
    from dbt_dedup.explain.tables import Tables
    from dbt_dedup.overrides.decide import Change
    from dbt_dedup.overrides.log import Override
    from dbt_dedup.warehouse import DbtProject

CHANGES_EXIT_CODE = 3  # of `plan --exit-code`; 1 is an error, 2 a wrong option


@click.command()
@click.argument("entity")
@click.argument("first")
@click.argument("second", required=False)
@click.option(
    "--picture",
    type=PathToWrite(dir_okay=False, path_type=Path),
    help="File to draw the contributions into, an SVG.",
)
@with_project
def why(project: DbtProject, entity: str, first: str, second: str | None, picture: Path | None) -> None:
    """Say why two records of ENTITY, FIRST and SECOND, are one entity, or why they are not.

    Without SECOND it is about the whole entity: FIRST is its id, or one of its records. Build the tables first.
    """
    from dbt_dedup.explain.picture import write_picture
    from dbt_dedup.explain.text import explanation_text
    from dbt_dedup.explain.why import why as explain

    check_picture(project, picture)
    found = explain(project, entity, first, second)
    width = min(max(get_terminal_size().columns, 60), 120)
    has_colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    click.echo(explanation_text(found, width, has_colour, sys.stdout.encoding or "ascii"))
    if picture:
        write_picture(found, picture)
        say(f"Picture written to {picture}")


@click.command()
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


@click.command()
@click.argument("entity")
@click.argument("record_ids", nargs=-1, required=True, metavar="RECORD...")
@with_signature
def unmerge(project: DbtProject, entity: str, record_ids: tuple[str, ...], **signature: Any) -> None:
    """Take records of ENTITY, RECORD..., out of the golden record they are in, together; the rest stays."""
    from dbt_dedup.overrides.decide import unmerge as decide

    _overrule(project, entity, lambda tables, _, in_force: decide(tables, in_force, record_ids), **signature)


@click.command()
@click.argument("entity")
@click.argument("first")
@click.argument("second")
@with_signature
def merge(project: DbtProject, entity: str, first: str, second: str, **signature: Any) -> None:
    """Join FIRST and SECOND of ENTITY, each a record id or an entity id."""
    from dbt_dedup.overrides.decide import merge as decide

    _overrule(project, entity, lambda tables, _, in_force: decide(tables, in_force, first, second), **signature)


@click.command()
@click.argument("entity")
@click.argument("record_id", metavar="RECORD")
@click.argument("field")
@click.argument("value")
@click.option("--force", is_flag=True, help="Pin it even if a build would leave such a value out.")
@with_signature
def pin(
    project: DbtProject, entity: str, record_id: str, field: str, value: str, force: bool, **signature: Any
) -> None:
    """Fix the golden VALUE of FIELD for the golden record of ENTITY that holds RECORD.

    A value that a build would leave out, such as a placeholder, is refused.
    """
    from dbt_dedup.overrides.decide import pin as decide
    from dbt_dedup.overrides.reading import check_pinned

    def check() -> list[str]:
        return check_pinned(project, entity, record_id, field, value, force=force)

    _overrule(project, entity, lambda tables, *_: decide(tables, record_id, field, value), check, **signature)


@click.command()
@click.argument("entity")
@click.argument("override_id", required=False)
@with_signature
def undo(project: DbtProject, entity: str, override_id: str | None, **signature: Any) -> None:
    """Take back what `merge`, `unmerge` or `pin` decided on ENTITY: OVERRIDE_ID, or the last decision in force."""
    from dbt_dedup.overrides.decide import undo as decide

    _overrule(project, entity, lambda tables, rows, in_force: decide(tables, rows, in_force, override_id), **signature)


@click.command(name="plan")
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


@click.command(name="publish")
@click.argument("entity")
@click.option(
    "--output", type=PathToWrite(file_okay=False, path_type=Path), help="Folder. Default: the one that the spec names."
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


def _overrule(
    project: DbtProject,
    entity: str,
    decide: Callable[[Tables, list[Override], list[Override]], Change],
    check: Callable[[], list[str]] = list,
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
    for line in (*change.lines, *check()):
        say("".join(map(visible, line)))
    rows = signed(change.rows, decided_by or current_user(), reason, in_force(known))
    if dry_run:
        say("Nothing was written: --dry-run.")
    elif log:
        log.append(rows)
        say(f"Written to {log.path}: override {rows[0].command_id}. Run `dbt build` for it to take effect.")
        warn_of_formulas(log.path, [getattr(row, column) for row in rows for column in COLUMNS])
    else:
        say(f"{spec.overrides} is no seed of this project. Add to it, columns {', '.join(COLUMNS)}:")
        click.echo(as_csv(rows), nl=False)  # to copy as it is
