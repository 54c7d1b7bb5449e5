"""What the dbt model `<entity>_published` does: it runs when every test of what it reads has passed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from dbt_dedup.errors import plainly
from dbt_dedup.publish.files import PublishedTable, write_published
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.warehouse import check_place, running_project_directory

_COLUMNS = pa.schema(
    [
        ("relation", pa.string()),
        ("is_published", pa.bool_()),
        ("row_count", pa.int64()),
        ("path", pa.string()),
        ("reason", pa.string()),
    ]
)


@plainly
def publish(spec_relation: Any, relations: Mapping[str, Any]) -> pa.Table:
    """Publish tables to the folder that the spec names, if this run of dbt tests them.

    dbt builds a model after the tests of what it reads, and skips it if one fails. So only `dbt build` publishes, and
    only with tests.

    Args:
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        relations: DuckDB relation of each table, by name.

    Returns:
        One row per table: relation, is_published, row_count, path of its Parquet file below the project, and the reason
        where it was not published.

    Raises:
        DedupError: the folder belongs to the project, or a file cannot be written.
    """
    spec, directory = read_spec(spec_relation), running_project_directory()
    reason = "the spec names no folder: set publish" if not spec.publish else _untested()
    if reason or not spec.publish:
        names = list(relations)
        return pa.table(
            [names, [False] * len(names), [None] * len(names), [None] * len(names), [reason] * len(names)],
            schema=_COLUMNS,
        )
    folder = serving_folder(spec, directory)
    check_target(folder, spec.name, directory)
    tables = write_published(folder, spec.name, relations)
    return pa.table(
        [
            [table.name for table in tables],
            [True] * len(tables),
            [table.rows for table in tables],
            [_shown(table, directory) for table in tables],
            [None] * len(tables),
        ],
        schema=_COLUMNS,
    )


def serving_folder(spec: Spec, directory: Path) -> Path:
    """The folder that an entity's tables are published to."""
    return directory / str(spec.publish)


def check_target(folder: Path, entity: str, directory: Path) -> None:
    """Raise DedupError if an entity cannot be published to a folder because a dbt project has its own files there."""
    for path in (folder, folder / entity):
        check_place(path, directory, f"Publish to another folder, such as {directory / 'published'}.")


def _shown(table: PublishedTable, directory: Path) -> str:
    return (
        table.path.relative_to(directory).as_posix() if table.path.is_relative_to(directory) else table.path.as_posix()
    )


def _untested() -> str | None:
    """Why this run of dbt does not test what it builds whole; None if it does."""
    module = sys.modules.get("dbt.flags")
    flags = module.get_flags() if module else None
    command = getattr(flags, "WHICH", None)
    if command not in ("build", "retry"):
        return f"dbt {command} does not test: run dbt build"
    if "test" in (getattr(flags, "EXCLUDE_RESOURCE_TYPES", None) or ()):
        return "the tests were left out of this run"
    types = getattr(flags, "RESOURCE_TYPES", None)
    if types and "test" not in types:
        return "the tests were left out of this run"
    if getattr(flags, "EMPTY", False) or getattr(flags, "SAMPLE", None):
        return "this run built a part of the records"
    return None
