"""The command `dbt-dedup synthesize`."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from dbt_dedup.synthesize.settings import ERROR_KINDS, Settings

TABLES = ("raw_customers", "customers_truth", "customers_labels")
Command = TypeVar("Command", bound=Callable[..., Any])


class Share(click.FloatRange):
    """A number from 0 to 1."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; `nan` passes the check of a range, but not this one."""
        share = float(super().convert(value, param, ctx))
        if math.isnan(share):
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return share


def _error_options(command: Command) -> Command:
    """Add an option for every kind of error."""
    for name, kind in reversed(ERROR_KINDS.items()):
        help_text = f"Share with {kind.what}."
        command = click.option(f"--{name}-rate", type=Share(), default=kind.rate, show_default=True, help=help_text)(
            command
        )
    return command


@click.command("synthesize", short_help="Make demo customers with duplicates, errors and the truth about them.")
@click.option(
    "--records", type=click.IntRange(min=1), default=3000, show_default=True, help="Number of raw records to make."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Equal seeds and options: equal bytes."
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the files; made if it does not exist.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Parquet is compressed with zstd.",
)
@click.option(
    "--labels",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Number of labelled pairs; fewer where the records have fewer pairs.",
)
@click.option("--overwrite", is_flag=True, help="Replace files of an earlier run.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Number of processes; changes the time only.  [default: all cores]"
)
@click.option(
    "--error-rate",
    type=Share(),
    default=Settings.error_rate,
    show_default=True,
    help="Share of records that can carry errors at all; the shares of single errors below are shares of these.",
)
@click.option(
    "--missing-rate",
    type=Share(),
    default=Settings.missing_rate,
    show_default=True,
    help="Share of birth dates, e-mails, phones and addresses left blank, averaged over the systems.",
)
@click.option(
    "--household-rate",
    type=Share(),
    default=Settings.household_rate,
    show_default=True,
    help="Share of households with more than one customer: spouses, children, twins, flatmates.",
)
@click.option(
    "--change-rate",
    type=Share(),
    default=Settings.change_rate,
    show_default=True,
    help="Share of people with several records who moved between two of them.",
)
@_error_options
def synthesize_command(
    records: int,
    seed: int,
    output: Path,
    file_format: str,
    labels: int,
    overwrite: bool,
    jobs: int | None,
    error_rate: float,
    missing_rate: float,
    household_rate: float,
    change_rate: float,
    **error_rates: float,
) -> None:
    """Make demo customers of three systems, with duplicates, errors and the truth about them.

    Writes raw_customers, customers_truth (the entity of each record) and customers_labels (pairs that stewards judged)
    into the output folder. Rates are shares from 0 to 1. An error happens only where it can: a nickname needs a name
    that has one.
    """
    _check_output(output, file_format, overwrite)
    from dbt_dedup.synthesize.run import synthesize

    settings = Settings(
        records=records,
        seed=seed,
        labels=labels,
        error_rate=error_rate,
        missing_rate=missing_rate,
        household_rate=household_rate,
        change_rate=change_rate,
        error_rates={name: error_rates[f"{name.replace('-', '_')}_rate"] for name in ERROR_KINDS},
    )
    summary = synthesize(settings, output, file_format, jobs or os.cpu_count() or 1)
    click.echo(f"{summary.records:,} records and {summary.labels:,} labelled pairs in {output}:")
    for path in summary.paths:
        click.echo(f"  {path.name}")


def _check_output(output: Path, file_format: str, overwrite: bool) -> None:
    """Stop before any work if the files cannot be written."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"cannot make the folder {output}: {error.strerror}", param_hint="--output") from error
    if not os.access(output, os.W_OK):
        raise click.BadParameter(f"cannot write in {output}", param_hint="--output")
    existing = [path.name for name in TABLES if (path := output / f"{name}.{file_format}").exists()]
    if existing and not overwrite:
        raise click.UsageError(f"{output} already has {', '.join(existing)}: add --overwrite to replace them")
