"""Read what dbt built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


class Warehouse:
    """The built relations of a project, open for reading; `DbtProject.open` makes one.

    Args:
        relation: gives the quoted name in the database of a model or seed.
        cursor: the DuckDB cursor.
    """

    def __init__(self, relation: Callable[[str], str], cursor: Any) -> None:
        self.cursor = cursor
        self._relation = relation

    def read(
        self, name: str, columns: Sequence[str] | None = None, where: Mapping[str, Iterable[Any]] | None = None
    ) -> Any:
        """A DuckDB relation of the rows of a model or seed, computed as it is fetched.

        Args:
            name: the model or seed.
            columns: what to read; None reads all.
            where: keeps the rows whose value is one of a few hundred given ones, for each column named. DuckDB looks
                them up before it computes the columns of a view.

        Raises:
            DedupError: the project has no such model or seed.
            duckdb.Error: it is not built, or lacks a column.
        """
        from duckdb import ColumnExpression, ConstantExpression

        relation = self.cursor.table(self._relation(name))
        for column, values in (where or {}).items():
            constants = [ConstantExpression(value) for value in values]
            relation = relation.filter(
                ColumnExpression(column).isin(*constants) if constants else ConstantExpression(False)
            )
        return relation if columns is None else relation.select(*map(ColumnExpression, columns))
