"""The columns that are no field: which one is the record id, the source system, the time of the last change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dbt_dedup.guess import kinds
from dbt_dedup.guess.column_kind import FEW_VALUES, HIGH, LOW, MEDIUM, RECORDS_EACH
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.fields import Guess, pairs_of
from dbt_dedup.guess.names import is_called, meanings_of

OTHER_NUMBERS = ("house_number", "phone", "postcode")  # meanings of names that may end in `number` and say no id
MOST_SOURCES = 30
LONGEST_ID = 60
MOSTLY_FILLED = 0.95  # share of the records with a value
ACROSS_PER_INSIDE = 5.0  # how much rarer than by chance likely pairs are of one source
LEAST_EXPECTED = 10  # of them by chance


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
        meanings = meanings_of(column.name)
        is_called_id = bool({"record_id", "identifier"} & set(meanings)) and meanings[0] not in OTHER_NUMBERS
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
    """The column that names the system a record comes from, by its name."""
    for column in columns:
        if meanings_of(column.name)[:1] != ["source"] or not 2 <= column.distinct <= MOST_SOURCES:
            continue
        if column.filled_share >= MOSTLY_FILLED:
            return Role("source", column.name, HIGH, f"name; {column.distinct} different values, none missing")
        # a part of a name and many records without a value: where a customer came from, not the record
        if column.filled_share >= 0.5 and is_called(column.name, "source"):
            return Role("source", column.name, LOW, f"name; {column.distinct} different values")
    for column in columns:
        if (
            is_called(column.name, "offered_by")
            and 2 <= column.distinct <= FEW_VALUES
            and column.filled_share >= MOSTLY_FILLED
            and column.filled >= RECORDS_EACH * column.distinct
        ):
            return Role("source", column.name, MEDIUM, f"name; {column.distinct} different values, none missing")
    return None


def source_by_pairs(fields: Sequence[Guess], columns: Sequence[Column]) -> Role | None:
    """A column of few values in which records that are likely of one thing hardly ever agree."""
    pairs = pairs_of(fields, columns)
    for column in columns:
        if not 2 <= column.distinct <= MOST_SOURCES or column.filled_share < MOSTLY_FILLED:
            continue
        if kinds.numbers(column) > 0.5 or kinds.dates(column) > 0.5:
            continue
        found = pairs.agreement(column, "category")
        expected = found.pairs * found.by_chance
        if expected >= LEAST_EXPECTED and found.share * ACROSS_PER_INSIDE <= found.by_chance:
            return Role(
                "source",
                column.name,
                MEDIUM,
                f"{found.share:.0%} of {found.pairs:,} likely pairs are of one {column.name}, by chance"
                f" {found.by_chance:.0%}",
            )
    return None


def guess_updated_at(columns: Sequence[Column]) -> Role | None:
    """The column with the time of the last change."""
    for column in columns:
        meanings = meanings_of(column.name)
        # `updated_timestamp` ends like the time of any record
        is_change = meanings[:1] == ["updated_at"] or ("updated_at" in meanings and meanings[0] == "created_at")
        if is_change and (found := kinds.dates(column)) >= 0.8:
            return Role("updated_at", column.name, HIGH, f"name; {found:.0%} of the values are dates")
    return None
