"""The command `dbt-dedup synthesize`."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from dbt_dedup.synthesize.settings import CHANGE_RATE, ERROR_RATE, MISSING_RATE, OFFERS, Settings, table_names
from dbt_dedup.terminal import PathToWrite, say

MAY_HOLD_DATA = (".", "seed-paths", "target-path", "log-path")  # folders of a dbt project

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


def _rate_options(command: Command) -> Command:
    """Add an option for everything that some kind of data has a rate for; which kinds those are is in its help."""
    help_texts: dict[str, list[str]] = {}
    for kind, offer in OFFERS.items():
        related = f"{offer.related}.  [{kind}; default: {offer.related_rate}]"
        help_texts.setdefault(offer.related_option, []).append(related)
        for name, error in offer.errors.items():
            help_texts.setdefault(name, []).append(f"Share with {error.what}.  [{kind}; default: {error.rate}]")
    for name, texts in reversed(help_texts.items()):
        command = click.option(f"--{name}-rate", type=Share(), help=" ".join(texts))(command)
    return command


@click.command("synthesize", short_help="Make demo data with duplicates, errors and the truth about them.")
@click.option(
    "--kind",
    type=click.Choice(list(OFFERS)),
    default="customers",
    show_default=True,
    help="What the records are about.",
)
@click.option(
    "--records", type=click.IntRange(min=1), default=3000, show_default=True, help="Number of raw records to make."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Equal seeds and options: equal bytes."
)
@click.option(
    "--output",
    type=PathToWrite(file_okay=False, path_type=Path),
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
    default=ERROR_RATE,
    show_default=True,
    help="Share of records that can carry errors at all; the shares of single errors below are shares of these.",
)
@click.option(
    "--missing-rate",
    type=Share(),
    default=MISSING_RATE,
    show_default=True,
    help="Share of values left blank, averaged over the systems and over the fields that can be blank.",
)
@click.option(
    "--change-rate",
    type=Share(),
    default=CHANGE_RATE,
    show_default=True,
    help="Share of people or firms with several records who moved between two of them.",
)
@_rate_options
def synthesize_command(
    kind: str,
    records: int,
    seed: int,
    output: Path,
    file_format: str,
    labels: int,
    overwrite: bool,
    jobs: int | None,
    error_rate: float,
    missing_rate: float,
    change_rate: float,
    **rates: float | None,
) -> None:
    """Make demo data of three systems, with duplicates, errors and the truth about them.

    Writes the raw records (raw_customers or raw_companies), the entity of each record (..._truth), the right values of
    each entity (..._truth_values) and pairs that stewards judged (..._labels) into the output folder. Rates are shares
    from 0 to 1; some belong to one kind of data.
    An error happens only where it can: a nickname needs a name that has one.
    """
    related_rate, error_rates = _rates_of_kind(kind, rates)
    _check_output(kind, output, file_format, overwrite)
    from dbt_dedup.synthesize.run import synthesize

    settings = Settings.of(
        kind,
        records,
        seed=seed,
        labels=labels,
        error_rate=error_rate,
        missing_rate=missing_rate,
        related_rate=related_rate,
        change_rate=change_rate,
        error_rates=error_rates,
    )
    summary = synthesize(settings, output, file_format, jobs or os.cpu_count() or 1)
    say(f"{summary.records:,} records and {summary.labels:,} labelled pairs in {output}:")
    for path in summary.paths:
        say(f"  {path.name}")


def _rates_of_kind(kind: str, rates: dict[str, float | None]) -> tuple[float, dict[str, float]]:
    """Return the rate of related entities and those of errors; stop where a rate of another kind was given."""
    offer = OFFERS[kind]
    given = {name.removesuffix("_rate").replace("_", "-"): rate for name, rate in rates.items() if rate is not None}
    foreign = [name for name in given if name != offer.related_option and name not in offer.errors]
    if foreign:
        raise click.UsageError(f"--{foreign[0]}-rate is not an option of --kind {kind}")
    error_rates = {name: given.get(name, error.rate) for name, error in offer.errors.items()}
    return given.get(offer.related_option, offer.related_rate), error_rates


def _check_output(kind: str, output: Path, file_format: str, overwrite: bool) -> None:
    """Stop before any work if the files cannot be written."""
    from dbt_dedup.warehouse import check_place

    check_place(output, None, "Name another folder.", MAY_HOLD_DATA)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"cannot make the folder {output}: {error.strerror}", param_hint="--output") from error
    if not os.access(output, os.W_OK):
        raise click.BadParameter(f"cannot write in {output}", param_hint="--output")
    paths = [output / f"{name}.{file_format}" for name in table_names(kind)]
    existing = [path.name for path in paths if path.exists()]
    if existing and not overwrite:
        raise click.UsageError(f"{output} already has {', '.join(existing)}: add --overwrite to replace them")
