"""The values of a new record: which columns of the input they are for, and their text."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError

NEW_RECORD = "new record"


@dataclass(frozen=True)
class InputColumns:
    """The columns of an entity's input that a look-up reads.

    Attributes:
        record_id: the column of the record id.
        source: the column of the source; None where the entity has none.
        fields: the columns of each field.
        countries: the columns by which fields are read, by field.
    """

    entity: str
    record_id: str
    source: str | None
    fields: Mapping[str, Sequence[str]]
    countries: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, each once."""
        of_fields = [column for columns in self.fields.values() for column in columns]
        others = [*([self.source] if self.source else []), *self.countries.values()]
        return tuple(dict.fromkeys([self.record_id, *of_fields, *others]))

    def read_by(self, field: str) -> tuple[str, ...]:
        """The columns that the value of a field is a function of."""
        country = self.countries.get(field)
        return (*self.fields[field], *([country] if country else []))

    def row(self, values: Mapping[str, Any]) -> dict[str, str | None]:
        """The text of each column for the values of one record, by column or field.

        Raises:
            DedupError: an unknown name, a value that is no text, number or date, two values for one column, or no
                value for any field.
        """
        if not isinstance(values, Mapping):
            raise DedupError(f"A record to look up is a mapping of fields to values, found {type(values).__name__}.")
        row: dict[str, str | None] = dict.fromkeys(self.names)
        given: dict[str, str] = {}
        for name, value in values.items():
            column = self._column(name)
            if column in given:
                raise DedupError(f"{given[column]!r} and {name!r} are the same column of {self.entity!r}: give one.")
            given[column] = name
            row[column] = _text(name, value)
        if not any(row[column] for columns in self.fields.values() for column in columns):
            raise DedupError(f"No value to look up: give at least one of {', '.join(self.fields)}.")
        row[self.record_id] = row[self.record_id] or NEW_RECORD
        return row

    def _column(self, name: Any) -> str:
        by_name = {column.lower(): column for column in self.names}
        by_name |= {field.lower(): columns[0] for field, columns in self.fields.items() if len(columns) == 1}
        column = by_name.get(str(name).lower())
        if column is not None:
            return column
        for field, columns in self.fields.items():
            if str(name).lower() == field.lower():
                raise DedupError(f"Field {field!r} of {self.entity!r} has several columns: give {', '.join(columns)}.")
        known = list(dict.fromkeys([*self.fields, *self.names]))
        nearest = get_close_matches(str(name).lower(), known, 1, cutoff=0.5)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        raise DedupError(f"Unknown field {str(name)[:80]!r} of {self.entity!r}: it has {', '.join(known)}.{hint}")


def read_values(arguments: Sequence[str], file: Path | None) -> list[dict[str, Any]]:
    """The records that a command line gives: one as `field=value` arguments, or those of a JSON or CSV file.

    Raises:
        DedupError: neither or both are given, an argument without `=`, or a file that cannot be read.
    """
    if bool(arguments) == bool(file):
        raise DedupError("Give the values of a record as field=value arguments, or a file of records with --values.")
    if file:
        return _read_file(file)
    values: dict[str, Any] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise DedupError(f"{argument[:80]!r} is no field=value: write for example given_name=Anna.")
        if name in values:
            raise DedupError(f"{name!r} is given twice: one value a field.")
        values[name] = value
    return [values]


def _read_file(file: Path) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".csv":
            csv.field_size_limit(2**31 - 1)
            reader = csv.DictReader(text.splitlines(keepends=True))
            records: Any = list(reader)
            if twice := [name for name, times in Counter(reader.fieldnames or ()).items() if times > 1]:
                raise ValueError(f"its header names {', '.join(twice)} twice")
            if any(None in record or None in record.values() for record in records):
                raise ValueError("a line has another number of values than the header")
        else:
            records = json.loads(text)
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise DedupError(
            f"{file} cannot be read: {error}. It holds CSV with a header (FILE.csv), or JSON: an object, or a list of"
            " objects."
        ) from error
    records = [records] if isinstance(records, dict) else records
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        raise DedupError(f'{file} holds no record: write an object such as {{"given_name": "Anna"}}, or a list.')
    return records


def _text(name: str, value: Any) -> str | None:
    """The text as the warehouse would write it; None for an empty value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str | int | float | Decimal):
        raise DedupError(f"The value of {name!r} is a {type(value).__name__}: give text, a number, a date or nothing.")
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DedupError(f"The value of {name!r} is no valid Unicode text: {error.reason}.") from error
    return text if text.strip() else None
