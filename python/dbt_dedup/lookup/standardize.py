"""Standardize one record, field by field."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from dbt_dedup.lookup.steps import PreparedSteps
from dbt_dedup.lookup.values import InputColumns

KEPT = 5_000  # texts that are read once only; a few kilobytes each
KEPT_CHARACTERS = 200  # most texts are shorter, and longer ones seldom come twice
INPUT = "input"

Texts = tuple[str, tuple[str | None, ...]]


class Standardizer:
    """Standardizes records as the build does.

    Most of the time goes into preparing regular expressions, of which each field has dozens. So fields that a record
    does not have are not read, those that it has are read side by side on several cursors, and what a text gave is
    kept: the value is a function of the text.

    Args:
        steps: one for each thread; reference lists are provided.
        sql_by_field: SQL that standardizes one field of `dedup_find_input`.
        columns: the columns of the input.
    """

    def __init__(self, steps: Sequence[PreparedSteps], sql_by_field: Mapping[str, str], columns: InputColumns) -> None:
        self._steps, self._sql, self._columns = steps, sql_by_field, columns
        self._schema = pa.schema([(name, pa.string()) for name in columns.names])
        self._threads = ThreadPoolExecutor(len(steps))
        self._shares = _even_shares({name: len(sql) for name, sql in sql_by_field.items()}, len(steps))
        self._kept: OrderedDict[Texts, pa.Table] = OrderedDict()
        self._provide(self._schema.empty_table())
        self._empty = self._read(list(sql_by_field))

    def empty(self) -> pa.Table:
        """No record, with the columns of one."""
        return self._side_by_side(self._empty)

    def one(self, row: Mapping[str, str | None]) -> pa.Table:
        """The columns of `stg_<entity>__records` for one row of the input, but for the text of the whole record."""
        self._provide(pa.Table.from_pylist([dict(row)], self._schema))
        texts = {name: (name, tuple(row[column] for column in self._columns.read_by(name))) for name in self._sql}
        known = {name: self._known(key) for name, key in texts.items()}
        for name, table in self._read([name for name, table in known.items() if table is None]).items():
            known[name] = table
            if sum(len(text or "") for text in texts[name][1]) <= KEPT_CHARACTERS:
                self._kept[texts[name]] = table
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        table = self._side_by_side({name: table for name, table in known.items() if table is not None})
        own = {"record_id": self._columns.record_id, "source": self._columns.source}
        for name, column in own.items():
            value = pa.array([row[column] if column else None], pa.string())
            table = table.set_column(table.column_names.index(name), name, value)
        return table

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _known(self, key: Texts) -> pa.Table | None:
        """What is kept of a text; nothing, for a field without any."""
        name, texts = key
        if not any(texts[: len(self._columns.fields[name])]) and not self._columns.countries.get(name):
            empty = self._empty[name]
            return pa.table([pa.nulls(1, field.type) for field in empty.schema], schema=empty.schema)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _provide(self, table: pa.Table) -> None:
        for steps in self._steps:
            steps.provide(INPUT, table)

    def _read(self, names: Sequence[str]) -> dict[str, pa.Table]:
        """What the warehouse's SQL makes of these fields of the record."""
        wanted = set(names)

        def read(steps: PreparedSteps, share: Sequence[str]) -> dict[str, pa.Table]:
            return {name: steps.run(f"field_{name}", self._sql[name]) for name in share if name in wanted}

        results = self._threads.map(read, self._steps, self._shares)
        return {name: table for tables in results for name, table in tables.items()}

    def _side_by_side(self, tables: Mapping[str, pa.Table]) -> pa.Table:
        """The columns of all fields; those that every field has, such as the record id, once."""
        columns: dict[str, pa.ChunkedArray] = {}
        for name in self._sql:
            columns |= dict(zip(tables[name].column_names, tables[name].columns, strict=True))
        return pa.table(columns)


def _even_shares(costs: Mapping[str, int], count: int) -> list[list[str]]:
    """The names in so many lists of about the same cost, the most costly name first."""
    shares: list[list[str]] = [[] for _ in range(count)]
    for name in sorted(costs, key=lambda name: (-costs[name], name)):
        min(shares, key=lambda share: sum(costs[other] for other in share)).append(name)
    return shares
