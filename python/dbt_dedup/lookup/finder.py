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
from dbt_dedup.lookup.plain import for_plain_text, is_ascii
from dbt_dedup.lookup.standardize import Standardizer
from dbt_dedup.lookup.steps import PREFIX, PreparedSteps, fetched
from dbt_dedup.lookup.values import InputColumns
from dbt_dedup.registry.production import load_production

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject

SHOWN = 10  # entities of an answer: a person looks at few
VALUES = f"{PREFIX}values"
TABLES = ("totals", "known_values")  # steps that read the tables, once


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
        self._standardizing: dict[str, str] = compiled["standardizing"]
        self._sql: dict[str, str] = compiled["steps"]
        self._max_block_size = int(compiled["max_block_size"])
        self._shown: list[str] = []
        self._open = ExitStack()
        try:
            self._warehouse = self._open.enter_context(project.open_apart())
            try:
                self._start(project)
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                reason = str(error).partition("\n")[0]
                raise DedupError(
                    f"The tables of {entity!r} are not built, or not from the spec as it is now: {reason}"
                    " Run `dbt build`."
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
        import duckdb

        row = self._columns.row(values)
        try:
            return self._look_up(row)
        except (duckdb.ConnectionException, RuntimeError) as error:
            raise DedupError("This Finder is closed: make a new one.") from error

    def compare(self, values: Mapping[str, Any]) -> pa.Table:
        """The pairs behind an answer, one row per record that this one is compared with.

        Args:
            values: as in `find`.

        Returns:
            A table with record_id_l (the known record), entity_id, proposed_by (the blocking rules; empty where the
            record is only of the same entity as one that is proposed), match_probability in [0, 1], weight_<field> in
            log2 odds, and ruled_out_by.
        """
        self.find(values)
        return self._scores

    def close(self) -> None:
        """Close the database. A second call does nothing."""
        self._open.close()

    def __enter__(self) -> Finder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, project: DbtProject) -> None:
        """Read what every look-up needs, and run each step once without a record, which tells the next its columns."""
        self._check_version()
        golden = self._warehouse.read(self._spec.name).columns
        self._warehouse.read(self._spec.name, ["entity_id"])  # fails here where the table is of another version
        self._shown = [field.name for field in self._spec.fields if field.name in golden]
        known = self._artefact.known(self._spec)
        self._used = self._artefact.classifier.used_features()
        self._names, self._fields = known.feature_names, known.weight_fields
        groups = [self._fields.index(feature.field) for feature in known.features]
        self._score = self._artefact.classifier.scorer(groups)
        cursor = self._warehouse.cursor
        self._steps = PreparedSteps(cursor)
        self._keep_reference_lists(project)
        self._steps.provide("thresholds", fetched(self._read("match_thresholds")))
        self._steps.provide("totals", fetched(cursor.sql(self._sql["totals"])))
        # numbers in order are found at once, where looking for text would read all of it
        cursor.execute(f"create temp table {VALUES} as {self._sql['known_values']}")
        self._standardizer = Standardizer(self._steps, self._standardizing, self._columns)
        self._find_entities(self._standardizer.empty())

    def _read(self, relation: str, columns: list[str] | None = None) -> Any:
        """A relation of the entity inside the package: `int_<entity>__<relation>`."""
        return self._warehouse.read(f"int_{self._spec.name}__{relation}", columns)

    def _with_one_of(self, relation: Any, column: str, values: pa.ChunkedArray) -> pa.Table:
        """The rows of a relation with one of these values. DuckDB reads the other columns of these rows only."""
        wanted = self._warehouse.cursor.from_arrow(pa.table({column: values.unique()}))
        return fetched(relation.join(wanted, column, how="semi"))

    def _check_version(self) -> None:
        """Raise DedupError if the tables were scored by another model than the one in production."""
        for (built,) in self._read("pair_scores", ["model_version"]).limit(1).fetchall():
            if built != self._artefact.version:
                raise DedupError(
                    f"The tables of {self._spec.name!r} were built with model {built}, and"
                    f" {self._artefact.version} is in production. Run `dbt build`, or promote {built} again."
                )

    def _keep_reference_lists(self, project: DbtProject) -> None:
        """Let the steps read copies in memory: DuckDB plans a statement that reads a table at every run."""
        texts = [(self._sql, step) for step in self._sql if step not in TABLES]
        texts += [(self._standardizing, field) for field in self._standardizing]
        for node in project.manifest.nodes.values():
            name = node.relation_name if node.resource_type in ("seed", "model", "snapshot") else None
            reading = [(by_name, key) for by_name, key in texts if name and name in by_name[key]]
            if reading:
                self._steps.provide(f"list_{node.name}", fetched(self._warehouse.cursor.table(name)))
            for by_name, key in reading:
                by_name[key] = by_name[key].replace(str(name), f"{PREFIX}list_{node.name}")

    def _run(self, step: str) -> pa.Table:
        """Run a step and let the next ones read its result."""
        table = self._steps.run(step, self._sql[step])
        self._steps.provide(step, table)
        return table

    def _run_plain(self, step: str) -> pa.Table:
        """Run a step that reads ASCII alone; as `_run` where other text comes out of it."""
        table = self._steps.run(f"plain_{step}", for_plain_text(self._sql[step]))
        if not is_ascii(table):
            return self._run(step)
        self._steps.provide(step, table)
        return table

    def _find_entities(self, fields: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The standardized record, and the entities it may belong to, the most likely first."""
        self._steps.provide("fields", fields)
        standardized = self._run("standardized")
        self._run("record_keys")
        hashes = self._run("new_values")["value_hash"]
        known_values = self._warehouse.cursor.table(VALUES)
        self._steps.provide("known_values", self._with_one_of(known_values, "value_hash", hashes))
        self._run("value_counts")
        words = self._run("words")["word"]
        self._steps.provide("known_words", self._with_one_of(self._read("token_counts"), "word", words))
        self._run("token_counts")
        new_records = self._run_plain("new_records") if is_ascii(standardized) else self._run("new_records")
        self._provide_known(new_records, self._run("new_keys"))
        self._run("pairs")
        self._run("records")
        self._scores = self._scored(self._run("features"))
        self._steps.provide("scores", self._scores)
        return standardized, self._run("entities")

    def _provide_known(self, new_records: pa.Table, new_keys: pa.Table) -> None:
        """Read what the tables know of the records that the new one may be compared with, and of their entities."""
        known_keys = self._with_one_of(self._read("block_keys"), "key_hash", new_keys["key_hash"])
        if len(new_keys) or not len(new_records):
            keys = _worth_a_look(known_keys, len(new_keys), self._max_block_size)
        else:
            keys = self._equal_records(new_records)
        clusters = self._with_one_of(self._read("entities", ["record_key", "cluster_key"]), "record_key", keys)
        entities = self._with_one_of(self._read("entities"), "cluster_key", clusters["cluster_key"])
        records = self._with_one_of(self._read("keyed_records"), "record_key", entities["record_key"])
        for name, table in (("keys", known_keys), ("entities", entities), ("records", records)):
            self._steps.provide(f"known_{name}", table)

    def _equal_records(self, new_records: pa.Table) -> pa.ChunkedArray:
        """The records with the values of a record that no blocking rule has a key for, which may be copies of it."""
        (values,) = new_records.select([field.name for field in self._spec.fields]).to_pylist()
        equal = {name: [value] for name, value in values.items() if value is not None}
        name = f"int_{self._spec.name}__keyed_records"
        keys: pa.ChunkedArray = fetched(self._warehouse.read(name, ["record_key", *equal], equal))["record_key"]
        return keys if equal else keys.slice(0, 0)

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

    def _look_up(self, row: Mapping[str, str | None]) -> Lookup:
        standardized, entities = self._find_entities(self._standardizer.one(row))
        rows = entities.to_pylist()
        golden = self._golden_values(entities["entity_id"].slice(0, SHOWN))
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

    def _golden_values(self, entity_ids: pa.ChunkedArray) -> dict[str, dict[str, Any]]:
        """The fields of golden records by entity id."""
        if not len(entity_ids):
            return {}
        records = self._warehouse.read(self._spec.name, ["entity_id", *self._shown])
        rows = self._with_one_of(records, "entity_id", entity_ids).to_pylist()
        return {row.pop("entity_id"): row for row in rows}


def _floats(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    values: np.ndarray[Any, np.dtype[np.float64]] = column.cast(pa.float64()).to_numpy()
    return values


def _worth_a_look(known_keys: pa.Table, new_keys: int, max_block_size: int) -> pa.ChunkedArray:
    """The records that share a block which is not too large, or every block, as a copy does: `_find_pairs` decides."""
    records = known_keys["record_key"].to_numpy()
    blocks = np.stack([known_keys["rule_id"].to_numpy().astype(np.uint64), known_keys["key_hash"].to_numpy()])
    _, block, sizes = np.unique(blocks, axis=1, return_inverse=True, return_counts=True)
    in_small = records[sizes[block.ravel()] <= max_block_size] if len(records) else records
    distinct, met = np.unique(records, return_counts=True)
    return pa.chunked_array([np.union1d(in_small, distinct[met >= new_keys])], pa.int32())
