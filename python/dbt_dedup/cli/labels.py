"""The command that asks people about pairs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dbt_dedup.cli.common import warn_of_formulas, with_project
from dbt_dedup.names import DIVERSITY, MIXED, RANDOM, UNCERTAINTY
from dbt_dedup.terminal import say

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject

LABELLED_PAIRS, AUDITED_PAIRS = 20, 50


@click.command()
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
    from dbt_dedup.registry.artefact import current_user
    from dbt_dedup.registry.production import load_production

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
        warn_of_formulas(file.path, file.formulas)
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
    warn_of_formulas(file.path, file.formulas)
    if is_audit:
        say(str(audit(project, spec, file.read())))
