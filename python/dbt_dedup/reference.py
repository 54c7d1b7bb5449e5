"""The dbt half of dbt_dedup as it lies on disk: macros, reference models and reference lists."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from dbt_dedup.errors import DedupError

REFERENCE_ENTITY = "customers"
# Where the dbt package may be: beside the Python package in a wheel, or two folders up in the repository.
PLACES = (Path(__file__).parent / "dbt_package", Path(__file__).resolve().parents[2])


def package_directory() -> Path:
    """The folder of the dbt package that belongs to this Python package.

    Raises:
        DedupError: it is not there, as in an installation that left its data files out.
    """
    for place in PLACES:
        if (place / "dbt_project.yml").is_file() and (place / "macros").is_dir():
            return place
    raise DedupError(
        f"The dbt half of dbt_dedup is missing: there is no dbt_project.yml in {' or '.join(map(str, PLACES))}."
        " Install the package again."
    )


def reference_models() -> Path:
    """The folder of the reference entity's models.

    Raises:
        DedupError: the dbt half of the package is missing.
    """
    return package_directory() / "models" / REFERENCE_ENTITY


def reference_lists() -> Path:
    """The folder of the reference lists, seeds that each project copies.

    Raises:
        DedupError: the dbt half of the package is missing.
    """
    return package_directory() / "seeds" / "reference"


@cache
def listed(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a reference list, such as `dedup_legal_forms`."""
    with (reference_lists() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
