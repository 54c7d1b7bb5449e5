"""The data sets of a benchmark: which ones its command line names, and where they are."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

DATA = Path(os.environ.get("DEDUP_BENCH_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))


def data_set_parser(description: str | None, default: Collection[str]) -> argparse.ArgumentParser:
    """A parser of a command line that names data sets; none means those of `default`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "datasets", nargs="*", default=list(default), metavar="DATASET", help=f"default: {', '.join(default)}"
    )
    return parser


def parse_data_sets(parser: argparse.ArgumentParser, known: Collection[str]) -> argparse.Namespace:
    """The arguments of the command line; a data set that is not known ends the program."""
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.datasets if name not in known]:
        parser.error(f"unknown data set {', '.join(unknown)}; known: {', '.join(known)}")
    return arguments


def present(names: Collection[str], needed: str) -> Iterator[tuple[str, Path]]:
    """Name and folder of each data set that has the needed file; the others are named on stderr."""
    for name in names:
        if (DATA / name / needed).exists():
            yield name, DATA / name
        else:
            print(f"{name}: skipped, {DATA / name / needed} is not there (set DEDUP_BENCH_DATA)", file=sys.stderr)
