"""The generator of demo data as the tests call it, and what it writes."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from project import REPO

from dbt_dedup.synthesize import run, synthesize_command
from dbt_dedup.synthesize.kinds import KINDS
from dbt_dedup.synthesize.settings import Settings, table_names

RawRecords = dict[str, dict[str, Any]]


def seeds(kind: str) -> Path:
    """Folder of the committed files."""
    return REPO / "seeds" / kind


def synthesize(folder: Path, *options: object) -> Result:
    return CliRunner().invoke(synthesize_command, ["--output", str(folder), *map(str, options)])


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path, suffix: str = "csv", kind: str = "customers") -> list[bytes]:
    return [(folder / f"{name}.{suffix}").read_bytes() for name in table_names(kind)]


def raw_records(kind: str, **options: Any) -> RawRecords:
    """Raw records of one block, by id."""
    block = run.make_block(Settings.of(kind, **{"records": 3000, "seed": 5, **options}), 0, "parquet")
    return {row[KINDS[kind].record_id]: row for row in block.records.to_pylist()}


@lru_cache
def clean(kind: str) -> RawRecords:
    """Raw records with every value and no error."""
    return raw_records(kind, error_rate=0, missing_rate=0)
