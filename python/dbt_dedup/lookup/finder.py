"""Start once, then look up many new records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from dbt_dedup.classifiers.base import probability
from dbt_dedup.errors import DedupError
from dbt_dedup.lookup.found import FoundEntity, Lookup, overall_decision
from dbt_dedup.lookup.values import InputColumns
from dbt_dedup.registry.artefact import load_production

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject

SHOWN = 10  # entities of an answer: a person looks at few
PREFIX = "dedup_find_"
PREPARED = ("standardized", "record_keys", "new_records", "new_keys", "features", "entities")


class Finder:
    """Looks up which entities a new record may belong to.

    It compiles the project's SQL and opens the database for reading once. While it is open, no other process can write
    to the database file. Use it in a `with` statement, or call `close`. One thread at a time may use it.

    Args:
        project: the project, whose tables are built.
        entity: the entity.

    Raises:
        DedupError: an unknown entity, no model in production, tables that are not built or are of another model or
            spec, or a database that another process writes to.

    Example:
        >>> with Finder(DbtProject(), "customers") as finder:  # doctest: +SKIP
        ...     finder.find({"given_name": "Anna", "postcode": "12345"}).decision
        'review'
    """

    def __init__(self, project: DbtProject, entity: str) -> None:
        import duckdb

        self._spec = project.entity_spec(entity)
        self._artefact = load_production(self._spec, project.directory)
        compiled = json.loads(project.compiled(f"dbt_dedup._find_statements('{entity}')"))
        self._columns = InputColumns(entity=entity, **compiled["columns"])
        self._steps: dict[str, str] = compiled["steps"]
        self._shown: list[str] = []
        self._open = ExitStack()
        try:
            self._warehouse = self._open.enter_context(project.open())
            self._cursor = self._warehouse.cursor
            try:
                self._start(project)
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                reason = str(error).partition("\n")[0]
                raise DedupError(
                    f"The tables of {entity!r} are not built, or not from the spec as it is now: {reason} Run `dbt build`."
                ) from error
        except BaseException:
            self.close()
            raise

    def find(self, values: Mapping[str, Any]) -> Lookup:
        """The entities that a record with these values may belong to.

        Args:
            values: text, a number, a date or None by the name of a field or of a column of the input. Also the source,
                where the spec has one; fields that are left out are empty.

        Raises:
            DedupError: an unknown field, a value of another type, no value, or a finder that is closed.
        """
        row = self._columns.row(values)
        return self._look_up(pa.Table.from_pylist([row], self._input_schema))

    def close(self) -> None:
        """Close the database. A second call does nothing."""
        self._open.close()

    def __enter__(self) -> Finder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _input_schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self._columns.names])

    def _start(self, project: DbtProject) -> None:
        """Read what every look-up needs, and run each step once without a record, which tells the next its columns."""
        entity, fields = self._spec.name, self._spec.fields
        self._check_version()
        golden = self._warehouse.read(entity).columns
        self._shown = [field.name for field in fields if field.name in golden]
        artefact = self._artefact
        known = artefact.known(self._spec)
        self._used = artefact.classifier.used_features()
        self._names = known.feature_names
        self._fields = known.weight_fields
        self._score = artefact.classifier.scorer([self._fields.index(feature.field) for feature in known.features])
        self._relations: dict[str, _Current] = {}
        self._provide("thresholds", _table(self._warehouse.read(f"int_{entity}__match_thresholds")))
        self._provide("totals", _table(self._cursor.sql(self._steps["totals"])))
        self._provide("input", self._input_schema.empty_table())
        self._keep_reference_lists(project)
        self._prepared: set[str] = set()
        self._find_entities()

    def _check_version(self) -> None:
        """Raise DedupError if the tables were scored by another model than the one in production."""
        scores = self._warehouse.read(f"int_{self._spec.name}__pair_scores", ["model_version"]).limit(1)
        for (built,) in scores.fetchall():
            if built != self._artefact.version:
                raise DedupError(
                    f"The tables of {self._spec.name!r} were built with model {built}, and {self._artefact.version} is in"
                    " production. Run `dbt build`, or put the other model into production."
                )

    def _keep_reference_lists(self, project: DbtProject) -> None:
        """Let the prepared steps read copies in memory: DuckDB plans a statement that reads a table at every run."""
        for node in project.manifest.nodes.values():
            name = node.relation_name if node.resource_type in ("seed", "model", "snapshot") else None
            readers = [step for step in PREPARED if name and name in self._steps[step]]
            if readers:
                self._provide(f"list_{node.name}", _table(self._cursor.table(name)))
                for step in readers:
                    self._steps[step] = self._steps[step].replace(name, f"{PREFIX}list_{node.name}")

    def _provide(self, name: str, table: pa.Table) -> None:
        """Let the steps read a table under a name."""
        if name in self._relations:
            self._relations[name].table = table
        else:
            self._relations[name] = _Current(table)
            self._cursor.register(PREFIX + name, self._relations[name])

    def _run(self, step: str) -> pa.Table:
        """Run a step and let the next ones read its result."""
        if step not in PREPARED:
            table = _table(self._cursor.sql(self._steps[step]))
        else:
            if step not in self._prepared:
                # inlined, a CTE that several others read is computed for each
                self._cursor.execute("set disabled_optimizers = 'cte_inlining'")
                self._cursor.execute(f"prepare {PREFIX}{step} as {self._steps[step]}")
                self._cursor.execute("reset disabled_optimizers")
                self._prepared.add(step)
            table = _table(self._cursor.sql(f"execute {PREFIX}{step}"))
        self._provide(step, table)
        return table

    def _find_entities(self) -> tuple[pa.Table, pa.Table]:
        """The standardized record, and the entities it may belong to, the most likely first."""
        standardized = self._run("standardized")
        for step in ("record_keys", "value_counts", "token_counts", "new_records", "new_keys", "pairs", "records"):
            self._run(step)
        self._provide("scores", self._scored(self._run("features")))
        return standardized, self._run("entities")

    def _scored(self, pairs: pa.Table) -> pa.Table:
        """The pairs with their probability and the weight of each field, as production scores them."""
        columns = {j: _floats(pairs[self._names[j]]) for j in self._used}
        weight, field_weights = self._score(columns, len(pairs))
        weights = dict(zip(self._fields, field_weights.astype(np.float32).T, strict=True))
        nothing = np.zeros(len(pairs), dtype=np.float32)  # for a field that was added after training
        scored = pairs.drop_columns(list(self._spec.feature_names))
        added = {
            "match_probability": pa.array(probability(weight)),
            **{f"weight_{field}": pa.array(weights.get(field, nothing)) for field in self._spec.weight_fields},
            "model_version": pa.array([self._artefact.version] * len(pairs), pa.string()),
        }
        for name, values in added.items():
            scored = scored.append_column(name, values)
        return scored

    def _look_up(self, table: pa.Table) -> Lookup:
        import duckdb

        try:
            self._provide("input", table)
            standardized, entities = self._find_entities()
            rows = entities.to_pylist()
            golden = self._golden_values([row["entity_id"] for row in rows[:SHOWN]])
        except duckdb.ConnectionException as error:
            raise DedupError("This Finder is closed: make a new one.") from error
        found = [
            FoundEntity(
                **{name: value for name, value in row.items() if name not in ("record_id", "model_version")},
                values=golden.get(row["entity_id"], {}),
            )
            for row in rows[:SHOWN]
        ]
        (record,) = standardized.to_pylist()
        problems = {field.name: record[f"{field.name}__problem"] for field in self._spec.fields}
        return Lookup(
            decision=overall_decision([row["decision"] for row in rows]),
            entities=tuple(found),
            more_entities=len(rows) - len(found),
            unusable={name: problem for name, problem in problems.items() if problem},
            model_version=self._artefact.version,
        )

    def _golden_values(self, entity_ids: list[str]) -> dict[str, dict[str, Any]]:
        """The fields of golden records by entity id."""
        if not entity_ids:
            return {}
        columns = ["entity_id", *self._shown]
        records = self._warehouse.read(self._spec.name, columns, where={"entity_id": entity_ids})
        return {row.pop("entity_id"): row for row in _table(records).to_pylist()}


class _Current:
    """A table that a registered relation reads, and that changes without planning its readers again."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def _table(relation: Any) -> pa.Table:
    table: pa.Table = relation.to_arrow_table()
    return table


def _floats(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    values: np.ndarray[Any, np.dtype[np.float64]] = column.cast(pa.float64()).to_numpy()
    return values
