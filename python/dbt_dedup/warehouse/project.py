"""A dbt project: what it declares, and its database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.warehouse.commands import DbtCommands
from dbt_dedup.warehouse.messages import plain_errors
from dbt_dedup.warehouse.reading import Warehouse
from dbt_dedup.warehouse.running import close_connections, opened, read_only

SPEC_MODEL = re.compile(r"int_(.+)__spec")


class DbtProject(DbtCommands):
    """A dbt project whose target is a DuckDB database: its entities, models, folders and tables.

    It is opened as `DbtCommands` says.
    """

    def entity_spec(self, entity: str) -> Spec:
        """The spec of an entity as the project declares it now. Neither reads nor writes the database.

        Raises:
            DedupError: unknown entity, or a spec that does not compile.
        """
        import duckdb

        self.check_known(entity)
        model = f"int_{entity}__spec"
        compiled = self.run("compile", "--no-populate-cache", "--select", model)
        (sql,) = (result.node.compiled_code for result in compiled.results if result.node.name == model)
        with duckdb.connect() as connection:
            return read_spec(connection.query(sql))

    def field_columns(self, entity: str) -> dict[str, list[dict[str, Any]]]:
        """The columns that the fields of an entity give to each of its relations: name, description and data type.

        Raises:
            DedupError: a spec that does not compile.
        """
        columns: dict[str, list[dict[str, Any]]] = json.loads(
            self.compiled(f"tojson(dbt_dedup.field_columns('{entity}'))")
        )
        return columns

    def check_known(self, entity: str) -> None:
        """Raise DedupError if the project has no such entity, or no table of a name that its spec gives."""
        missing = self.missing_reference()
        creators = {"labels": f"`dbt-dedup label {entity}`", "overrides": f"`dbt-dedup merge {entity} A B`"}
        for key in ("input", "labels", "overrides", "truth", "truth_values"):
            if missing and self.declared(entity).get(key) == missing:
                remedy = f" {creators[key]} creates it as a seed." if key in creators else ""
                raise DedupError(
                    f"Entity {entity!r}, key {key!r}: the project in {self.directory} has no model or seed {missing!r}."
                    f"{remedy}"
                )
        if entity not in self.entities:
            raise DedupError(
                f"Unknown entity {entity!r}: the project in {self.directory} has no model int_{entity}__spec."
                f" Known entities: {', '.join(self.entities) or 'none'}."
            )

    @property
    def entities(self) -> list[str]:
        """Names of the entities that have models in the project, in alphabetical order."""
        names = (node.name for node in self.manifest.nodes.values() if node.resource_type == "model")
        return sorted(match.group(1) for name in names if (match := SPEC_MODEL.fullmatch(name)))

    def missing_reference(self) -> str | None:
        """The name that a node of the project refers to and that no model or seed has; None if there is none.

        Raises:
            DedupError: the project cannot be parsed for another reason.
        """
        from dbt.exceptions import TargetNotFoundError

        try:
            _ = self.manifest
        except DedupError as error:
            if isinstance(error.__cause__, TargetNotFoundError):
                return str(error.__cause__.target_name)
            raise
        return None

    def declared(self, entity: str) -> dict[str, Any]:
        """The entry of an entity in the project variable `dedup_entities`, as it is written, without defaults.

        Unlike `entity_spec` it works for a project that cannot be parsed.
        """
        entities = self.variables().get("dedup_entities")
        declared = entities.get(entity) if isinstance(entities, dict) else None
        return declared if isinstance(declared, dict) else {}

    def variables(self) -> dict[str, Any]:
        """The project variables as they are written, and those that were given instead."""
        return {**self._loaded_adapter().config.vars.to_dict(), **self._variables}

    @property
    def seed_directory(self) -> Path:
        """The first folder of seeds of the project."""
        return self.directory / str(self._loaded_adapter().config.seed_paths[0])

    def relation(self, model: str) -> str:
        """The quoted name in the database of a model or seed.

        Raises:
            DedupError: the project has no such model or seed.
        """
        return str(self.node(model).relation_name)

    def node(self, name: str) -> Any:
        """The model or seed of a name, as dbt's manifest describes it.

        Raises:
            DedupError: the project has no such model or seed.
        """
        node = self.manifest.ref_lookup.find(name, None, None, self.manifest)
        if node is None:
            raise DedupError(f"The dbt project in {self.directory} has no model or seed {name!r}, or it is disabled.")
        return node

    def upstream(self, model: str) -> list[Any]:
        """The model and every model, seed and snapshot that it is built from, as dbt's manifest describes them.

        Raises:
            DedupError: the project has no such model.
        """
        nodes, waiting = {}, [self.node(model)]
        while waiting:
            node = waiting.pop()
            if node.unique_id not in nodes:
                nodes[node.unique_id] = node
                waiting += [self.manifest.nodes[name] for name in node.depends_on_nodes if name in self.manifest.nodes]
        return list(nodes.values())

    def writes_elsewhere(self, node: Any) -> bool:
        """Whether building a node writes anywhere but into the target's database file: a file, or another database."""
        outside = node.config.materialized == "external" or node.config.get("location")
        return bool(outside or node.database != self._adapter().config.credentials.database)

    @contextmanager
    def connect(self, *, missing_is_empty: bool = False) -> Iterator[Any]:
        """A DuckDB cursor that reads the target's database, opened by dbt's adapter, and closed at the end.

        The database is opened for reading only, so others may read it at the same time. Temporary tables are possible.

        Args:
            missing_is_empty: whether a database file that is missing is read as an empty one, which still reads files.

        Raises:
            DedupError: the target is not DuckDB, or its database is missing or open in a process that writes.
        """
        adapter = self._adapter()
        close_connections()
        credentials = adapter.config.credentials
        is_missing = missing_is_empty and self.has_database_file and not self.database.is_file()
        in_memory = replace(credentials, path=":memory:", attach=None)
        adapter.config.credentials = in_memory if is_missing else read_only(credentials)
        try:
            with adapter.connection_named("dbt-dedup"):
                yield opened(adapter.connections.get_thread_connection(), credentials.path)
        finally:
            adapter.config.credentials = credentials
            close_connections()

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        """The built relations of the project, open for reading only until the end.

        Raises:
            NotBuiltError: a table that is read meanwhile is missing, or lacks a column.
            DedupError: the target is not DuckDB, or what is read cannot be read or computed.
        """
        with self.connect() as cursor, plain_errors(self.database):
            yield Warehouse(self.relation, cursor)

    @contextmanager
    def open_apart(self) -> Iterator[Warehouse]:
        """As `open`, but the connection stays open until the end whatever else runs dbt in this process.

        Raises:
            DedupError: as `connect`.
        """
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        with self.connect():
            handle = DuckDBConnectionManager.env().handle()  # the environment lives as long as its last handle
        try:
            yield Warehouse(self.relation, handle.cursor())
        finally:
            handle.close()

    @property
    def macro_directory(self) -> Path:
        """The first folder of macros of the project."""
        return self.directory / str(self._adapter().config.macro_paths[0])

    @property
    def model_directories(self) -> list[Path]:
        """The folders of models of the project."""
        return [self.directory / str(path) for path in self._adapter().config.model_paths]

    @property
    def target_directory(self) -> Path:
        """The folder into which dbt writes what it generates."""
        return self.directory / str(self._adapter().config.project_target_path)

    @property
    def database(self) -> Path:
        """Path of the target's database file."""
        return Path(self._adapter().config.credentials.path)

    @property
    def has_database_file(self) -> bool:
        """Whether the target's database is a file, which may be missing; not one in memory or at MotherDuck."""
        return not str(self.database).startswith((":", "md:", "motherduck:"))
