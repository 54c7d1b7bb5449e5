"""Standardize one record, field by field."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import pyarrow as pa

from dbt_dedup.lookup.plain import for_plain_text, is_ascii, is_plain
from dbt_dedup.lookup.steps import PreparedSteps
from dbt_dedup.lookup.values import InputColumns

KEPT = 5_000  # texts that are read once only; a few kilobytes each
KEPT_CHARACTERS = 200  # most texts are shorter, and longer ones seldom come twice
INPUT = "input"

Texts = tuple[str, tuple[str | None, ...]]


class Standardizer:
    """Standardizes records as the build does.

    Most of the time goes into preparing regular expressions, of which each field has dozens. So fields that a record
    does not have are not read, plain text is read by quicker expressions, and what a text gave is kept: the value is a
    function of the text.

    Args:
        steps: where the SQL runs; reference lists are provided.
        sql_by_field: SQL that standardizes one field of `dedup_find_input`.
        columns: the columns of the input.
    """

    def __init__(self, steps: PreparedSteps, sql_by_field: Mapping[str, str], columns: InputColumns) -> None:
        self._steps, self._sql, self._columns = steps, sql_by_field, columns
        self._plain_sql = {name: for_plain_text(sql) for name, sql in sql_by_field.items()}
        self._schema = pa.schema([(name, pa.string()) for name in columns.names])
        self._kept: OrderedDict[Texts, pa.Table] = OrderedDict()
        self._steps.provide(INPUT, self._schema.empty_table())
        self._empty = {name: self._read(name, is_text_plain=True) for name in sql_by_field}
        for name in sql_by_field:
            self._read(name, is_text_plain=False)  # prepared now, not at the first name with an accent

    def empty(self) -> pa.Table:
        """No record, with the columns of one."""
        return self._side_by_side(self._empty)

    def one(self, row: Mapping[str, str | None]) -> pa.Table:
        """The columns of `stg_<entity>__records` for one row of the input, but for the text of the whole record."""
        self._steps.provide(INPUT, pa.Table.from_pylist([dict(row)], self._schema))
        tables = {}
        for name in self._sql:
            key = name, tuple(row[column] for column in self._columns.read_by(name))
            tables[name] = self._known(key) or self._read(name, is_plain(key[1]))
            if sum(len(text or "") for text in key[1]) <= KEPT_CHARACTERS:
                self._kept[key] = tables[name]
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        table = self._side_by_side(tables)
        own = {"record_id": self._columns.record_id, "source": self._columns.source}
        for name, column in own.items():
            value = pa.array([row[column] if column else None], pa.string())
            table = table.set_column(table.column_names.index(name), name, value)
        return table

    def _known(self, key: Texts) -> pa.Table | None:
        """What is kept of a text; nothing, for a field without any."""
        name, texts = key
        if not any(texts[: len(self._columns.fields[name])]) and not self._columns.countries.get(name):
            empty = self._empty[name]
            return pa.table([pa.nulls(1, field.type) for field in empty.schema], schema=empty.schema)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _read(self, name: str, is_text_plain: bool) -> pa.Table:
        """What the warehouse's SQL makes of a field of the record."""
        if is_text_plain:
            table = self._steps.run(f"plain_field_{name}", self._plain_sql[name])
            if is_ascii(table):
                return table
        return self._steps.run(f"field_{name}", self._sql[name])

    def _side_by_side(self, tables: Mapping[str, pa.Table]) -> pa.Table:
        """The columns of all fields; those that every field has, such as the record id, once."""
        columns: dict[str, pa.ChunkedArray] = {}
        for name in self._sql:
            columns |= dict(zip(tables[name].column_names, tables[name].columns, strict=True))
        return pa.table(columns)
