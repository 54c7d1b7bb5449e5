"""What dbt and DuckDB say of a failure, as one message with the way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError

VERBOSE_HINT = "With --verbose, this command shows what dbt prints, and dbt writes its log."


class NotBuiltError(DedupError):
    """Tables that are not built, or not as this version of the package and the spec say."""


def in_one_line(error: DedupError) -> str:
    """The message of an error as one line; of a list of failed nodes, only the first."""
    first, *others = (line.strip() for line in str(error).splitlines() if line != VERBOSE_HINT)
    return " ".join([first, *others[:1]]) if first.endswith(":") else first


@contextmanager
def plain_errors(database: Path) -> Iterator[None]:
    """Turn what DuckDB says of a read that fails into one message with the way out.

    Raises:
        NotBuiltError: a table is missing, or lacks a column.
        DedupError: DuckDB cannot compute a view, or cannot read.
    """
    import duckdb

    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NotBuiltError(
            f"The tables in {database} are not those that this command reads: {_essence(str(error))}. They are not"
            " built, or are from another version of the package or another spec. Run `dbt build`, and run this again."
        ) from error
    except duckdb.DataError as error:  # a view computes what the spec says when it is read
        raise DedupError(
            f"The spec asks for what cannot be computed: {_essence(str(error))}. Correct the SQL of its features and"
            " rules, or a number of it, in dbt_project.yml."
        ) from error
    except duckdb.IOException as error:
        raise DedupError(unreadable(str(database), str(error))) from error


def unreadable(path: str, reason: str) -> str:
    """What to say of a database that DuckDB cannot open, and what to do.

    Args:
        path: of its file.
        reason: what DuckDB says.
    """
    if not Path(path).exists():
        remedy = "Run `dbt build` first, which creates it."
    elif re.search(r"\block\b|being used by another process|different configuration", reason):
        remedy = "If another process has it open, wait for its end or close it, and run this again."
    elif "version number" in reason:
        remedy = "Install the version of DuckDB that wrote it, or a later one."
    elif re.search(r"not a valid DuckDB database|Could not read|Corrupt|checksum", reason):
        remedy = (
            "It is no database of DuckDB, or damaged. Restore it from a copy, which keeps the ids of the entities; or"
            " move it away and run `dbt build`, which creates a new one."
        )
    else:
        remedy = "See who may read it, or name another file in profiles.yml."
    return f"The database {path} cannot be read: {_essence(reason)} {remedy}"


def failure(command: str, outcome: Any, database: str | None) -> str:
    """The errors of a failed command, node by node; `database` is the path of the target's, where dbt came that far."""
    results = getattr(outcome.result, "results", None) or []
    failed = [r for r in results if str(r.status) in ("error", "fail", "runtime error", "partial success")]
    if failed:
        errors = "\n".join(f"  {r.node.name}: {_reason(r)}" for r in failed)
        what = f"{len(failed)} of {len(results)} nodes failed:\n{errors}"
    else:
        error = outcome.exception
        if error and "parsing inline query" in str(error):
            error = error.__context__ or error  # the error itself is below what dbt says of it
        what = _essence(str(error or "no reason given"))
        if database and re.match("IO Error: |Corrupt database file", what):
            what = unreadable(database, what)
    return f"dbt {command}: {what}\n{VERBOSE_HINT}"


def _reason(result: Any) -> str:
    """Why a node failed. Of a seed it may be that its table has the columns of an earlier file."""
    reason = _essence(result.message or str(result.status))
    if result.node.resource_type != "seed":
        return reason
    command = f"dbt seed --full-refresh --select {result.node.name}"
    return f"{reason} If the file has other columns than before, run `{command}`."


def _essence(message: str) -> str:
    """The error itself: without colours, the traceback above it, and the macros or the compiled line below it."""
    message = re.sub(r"\x1b\[[0-9;]*m", "", message)
    _, marker, of_this_package = message.rpartition("DedupError: ")
    if marker:
        return of_this_package.strip()
    lines = takewhile(
        lambda line: not line.startswith((">", "LINE ", "compiled code at")), map(str.strip, message.split("\n"))
    )
    text = " ".join(line for line in lines if line)
    _, marker, of_a_macro = text.partition(" dbt_dedup: ")
    return of_a_macro if marker else text
