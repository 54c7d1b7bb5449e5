"""The tables that the report reads, with selects only, in one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

PROBLEMS_SHOWN = 3
READ_ONLY = "begin transaction read only"


@dataclass(frozen=True)
class Problem:
    """A problem of values of a field: how many have it, and an example as it was written."""

    name: str
    records: int
    example: str


@dataclass(frozen=True)
class FieldProfile:
    """One row of `<entity>_profile`, with the most common problems of `<entity>_quality_issues`.

    Attributes:
        field, type: name and type in the spec.
        records, filled, problems, usable, distinct: records in all, with a value, with an incorrect value, with a
            usable one, and distinct usable values.
        min_complete, max_problems: what the spec asks for, shares in [0, 1]; None where it asks for nothing.
        most_common, most_common_share: the usable value of most records, and its share of them.
        common_problems: the most common problems, at most `PROBLEMS_SHOWN`.
    """

    field: str
    type: str
    records: int
    filled: int
    problems: int
    usable: int
    distinct: int
    min_complete: float | None
    max_problems: float | None
    most_common: str | None
    most_common_share: float | None
    common_problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Rule:
    """One row of `<entity>_block_stats`: records it covers, pairs it proposes, those that no other rule proposes."""

    name: str
    records_covered: int
    pairs: int
    only_this: int
    largest_block: int
    dropped_pairs: int


@dataclass(frozen=True)
class Metric:
    """One row of `<entity>_metrics` that has a target: value, target and whether it is met."""

    description: str
    name: str
    value: float | None
    target: float
    is_met: bool | None


@dataclass(frozen=True)
class Fraction:
    """A count out of a total."""

    part: int
    whole: int


@dataclass(frozen=True)
class Data:
    """The data that the second section shows.

    Attributes:
        records, candidate_pairs: how many there are.
        fields, rules: one for each field of the spec and each blocking rule, in its order.
        found_of_truth: true pairs that blocking proposes; None without a truth table, or true pairs in it.
        found_of_labels: pairs labelled match that blocking proposes; None without any.
    """

    records: int
    candidate_pairs: int
    fields: tuple[FieldProfile, ...]
    rules: tuple[Rule, ...]
    found_of_truth: Fraction | None
    found_of_labels: Fraction | None


class Warehouse:
    """The built tables of an entity, open for reading.

    Attributes:
        spec: the entity as the project declares it now.
        cursor: a DuckDB cursor in a read-only transaction.
    """

    def __init__(self, project: DbtProject, spec: Spec, cursor: Any) -> None:
        self.spec = spec
        self.cursor = cursor
        self._project = project
        self._check_built()

    def relation(self, name: str) -> str:
        """Quoted name of a model; `{}` in it is the entity."""
        return self._project.relation(name.format(self.spec.name))

    def pair_features(self) -> Any:
        """The DuckDB relation of the candidate pairs with their features."""
        return self.cursor.query(f"select * from {self.relation('int_{}__pair_features')}")

    def record_keys(self) -> NDArray[np.int32]:
        """The record_key of every record, ascending."""
        table = self.cursor.query(f"select record_key::integer as k from {self.relation('int_{}__keyed_records')}")
        return np.sort(table.to_arrow_table()["k"].to_numpy())

    def data(self) -> Data:
        """Profile, blocking and how much of what is known to match blocking proposes."""
        ((records,),) = self._rows(f"select count(*) from {self.relation('stg_{}__records')}")
        ((pairs,),) = self._rows(f"select count(*) from {self.relation('int_{}__candidate_pairs')}")
        return Data(
            records=records,
            candidate_pairs=pairs,
            fields=tuple(self._fields()),
            rules=tuple(self._rules()),
            found_of_truth=self._found_of_truth(),
            found_of_labels=self._found_of_labels(),
        )

    def served(self) -> tuple[str | None, tuple[Metric, ...]]:
        """The version that scored the served tables, None where it cannot be told, and metrics that have a target.

        None and nothing where `<entity>_metrics` or `<entity>_matches` is not built.
        """
        metrics = self._rows_if_built(
            "select description, metric, value, target, is_met from {} where target is not null order by metric_number",
            "{}_metrics",
        )
        versions = self._rows_if_built("select distinct model_version from {} limit 2", "{}_matches")
        if not metrics or versions is None:
            return None, ()
        version = str(versions[0][0]) if len(versions) == 1 else None
        return version, tuple(Metric(*row) for row in metrics)

    def records(self, keys: Iterable[int]) -> dict[int, Record]:
        """Records by their record_key."""
        wanted = ", ".join(str(int(key)) for key in sorted(set(keys)))
        return {row[0]: self._record(row[1:]) for row in self._select_records(f"record_key in ({wanted or 'null'})")}

    def records_by_id(self, record_ids: Iterable[str]) -> dict[str, Record]:
        """Records by their record_id; those that no longer exist are left out."""
        wanted = ", ".join("'" + record_id.replace("'", "''") + "'" for record_id in sorted(set(record_ids)))
        return {row[1]: self._record(row[1:]) for row in self._select_records(f"record_id in ({wanted or 'null'})")}

    def _select_records(self, condition: str) -> list[tuple[Any, ...]]:
        originals = "".join(f', "{field.name}__original"::varchar' for field in self.spec.fields)
        return self._rows(
            f"select record_key, record_id, records.source{originals} from {self.relation('stg_{}__records')} as records"
            f" inner join {self.relation('int_{}__keyed_records')} as keyed using (record_id) where {condition}"
        )

    def _record(self, row: Sequence[Any]) -> Record:
        names = (field.name for field in self.spec.fields)
        return Record(row[0], row[1], dict(zip(names, row[2:], strict=True)))

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.cursor.execute(sql).fetchall()
        return rows

    def _rows_if_built(self, sql: str, *models: str) -> list[tuple[Any, ...]] | None:
        """The rows of a select over models, whose names replace each `{}` in turn; None if a model cannot be read."""
        import duckdb

        try:
            return self._rows(sql.format(*(self.relation(model) for model in models)))
        except DedupError:  # the project has no such model
            return None
        except duckdb.Error:  # not there, or a view on something that is not there
            self.cursor.execute("rollback")
            self.cursor.execute(READ_ONLY)
            return None

    def _check_built(self) -> None:
        needed = ("{}_profile", "{}_quality_issues", "{}_block_stats", "int_{}__pair_features")
        for name in needed:
            self.relation(name)
        missing = [
            name.format(self.spec.name)
            for name in needed
            if self._rows_if_built("select * from {} limit 0", name) is None
        ]
        if missing:
            raise DedupError(
                f"The report reads tables of entity {self.spec.name!r} that are not built yet: {', '.join(missing)}."
                f" Run `dbt build --select {' '.join('+' + name for name in missing)}` first, or `dbt build`."
            )

    def _fields(self) -> Iterator[FieldProfile]:
        problems = self._rows(
            f"""
            select field, problem, count(*), arg_min(original_value, record_id)
            from {self.relation("{}_quality_issues")}
            group by field, problem
            order by count(*) desc, problem
            """
        )
        rows = self._rows(
            f"""
            select
                field, field_type, records, filled, problems, usable, distinct_values, min_complete, max_problems,
                most_common_value, most_common_share
            from {self.relation("{}_profile")}
            order by field_number
            """
        )
        for row in rows:
            problems_of_field = [
                Problem(name, count, example) for field, name, count, example in problems if field == row[0]
            ]
            yield FieldProfile(*[*row, tuple(problems_of_field[:PROBLEMS_SHOWN])])

    def _rules(self) -> Iterator[Rule]:
        rows = self._rows(
            f"""
            select rule, records_covered, pairs, pairs_only_this_rule, largest_block, dropped_pairs
            from {self.relation("{}_block_stats")}
            order by rule_number
            """
        )
        return (Rule(*row) for row in rows)

    def _found_of_truth(self) -> Fraction | None:
        """Pairs of representatives count for all the records that they represent."""
        if not self.spec.truth:
            return None
        return self._share(
            """
            with
            members as (
                select truth.entity_id, records.representative_key as record_key, count(*) as records
                from {} as records
                inner join {} as truth
                    on records.record_id = truth.record_id::varchar
                group by all
            ),
            true_pairs as (
                select l.record_key as record_key_l, r.record_key as record_key_r, l.records * r.records as pairs
                from members as l
                inner join members as r on l.entity_id = r.entity_id and l.record_key < r.record_key
            ),
            alike as (
                select coalesce(sum(records * (records - 1) // 2), 0) as pairs from members
            ),
            proposed as (
                select coalesce(sum(true_pairs.pairs), 0) as pairs
                from true_pairs
                semi join {} as candidate_pairs
                    on true_pairs.record_key_l = candidate_pairs.record_key_l
                    and true_pairs.record_key_r = candidate_pairs.record_key_r
            )
            select
                alike.pairs + proposed.pairs,
                alike.pairs + (select coalesce(sum(pairs), 0) from true_pairs)
            from alike cross join proposed
            """,
            "int_{}__keyed_records",
            self.spec.truth,
            "int_{}__candidate_pairs",
        )

    def _found_of_labels(self) -> Fraction | None:
        if not self.spec.labels:
            return None
        return self._share(
            """
            with
            matches as (
                select distinct
                    least(l.representative_key, r.representative_key) as record_key_l,
                    greatest(l.representative_key, r.representative_key) as record_key_r
                from {} as labels
                inner join {} as l on labels.record_id_l::varchar = l.record_id
                inner join {} as r on labels.record_id_r::varchar = r.record_id
                where labels.label = 'match' and l.record_key <> r.record_key
            )
            select
                count(*) filter (
                    matches.record_key_l = matches.record_key_r or candidate_pairs.record_key_l is not null
                ),
                count(*)
            from matches
            left join {} as candidate_pairs
                on matches.record_key_l = candidate_pairs.record_key_l
                and matches.record_key_r = candidate_pairs.record_key_r
            """,
            self.spec.labels,
            "int_{}__keyed_records",
            "int_{}__keyed_records",
            "int_{}__candidate_pairs",
        )

    def _share(self, sql: str, *models: str) -> Fraction | None:
        rows = self._rows_if_built(sql, *models)  # the labels or the truth may not be built
        return Fraction(int(rows[0][0]), int(rows[0][1])) if rows and rows[0][1] else None


@contextmanager
def open_warehouse(project: DbtProject, spec: Spec) -> Iterator[Warehouse]:
    """Open the built tables of an entity for reading.

    Raises:
        DedupError: a table that the report reads is not built.
    """
    with project.connect() as cursor:
        cursor.execute(READ_ONLY)
        yield Warehouse(project, spec, cursor)
