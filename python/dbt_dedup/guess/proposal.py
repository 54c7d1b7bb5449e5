"""Propose how a table is declared as an entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.guess.column_kind import HIGH, LOW
from dbt_dedup.guess.columns import Column, read_columns
from dbt_dedup.guess.fields import Guess, LeftOut, guess_fields
from dbt_dedup.guess.names import can_be_named
from dbt_dedup.guess.places import guess_country
from dbt_dedup.guess.roles import (
    Role,
    guess_record_id,
    guess_source,
    guess_updated_at,
    nearly_record_id,
    source_by_pairs,
)
from dbt_dedup.guess.rules import blocking_rules
from dbt_dedup.guess.sources import guess_source_mode

GENERATED_ID = "dedup_record_id"
READ_A_COUNTRY = ("phone", "postcode")


@dataclass(frozen=True)
class Proposal:
    """An entity as it could be declared.

    Attributes:
        rows: records of the table.
        roles: columns with a role, such as the record id, and the source mode where it is not `both`.
        fields: in the order of the table.
        left_out: columns that are no field.
        blocking: rules, each a list of keys.
        country: the country of the fields that read one, and what speaks for it; empty where it is unknown.
        makes_id: whether no column identifies a record, so that the model that reads the file has to make an id.
    """

    rows: int
    roles: tuple[Role, ...]
    fields: tuple[Guess, ...]
    left_out: tuple[LeftOut, ...]
    blocking: tuple[tuple[str, ...], ...]
    country: str
    makes_id: bool

    @property
    def unsure(self) -> list[str]:
        """Names of the fields whose type is hardly more than a possibility."""
        return [guess.name for guess in self.fields if guess.confidence == LOW]

    def declared(self, input_name: str | Sequence[str], entity: str) -> dict[str, Any]:
        """The entry of the entity in `dedup_entities`."""
        fields: dict[str, dict[str, Any]] = {}
        for guess in self.fields:
            columns = guess.columns
            given: dict[str, Any] = {"type": guess.type}
            if len(columns) > 1 or columns[0] != guess.name:
                given["column"] = list(columns) if len(columns) > 1 else columns[0]
            fields[guess.name] = {**given, **guess.options}
        return {
            "input": input_name if isinstance(input_name, str) else list(input_name),
            **{role.key: role.column for role in self.roles},
            "labels": f"{entity}_labels",
            "overrides": f"{entity}_overrides",
            "publish": "published",
            "fields": fields,
            "blocking": [list(rule) for rule in self.blocking],
        }


@dataclass(frozen=True)
class Known:
    """What the user says instead of a guess.

    Attributes:
        record_id: name of the column.
        source: name of the column.
        updated_at: name of the column.
        source_mode: which pairs may match.
        country: ISO 3166 code of two letters.
    """

    record_id: str | None = None
    source: str | None = None
    updated_at: str | None = None
    source_mode: str | None = None
    country: str | None = None


def propose(relation: Any, known: Known, *, can_make_id: bool) -> Proposal:
    """Look at a table and propose how it is declared.

    Args:
        relation: a DuckDB relation.
        known: what the user says.
        can_make_id: whether an id may be made where no column identifies a record, as for a file.

    Raises:
        DedupError: fewer than two records or columns, a column that does not exist, or no record id.
    """
    columns = read_columns(relation)
    columns, unnamed = [c for c in columns if can_be_named(c.name)], [c for c in columns if not can_be_named(c.name)]
    if not columns or not columns[0].rows:
        raise DedupError("The table has no records: there is nothing to look at.")
    if columns[0].rows == 1:
        raise DedupError("The table has one record: there is no other to compare it with.")
    names = [column.name for column in columns]
    roles = [role for role in (_record_id(columns, known, can_make_id), *_other_roles(columns, known)) if role]
    taken = {role.column for role in roles}
    by_name: Mapping[str, Column] = {column.name: column for column in columns}
    source = next((by_name[role.column] for role in roles if role.key == "source"), None)
    waiting = [column for column in columns if column.name not in taken]
    fields, left_out = guess_fields(waiting, source)
    if source is None and (role := source_by_pairs(fields, waiting)):
        roles.append(role)
        source = by_name[role.column]
        fields, left_out = guess_fields([column for column in waiting if column is not source], source)
    if not fields:
        reasons = "; ".join(f"{entry.column}: {entry.reason}" for entry in left_out)
        raise DedupError(
            f"No column of {', '.join(names)} says anything to compare records by ({reasons or 'each has a role'})."
            " At least one column must describe the thing, such as a name."
        )
    if mode := _source_mode(source, fields, by_name, known):
        roles.append(mode)
    country, evidence = (known.country, "given") if known.country else guess_country(columns, fields)
    if country:
        fields = [
            replace(guess, options={**guess.options, "country": country}) if guess.type in READ_A_COUNTRY else guess
            for guess in fields
        ]
    return Proposal(
        rows=columns[0].rows,
        roles=tuple(roles),
        fields=tuple(fields),
        left_out=(*left_out, *(LeftOut(c.name, "its name has quotation marks or control characters") for c in unnamed)),
        blocking=tuple(tuple(rule) for rule in blocking_rules(fields, by_name)),
        country=evidence if any(guess.type in READ_A_COUNTRY for guess in fields) else "",
        makes_id=roles[0].column == GENERATED_ID,
    )


def _record_id(columns: Sequence[Column], known: Known, can_make_id: bool) -> Role:
    if known.record_id:
        column = _named(columns, known.record_id, "--record-id")
        if not column.is_unique:
            problem = (
                f"{column.rows - column.filled:,} records have none"
                if column.filled < column.rows
                else f"{column.rows - column.distinct:,} records repeat the value of another"
            )
            raise DedupError(f"--record-id {column.name}: {problem}. A record id is different in each record.")
        return Role("record_id", column.name, HIGH, "given")
    if role := guess_record_id(columns):
        return role
    nearest = nearly_record_id(columns)
    closest = ""
    if nearest and nearest.filled:
        closest = (
            f"; {nearest.name} comes nearest, with {nearest.distinct:,} different values in {nearest.rows:,} records"
        )
    if can_make_id:
        return Role("record_id", GENERATED_ID, HIGH, f"made from the values: no column identifies a record{closest}")
    raise DedupError(
        f"No column identifies a record{closest}. Name a column that is different in each record with --record-id, or"
        " make one in a model that selects from the table."
    )


def _other_roles(columns: Sequence[Column], known: Known) -> tuple[Role | None, Role | None]:
    source, updated_at = guess_source(columns), guess_updated_at(columns)
    if known.source:
        source = Role("source", _named(columns, known.source, "--source").name, HIGH, "given")
    if known.updated_at:
        updated_at = Role("updated_at", _named(columns, known.updated_at, "--updated-at").name, HIGH, "given")
    return source, updated_at


def _source_mode(
    source: Column | None, fields: Sequence[Guess], columns: Mapping[str, Column], known: Known
) -> Role | None:
    """Which pairs may match, where that is not every pair."""
    if known.source_mode:
        if source is None:
            raise DedupError(f"--source-mode {known.source_mode} needs a column that names the source: give --source.")
        return Role("source_mode", known.source_mode, HIGH, "given")
    return guess_source_mode(source, fields, columns) if source else None


def _named(columns: Sequence[Column], name: str, option: str) -> Column:
    by_name = {column.name: column for column in columns}
    if name in by_name:
        return by_name[name]
    nearest = get_close_matches(name, by_name, n=1, cutoff=0.5)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    raise DedupError(f"{option} {name}: the table has no such column, but {', '.join(by_name)}.{hint}")
