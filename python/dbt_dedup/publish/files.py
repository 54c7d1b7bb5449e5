"""Write tables to a DuckDB file and to Parquet files, beside the old ones, and put them in their place."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_dedup.constants import BATCH_ROWS
from dbt_dedup.errors import DedupError
from dbt_dedup.files import locked

STORAGE = "v1.2.0"  # readable by tools that embed this version of DuckDB, or a later one


@dataclass(frozen=True)
class PublishedTable:
    """A table that was published.

    Attributes:
        name: of the table.
        rows: number of rows.
        path: of its Parquet file.
    """

    name: str
    rows: int
    path: Path


def write_published(folder: Path, entity: str, relations: Mapping[str, Any]) -> list[PublishedTable]:
    """Publish tables: `<folder>/<entity>.duckdb` holds all of them, `<folder>/<entity>/<table>.parquet` one each.

    All files are written under other names first, and renamed when they are whole: who opens one sees the old or the
    new content. The DuckDB file changes at once for all tables.

    Args:
        folder: where to write; made where it is missing.
        entity: name of the entity.
        relations: DuckDB relation of each table, by name.

    Raises:
        DedupError: a file cannot be written, or the file of that name has other tables. The old ones stay as they are.
    """
    try:
        (folder / entity).mkdir(parents=True, exist_ok=True)
        tables = (folder / entity).resolve()
        database = (folder / f"{entity}.duckdb").resolve()  # a link keeps pointing to its file
        with locked(database):
            _check_published(database, entity)
            return _write(database, tables, relations)
    except OSError as error:
        raise DedupError(_unwritable(folder, error)) from error


def _check_published(database: Path, entity: str) -> None:
    """Raise DedupError if a file holds other tables than those of one entity: it may be the warehouse itself."""
    import duckdb

    if not database.exists():
        return
    with database.open("rb"):  # the system says who may not read it
        pass
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
    except duckdb.Error:  # no database, or the one that this process has open
        names = [""]
    if not all(name == entity or name.startswith(f"{entity}_") for name in names):
        raise DedupError(
            f"{database} holds other things than published tables of {entity!r}, so it is not overwritten. Publish to"
            " another folder, or remove the file."
        )


def _write(database: Path, tables: Path, relations: Mapping[str, Any]) -> list[PublishedTable]:
    import duckdb

    left_by_killed = [*database.parent.glob(f".{database.name}-*"), *tables.glob(f".{tables.name}*.parquet-*")]
    for left in left_by_killed:
        left.unlink()
    paths = {name: tables / f"{name}.parquet" for name in relations}
    for path in (database, *paths.values()):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{path} is a folder")
    places = {name: path.resolve() for name, path in paths.items()}
    beside = {name: place.with_name(f".{name}.parquet-{os.getpid()}") for name, place in places.items()}
    new = database.with_name(f".{database.name}-{os.getpid()}")
    try:
        with duckdb.connect(str(new), config={"storage_compatibility_version": STORAGE}) as connection:
            published = []
            for name, relation in relations.items():
                connection.register("given", relation.to_arrow_reader(BATCH_ROWS))
                connection.execute(f'create table "{name}" as select * from given')
                connection.unregister("given")
                ((rows,),) = connection.query(f'select count(*) from "{name}"').fetchall()
                literal = str(beside[name]).replace("'", "''")
                connection.execute(f"copy \"{name}\" to '{literal}' (format parquet)")
                published.append(PublishedTable(name, rows, paths[name]))
            connection.execute("checkpoint")
        _put_in_place([*((beside[name], place) for name, place in places.items()), (new, database)])
        return published
    except duckdb.Error as error:
        raise DedupError(_unwritable(database.parent, error)) from error
    finally:
        for left in (*beside.values(), new, new.with_name(f"{new.name}.wal")):
            with suppress(OSError):
                left.unlink()


def _put_in_place(files: Sequence[tuple[Path, Path]]) -> None:
    """Rename whole files, each with where it goes; the last is the DuckDB file.

    Raises:
        DedupError: the system refused one after others were renamed, as Windows does while a program has it open.
        OSError: it refused the first.
    """
    _, database = files[-1]
    # what a program that wrote to the old file had not finished when it was killed; DuckDB would add it to the new one
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    for number, (new, place) in enumerate(files):
        try:
            new.replace(place)
        except OSError as error:
            if not number:
                raise
            raise DedupError(
                f"{place} cannot be replaced: {error.strerror or error}. {number} of {len(files)} files"
                " are in their place already. Close what has it open, and publish again."
            ) from error


def _unwritable(folder: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
    return f"The tables cannot be published to {folder}: {reason}. What was published before is unchanged."
