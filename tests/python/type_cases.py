"""Tables of cases of a field type: a text as written, the value it gets, the problem and the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pytest

Case = tuple[str, Any, dict[str, Any]]


def case(field: str, text: Any, value: Any, problem: str | None = None, **derived: Any) -> Case:
    """A text (several where a field has several columns), the value it gets, the problem, and keys of the value."""
    return field, text, {"value": value, "problem": problem, **derived}


def numbered(cases: Iterable[Case]) -> list[Any]:
    """Parameters number, field, expected of each case."""
    return [
        pytest.param(number, field, expected, id=f"{field} {str(text)[:30]!r}")
        for number, (field, text, expected) in enumerate(cases)
    ]


def assert_value_and_keys(record: dict[str, Any], field: str, expected: dict[str, Any]) -> None:
    """Compare with the columns of a record, `value` being the field itself."""
    column = {name: field if name == "value" else f"{field}__{name}" for name in expected}
    assert {name: record[column[name]] for name in expected} == expected


def text_table(rows: Sequence[dict[str, Any]], columns: Iterable[str]) -> pa.Table:
    """The rows as texts, null where a row has no value, with ids in their order."""
    texts = {column: pa.array([row.get(column) for row in rows], pa.string()) for column in columns}
    return pa.table({"id": [f"{number:05}" for number in range(len(rows))], **texts})
