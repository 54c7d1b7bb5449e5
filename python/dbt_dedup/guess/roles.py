"""The columns that are no field: which one is the record id, the source system, the time of the last change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dbt_dedup.guess import kinds
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.fields import HIGH, LOW, MEDIUM
from dbt_dedup.guess.names import meanings_of

MOST_SOURCES = 30
LONGEST_ID = 60


@dataclass(frozen=True)
class Role:
    """A column with a role.

    Attributes:
        key: of the spec, such as `record_id`.
        column: its name, or for the key `source_mode` the mode.
        confidence: `high`, `medium` or `low`.
        evidence: what speaks for it.
    """

    key: str
    column: str
    confidence: str
    evidence: str


def guess_record_id(columns: Sequence[Column]) -> Role | None:
    """The column that is different in each record, the one that is called an id first; None if there is none."""
    ranked = []
    for place, column in enumerate(columns):
        if (
            not column.is_unique
            or any(len(value) > LONGEST_ID for value in column.values)
            or kinds.emails(column) > 0.5
        ):
            continue
        is_called_id = "record_id" in meanings_of(column.name) or "identifier" in meanings_of(column.name)
        is_code = column.words_per_value < 1.05 and kinds.dates(column) < 0.5
        if is_called_id or (is_code and kinds.with_digits(column) >= 0.9):
            ranked.append((not is_called_id, meanings_of(column.name)[:1] != ["record_id"], place, column))
    if not ranked:
        return None
    is_other_name, _, _, column = min(ranked, key=lambda entry: entry[:3])
    evidence = f"different in each of the {column.rows:,} records"
    return Role("record_id", column.name, MEDIUM if is_other_name else HIGH, evidence)


def nearly_record_id(columns: Sequence[Column]) -> Column | None:
    """The column that is called an id, or is most distinct, where none is different in each record."""
    if not columns:
        return None
    return max(
        columns, key=lambda column: ("record_id" in meanings_of(column.name), column.distinct, -len(column.name))
    )


def guess_source(columns: Sequence[Column]) -> Role | None:
    """The column that names the system a record comes from."""
    for column in columns:
        if meanings_of(column.name)[:1] != ["source"] or not 2 <= column.distinct <= MOST_SOURCES:
            continue
        if column.filled_share >= 0.95:
            return Role("source", column.name, HIGH, f"name; {column.distinct} different values, none missing")
        if column.filled_share >= 0.5:
            return Role("source", column.name, LOW, f"name; {column.distinct} different values")
    return None


def guess_updated_at(columns: Sequence[Column]) -> Role | None:
    """The column with the time of the last change."""
    for column in columns:
        if "updated_at" in meanings_of(column.name)[:1] and (found := kinds.dates(column)) >= 0.8:
            return Role("updated_at", column.name, HIGH, f"name; {found:.0%} of the values are dates")
    return None
