"""Writes the tables block by block, so that either all of a file is there or nothing of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

Rows = Sequence[Sequence[str | None]]
ROWS_PER_GROUP = 125_000
"""Size of a Parquet row group: about what DuckDB and Spark read at a time."""

_REPEATED = (
    *("source_system", "given_name", "family_name", "city", "postcode", "label", "labelled_by", "sampled_by"),
    *("industry", "employees", "country"),
)
"""Columns whose values come again and again, so that a dictionary makes the file smaller."""


class TableWriter(Protocol):
    """Takes encoded parts of one table."""

    def add(self, part: Any) -> None:
        """Append a part made by the encoder of the same format."""

    def close(self) -> None:
        """Write what is left."""


def encode(rows: Rows, columns: Sequence[str], file_format: str) -> Any:
    """Return rows as the writer of the format takes them: CSV as bytes, Parquet as an Arrow table of text."""
    if file_format == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()
    import pyarrow as pa

    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(columns, values, strict=True)})


class CsvTable:
    """A CSV file in UTF-8 with a header; a missing value is an empty field."""

    def __init__(self, file: BinaryIO, columns: Sequence[str]) -> None:
        self.file = file
        file.write((",".join(columns) + "\n").encode())

    def add(self, part: bytes) -> None:
        """Append encoded rows."""
        self.file.write(part)

    def close(self) -> None:
        """Nothing is left to write."""


class ParquetTable:
    """A Parquet file, compressed with zstd, all columns text."""

    def __init__(self, file: BinaryIO, columns: Sequence[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.schema = pa.schema([(name, pa.string()) for name in columns])
        repeated = [name for name in columns if name in _REPEATED]
        self.writer = pq.ParquetWriter(file, self.schema, compression="zstd", use_dictionary=repeated)
        self.waiting: list[Any] = []

    def add(self, part: Any) -> None:
        """Keep rows until a row group is full."""
        self.waiting.append(part)
        if sum(table.num_rows for table in self.waiting) >= ROWS_PER_GROUP:
            self._write()

    def close(self) -> None:
        """Write the last row group and the footer."""
        if self.waiting:
            self._write()
        self.writer.close()

    def _write(self) -> None:
        import pyarrow as pa

        self.writer.write_table(pa.concat_tables(self.waiting), row_group_size=2 * ROWS_PER_GROUP)
        self.waiting = []


class Files:
    """Several tables in one folder that get their names together, once all of them are complete.

    A run that is killed leaves hidden `.part` files, which the next run overwrites, and the tables of the run before;
    at the very end, some of its own.
    """

    def __init__(self, folder: Path, file_format: str, tables: Mapping[str, Sequence[str]]) -> None:
        self.paths = {name: folder / f"{name}.{file_format}" for name in tables}
        self.parts = {name: path.with_name(f".{path.name}.part") for name, path in self.paths.items()}
        self.handles: dict[str, BinaryIO] = {}
        self.tables: dict[str, TableWriter] = {}
        kind = CsvTable if file_format == "csv" else ParquetTable
        for name, columns in tables.items():
            self.handles[name] = self.parts[name].open("wb")
            self.tables[name] = kind(self.handles[name], columns)

    def __enter__(self) -> Files:
        return self

    def add(self, name: str, part: Any) -> None:
        """Append an encoded part to a table."""
        self.tables[name].add(part)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for table in self.tables.values():
                table.close()
        for handle in self.handles.values():
            handle.close()
        if error is None:
            for path in self.paths.values():  # who is killed below leaves too few tables, and not those of two runs
                path.unlink(missing_ok=True)
        for name, part in self.parts.items():
            if error is None:
                part.replace(self.paths[name])
            else:
                part.unlink(missing_ok=True)
