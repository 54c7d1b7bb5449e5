"""The tables that the report reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError
from dbt_dedup.pair_features import RequestedPairs
from dbt_dedup.resolve import Decisions, Records
from dbt_dedup.resolve.dbt_models import read_decisions, read_records
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject, Warehouse

Keys = NDArray[np.int32]

PROBLEMS_SHOWN = 3
NEEDED = ("{}_profile", "int_{}__problem_counts", "{}_block_stats", "int_{}__pair_features")
PROFILE_COLUMNS = (
    "field",
    "field_type",
    "records",
    "filled",
    "problems",
    "usable",
    "distinct_values",
    "min_complete",
    "max_problems",
    "most_common_value",
    "most_common_share",
)
RULE_COLUMNS = ("rule", "records_covered", "pairs", "pairs_only_this_rule", "largest_block", "dropped_pairs")


@dataclass(frozen=True)
class Problem:
    """A problem of values of a field: how many have it, and an example as it was written."""

    name: str
    records: int
    example: str


@dataclass(frozen=True)
class FieldProfile:
    """One row of `<entity>_profile`, with the most common problems of the field.

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
    """One row of `<entity>_metrics` that has a target.

    Attributes:
        description, name, unit: what it says, its name, and in what the values are.
        value: None where nothing was measured.
        target: what it must reach; fails where it does not.
        warn_target: what it should reach; None where nothing warns.
        level: ok, warning, failure or unknown.
    """

    description: str
    name: str
    unit: str
    value: float | None
    target: float
    warn_target: float | None
    level: str


@dataclass(frozen=True)
class Served:
    """The served tables: the version that scored them, None where it cannot be told, and metrics that have a target."""

    version: str | None
    metrics: tuple[Metric, ...]

    @property
    def waiting(self) -> int | None:
        """Pairs in the review queue; None where they were not counted."""
        counts = [metric.value for metric in self.metrics if metric.name == "review_pairs"]
        return int(counts[0]) if counts and counts[0] is not None else None


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


