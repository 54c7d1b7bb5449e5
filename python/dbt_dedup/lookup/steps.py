"""SQL that DuckDB plans once and runs many times, on tables that change in between."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

PREFIX = "dedup_find_"


class PreparedSteps:
    """Statements of one cursor that read provided tables.

    DuckDB plans a statement that reads a table of a database at every run, which takes longer than running it on one
    record. It does not for a registered object that gives a stream of Arrow data.

    Args:
        cursor: a DuckDB cursor that nothing else uses at the same time.
    """

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self._provided: dict[str, _Current] = {}
        self._prepared: set[str] = set()

    def provide(self, name: str, table: pa.Table) -> None:
        """Let statements read a table as `dedup_find_<name>`. A later one of the same name has the same columns."""
        if name in self._provided:
            self._provided[name].table = table
        else:
            self._provided[name] = _Current(table)
            self.cursor.register(PREFIX + name, self._provided[name])

    def run(self, name: str, sql: str) -> pa.Table:
        """The result of a statement, which is prepared under the name when it first runs."""
        if name not in self._prepared:
            # inlined, a CTE that several others read would be computed for each
            self.cursor.execute("set disabled_optimizers = 'cte_inlining'")
            self.cursor.execute(f'prepare "{PREFIX}{name}" as {sql}')
            self.cursor.execute("reset disabled_optimizers")
            self._prepared.add(name)
        return fetched(self.cursor.sql(f'execute "{PREFIX}{name}"'))


def fetched(relation: Any) -> pa.Table:
    """All rows of a DuckDB relation."""
    table: pa.Table = relation.to_arrow_table()
    return table


class _Current:
    """Gives the table that it holds at the time when it is read."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)