class EntityTables:
    """The built tables of an entity, open for reading in one transaction.

    Attributes:
        spec: the entity as the project declares it now.
    """

    def __init__(
        self, project: DbtProject, spec: Spec, warehouse: Warehouse, requested: RequestedPairs | None = None
    ) -> None:
        self.spec = spec
        self._project = project
        self._warehouse = warehouse
        self._requested = requested
        self._check_built()

    def pair_features(self) -> Any:
        """The DuckDB relation of the candidate pairs with their features."""
        return self._read("int_{}__pair_features")

    def features_of(self, left: Keys, right: Keys) -> NDArray[np.float64]:
        """The features of any pairs of records, given by their keys; n pairs by f."""
        if self._requested is None:
            raise ValueError("the tables were opened without a way to compare pairs")
        return self._requested.read(self._warehouse, left, right)

    def records_to_resolve(self) -> Records:
        """All records, as `resolve` takes them."""
        return read_records(self._read("int_{}__keyed_records"), self.spec)

    def decisions(self) -> Decisions:
        """What people decided; nothing where `int_<entity>__links` is not built."""
        is_built = self._is_built("int_{}__links")
        if not is_built:
            return Decisions()
        return read_decisions(self._read("int_{}__links"), self._read("int_{}__keyed_records"))

    def data(self) -> Data:
        """Profile, blocking and how much of what is known to match blocking proposes."""
        found = self._found_by_blocking()
        return Data(
            records=len(self._read("stg_{}__records")),
            candidate_pairs=len(self._read("int_{}__candidate_pairs")),
            fields=tuple(self._fields()),
            rules=tuple(self._rules()),
            found_of_truth=found.get("truth"),
            found_of_labels=found.get("labels"),
        )

    def served(self) -> Served:
        """What is known of the served tables: nothing where `<entity>_metrics` or `<entity>_matches` is not built."""
        columns = ["metric_number", "description", "metric", "unit", "value", "target", "warn_target", "level"]
        rows = self._rows_if_built("{}_metrics", columns) or []
        metrics = tuple(
            Metric(*row[1:]) for row in sorted(rows, key=itemgetter(0)) if row[columns.index("target")] is not None
        )
        versions = self._distinct_if_built("{}_matches", "model_version", 2)
        if not metrics or versions is None:
            return Served(None, ())
        return Served(str(versions[0]) if len(versions) == 1 else None, metrics)

    def records(self, keys: Iterable[int]) -> dict[int, Record]:
        """Records by their record_key."""
        wanted = sorted({int(key) for key in keys})
        ids = self._read("int_{}__keyed_records", ["record_key", "record_id"], {"record_key": wanted}).fetchall()
        by_id = self.records_by_id(record_id for _, record_id in ids)
        return {key: by_id[record_id] for key, record_id in ids}

    def records_by_id(self, record_ids: Iterable[str]) -> dict[str, Record]:
        """Records by their record_id; those that no longer exist are left out."""
        names = [field.name for field in self.spec.fields]
        columns = ["record_id", "source", *(f"{name}__original" for name in names)]
        rows = self._read("stg_{}__records", columns, {"record_id": sorted(set(record_ids))}).fetchall()
        return {row[0]: Record(row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows}

    def _read(
        self, name: str, columns: Sequence[str] | None = None, where: Mapping[str, Iterable[Any]] | None = None
    ) -> Any:
        """`Warehouse.read`, with the name of the entity in place of `{}`."""
        return self._warehouse.read(name.format(self.spec.name), columns, where)

    def _rows_if_built(self, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]] | None:
        """Some columns of the rows of a model; None if it cannot be read."""
        return self._if_built(lambda: self._read(name, columns).fetchall())

    def _distinct_if_built(self, name: str, column: str, most: int) -> list[Any] | None:
        """At most so many distinct values of a column; None if the model cannot be read."""
        rows = self._if_built(lambda: self._read(name, [column]).distinct().limit(most).fetchall())
        return None if rows is None else [value for (value,) in rows]

    def _is_built(self, name: str) -> bool:
        return self._if_built(lambda: self._read(name).limit(0).fetchall()) is not None

    def _if_built(self, fetch: Callable[[], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]] | None:
        """What a function reads; None if it cannot be read."""
        import duckdb

        try:
            return fetch()
        except DedupError:  # the project has no such model
            return None
        except duckdb.Error:  # not there, or a view on something that is not there
            self._warehouse.cursor.rollback()
            self._warehouse.cursor.begin()
            return None

    def _check_built(self) -> None:
        names = [name.format(self.spec.name) for name in NEEDED]
        for name in names:
            self._project.node(name)  # a model that the project lacks cannot be built
        missing = [name for name in names if not self._is_built(name)]
        if missing:
            raise DedupError(
                f"The report reads tables of entity {self.spec.name!r} that are not built yet: {', '.join(missing)}."
                f" Run `dbt build --select {' '.join('+' + name for name in missing)}` first, or `dbt build`."
            )

    def _fields(self) -> Iterator[FieldProfile]:
        problems: dict[str, list[Problem]] = {}
        for field, *problem in self._read(
            "int_{}__problem_counts", ["field", "problem", "records", "example"]
        ).fetchall():
            problems.setdefault(field, []).append(Problem(*problem))
        profile = self._read("{}_profile", ["field_number", *PROFILE_COLUMNS])
        for _, field, *figures in sorted(profile.fetchall(), key=itemgetter(0)):
            common = sorted(problems.get(field, ()), key=lambda problem: (-problem.records, problem.name))
            yield FieldProfile(*[field, *figures, tuple(common[:PROBLEMS_SHOWN])])

    def _rules(self) -> list[Rule]:
        rows = self._read("{}_block_stats", ["rule_number", *RULE_COLUMNS]).fetchall()
        return [Rule(*row[1:]) for row in sorted(rows, key=itemgetter(0))]

    def _found_by_blocking(self) -> dict[str, Fraction]:
        """For each base with pairs known to match, how many of them blocking finds; the labels may not be built."""
        rows = self._rows_if_built("{}_blocking_recall", ["base", "found_pairs", "pairs"]) or []
        return {base: Fraction(found, pairs) for base, found, pairs in rows if pairs}


@contextmanager
def open_tables(project: DbtProject, spec: Spec) -> Iterator[EntityTables]:
    """Open the built tables of an entity for reading.

    Raises:
        DedupError: a table that the report reads is not built.
    """
    with project.open() as warehouse:
        warehouse.cursor.begin()
        EntityTables(project, spec, warehouse)  # what is not built is said first
    requested = RequestedPairs.of(project, spec)  # dbt closes the connection as it compiles
    with project.open() as warehouse:
        warehouse.cursor.begin()
        yield EntityTables(project, spec, warehouse, requested)
