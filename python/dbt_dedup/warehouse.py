"""Run dbt in this process and read what it built: the one place that knows dbt's Python modules."""

from __future__ import annotations

import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.files import read_text
from dbt_dedup.progress import TerminalLine, terminal_line
from dbt_dedup.spec import Spec, read_spec

SPEC_MODEL = re.compile(r"int_(.+)__spec")
RUN_NODES = ("build", "run", "seed", "snapshot", "test")  # commands that may take long
VERBOSE_HINT = "With --verbose, this command shows what dbt prints, and dbt writes its log."
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def running_project_directory() -> Path:
    """The folder of the `dbt_project.yml` that dbt runs in this process, else the chosen one."""
    flags = sys.modules.get("dbt.flags")
    running = getattr(flags.get_flags(), "PROJECT_DIR", None) if flags else None
    return Path(running).resolve() if running else chosen_project_directory()


def chosen_project_directory() -> Path:
    """The folder that DBT_PROJECT_DIR names, else the working directory."""
    return Path(os.environ.get("DBT_PROJECT_DIR") or Path.cwd()).resolve()


class NotBuiltError(DedupError):
    """Tables that are not built, or not as this version of the package and the spec say."""


class DbtProject:
    """A dbt project whose target is a DuckDB database.

    Args:
        project_dir: folder of `dbt_project.yml`; None takes DBT_PROJECT_DIR or else the working directory.
        profiles_dir: folder of `profiles.yml`; None takes DBT_PROFILES_DIR, else the project's own if it has one,
            else dbt's default.
        target: a target of the profile; None takes the profile's default.
        verbose: whether dbt prints.
        profile: a profile to use instead of the one that the project names.
        variables: project variables, in place of those of the project.
        output: folder for what dbt generates and logs; None takes the project's folders.

    Raises:
        DedupError: there is no dbt project in the folder, or dbt 1.x is not installed.
    """

    def __init__(
        self,
        project_dir: Path | None = None,
        profiles_dir: Path | None = None,
        target: str | None = None,
        verbose: bool = False,
        *,
        profile: str | None = None,
        variables: Mapping[str, Any] | None = None,
        output: Path | None = None,
    ) -> None:
        self.directory = project_dir.resolve() if project_dir else chosen_project_directory()
        if not (self.directory / "dbt_project.yml").is_file():
            raise DedupError(
                f"There is no dbt project in {self.directory}: dbt_project.yml is missing."
                " Run from the project's folder, or name it with --project-dir or DBT_PROJECT_DIR."
            )
        _check_dbt()
        # what a command of this package runs is reported to nobody, whatever the project says of its own dbt commands
        self._options = ["--no-send-anonymous-usage-stats", "--project-dir", str(self.directory)]
        if not profiles_dir and not os.environ.get("DBT_PROFILES_DIR") and (self.directory / "profiles.yml").is_file():
            profiles_dir = self.directory
        if profiles_dir:
            self._options += ["--profiles-dir", str(profiles_dir.resolve())]
        if target:
            self._options += ["--target", target]
        if profile:
            self._options += ["--profile", profile]
        self._variables = dict(variables or {})
        if output:
            self._options += ["--target-path", str(output / "target"), "--log-path", str(output / "logs")]
        self.verbose = verbose
        self._quiet = [] if verbose else ["--log-level", "none"]
        self._manifest: Any = None
        self._other_database: Path | None = None

    @property
    def manifest(self) -> Any:
        """The manifest of the project, parsed once."""
        if self._manifest is None:
            self._manifest = self.run("parse")
        return self._manifest

    def forget_manifest(self) -> None:
        """Parse the project again when it is next needed, because a file of it changed."""
        self._manifest = None

    def run(self, *args: str) -> Any:
        """Run a dbt command, such as `run("build", "--select", "customers")`, and return its result.

        In a terminal, one line shows which node it is at.

        Args:
            args: the command and its options, without those of the project.

        Raises:
            DedupError: dbt failed; the message names the nodes and their errors. Its cause is dbt's exception, if any.
        """
        from dbt.cli.main import dbtRunner

        line = terminal_line() if args[0] in RUN_NODES and not self.verbose else None
        callbacks = [_show_on(line)] if line else []
        runner = dbtRunner(manifest=self._manifest, callbacks=callbacks)
        with _profile_of_database(self._other_database) if self._other_database else nullcontext():
            given = ["--vars", _as_yaml(self._variables)] if self._variables else []
            with warnings.catch_warnings():
                # agate, of a seed that has not every column that its `column_types` name
                warnings.filterwarnings("ignore", '".*" does not match the name of any column', RuntimeWarning)
                outcome = runner.invoke([*self._quiet, *args, *self._options, *given])
        if line:
            line.clear()
        if isinstance(outcome.exception, KeyboardInterrupt | SystemExit):
            raise outcome.exception  # dbt keeps what stopped it to itself
        if not outcome.success:
            cause = outcome.exception and outcome.exception.with_traceback(None)  # it would keep dbt's threads alive
            if isinstance(outcome.exception, UnicodeDecodeError):
                self._check_encodings()
            raise DedupError(_failure(args[0], outcome, self._database_path())) from cause
        return outcome.result

    def _check_encodings(self) -> None:
        """Raise DedupError that names a file of the project that is not UTF-8, if there is one; dbt names none."""
        for folder, folders, names in os.walk(self.directory):
            folders[:] = [name for name in folders if name not in ("target", "logs") and not name.startswith(".")]
            for name in sorted(names):
                if name.endswith((".csv", ".sql", ".yml", ".yaml", ".md", ".py")):
                    read_text(Path(folder, name))

    def on_copy(self, database: Path, variables: Mapping[str, Any] | None = None) -> DbtProject:
        """The same project with another database file, which alone it builds and reads.

        dbt writes what it generates next to that file. Relations have the same names if the file has the same name.

        Args:
            database: the file.
            variables: project variables to replace; the project is parsed again for them.
        """
        other = copy(self)
        other._other_database = database
        other._options = [*self._options, "--target-path", str(database.parent / "target")]
        if variables:
            other._variables = {**self._variables, **variables}
            other.forget_manifest()
        return other

    def build(self, *selected: str) -> None:
        """Build the selected nodes, such as `+int_customers__candidate_pairs`, without tests.

        Raises:
            DedupError: dbt failed.
        """
        self.run("build", "--select", *selected, *WITHOUT_TESTS)

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

    def compiled(self, call: str) -> str:
        """The text that a call of a macro gives, such as `dbt_dedup._label_pool('customers', ...)`, mostly SQL.

        Neither reads nor writes the database.

        Raises:
            DedupError: the call does not compile.
        """
        compiled = self.run("compile", "--no-populate-cache", "--inline", f"{{{{ {call} }}}}")
        return str(compiled.results[0].node.compiled_code)

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
        adapter.config.credentials = in_memory if is_missing else _read_only(credentials)
        try:
            with adapter.connection_named("dbt-dedup"):
                yield _opened(adapter.connections.get_thread_connection(), credentials.path)
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
        with self.connect() as cursor, _plain_errors(self.database):
            yield Warehouse(self, cursor)

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
            yield Warehouse(self, handle.cursor())
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

    @staticmethod
    def _database_path() -> str | None:
        """Path of the target's database, None where dbt has not read the profile."""
        from dbt.adapters.factory import FACTORY

        adapter = FACTORY.adapters.get("duckdb")
        return str(adapter.config.credentials.path) if adapter else None

    def _adapter(self) -> Any:
        _ = self.manifest  # dbt reads the profile when it parses
        return self._loaded_adapter()

    def _loaded_adapter(self) -> Any:
        """The adapter, with the configuration that dbt loaded; dbt loads it before it parses the models."""
        from dbt.adapters.factory import FACTORY

        if "duckdb" not in FACTORY.adapters:
            targets = ", ".join(FACTORY.adapters)
            raise DedupError(
                f"dbt-dedup reads DuckDB, but the target in {self.directory} is {targets}: choose another."
            )
        return FACTORY.lookup_adapter("duckdb")


class Warehouse:
    """The built relations of a project, open for reading; `DbtProject.open` makes one.

    Attributes:
        cursor: the DuckDB cursor.
    """

    def __init__(self, project: DbtProject, cursor: Any) -> None:
        self.cursor = cursor
        self._project = project

    def read(
        self, name: str, columns: Sequence[str] | None = None, where: Mapping[str, Iterable[Any]] | None = None
    ) -> Any:
        """A DuckDB relation of the rows of a model or seed, computed as it is fetched.

        Args:
            name: the model or seed.
            columns: what to read; None reads all.
            where: keeps the rows whose value is one of a few hundred given ones, for each column named. DuckDB looks
                them up before it computes the columns of a view.

        Raises:
            DedupError: the project has no such model or seed.
            duckdb.Error: it is not built, or lacks a column.
        """
        from duckdb import ColumnExpression, ConstantExpression

        relation = self.cursor.table(self._project.relation(name))
        for column, values in (where or {}).items():
            constants = [ConstantExpression(value) for value in values]
            relation = relation.filter(
                ColumnExpression(column).isin(*constants) if constants else ConstantExpression(False)
            )
        return relation if columns is None else relation.select(*map(ColumnExpression, columns))


def in_one_line(error: DedupError) -> str:
    """The message of an error as one line; of a list of failed nodes, only the first."""
    first, *others = (line.strip() for line in str(error).splitlines() if line != VERBOSE_HINT)
    return " ".join([first, *others[:1]]) if first.endswith(":") else first


@contextmanager
def _plain_errors(database: Path) -> Iterator[None]:
    """Turn what DuckDB says of a read that fails into one message with the way out.

    Raises:
        NotBuiltError: a table is missing, or lacks a column.
        DedupError: DuckDB cannot compute a view, or cannot read.
    """
    import duckdb

    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NotBuiltError(
            f"The tables in {database} are not those that this command reads: {_essence(str(error))}. They are not"
            " built, or are from another version of the package or another spec. Run `dbt build`, and run this again."
        ) from error
    except duckdb.DataError as error:  # a view computes what the spec says when it is read
        raise DedupError(
            f"The spec asks for what cannot be computed: {_essence(str(error))}. Correct the SQL of its features and"
            " rules, or a number of it, in dbt_project.yml."
        ) from error
    except duckdb.IOException as error:
        raise DedupError(_unreadable(str(database), str(error))) from error


@contextmanager
def _profile_of_database(database: Path) -> Iterator[None]:
    """Whatever dbt runs meanwhile has this database file as its target, whatever file the profile names."""
    from dbt.cli import requires

    def load_profile(*args: Any, **kwargs: Any) -> Any:
        profile = loaded(*args, **kwargs)
        profile.credentials.path = str(database)
        return profile

    loaded = requires.load_profile
    requires.load_profile = load_profile
    try:
        yield
    finally:
        requires.load_profile = loaded


def close_connections() -> None:
    """Close the connections that dbt left open in this process, so that its database can be opened again."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    FACTORY.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


def _check_dbt() -> None:
    """Raise DedupError if dbt cannot be run in this process, as dbt v2 cannot: it is a program without a Python API."""
    with suppress(ModuleNotFoundError):
        if find_spec("dbt.cli.main"):
            return
    try:
        installed = f"has dbt-core {version('dbt-core')}"
    except PackageNotFoundError:
        installed = "has no dbt-core"
    raise DedupError(
        f"dbt-dedup runs dbt 1.x in its own process, and the environment of {sys.executable} {installed}."
        " Run `pip install 'dbt-core<2'` there, or install dbt_dedup with dbt 1.x in an environment of its own, next to"
        " that of dbt v2 (docs/engines.md)."
    )


def _opened(connection: Any, path: str) -> Any:
    """A cursor of a connection of dbt's adapter, which opens the database now."""
    import duckdb

    try:
        return connection.handle.cursor()
    except duckdb.Error as error:
        raise DedupError(_unreadable(path, str(error))) from error


def _unreadable(path: str, reason: str) -> str:
    """What to say of a database that DuckDB cannot open, and what to do.

    Args:
        path: of its file.
        reason: what DuckDB says.
    """
    if not Path(path).exists():
        remedy = "Run `dbt build` first, which creates it."
    elif re.search(r"\block\b|being used by another process|different configuration", reason):
        remedy = "If another process has it open, wait for its end or close it, and run this again."
    elif "version number" in reason:
        remedy = "Install the version of DuckDB that wrote it, or a later one."
    elif re.search(r"not a valid DuckDB database|Could not read|Corrupt|checksum", reason):
        remedy = (
            "It is no database of DuckDB, or damaged. Restore it from a copy, which keeps the ids of the entities; or"
            " move it away and run `dbt build`, which creates a new one."
        )
    else:
        remedy = "See who may read it, or name another file in profiles.yml."
    return f"The database {path} cannot be read: {_essence(reason)} {remedy}"


def _as_yaml(variables: Mapping[str, Any]) -> str:
    """Project variables as dbt takes them on the command line."""
    import yaml

    return str(yaml.safe_dump(dict(variables), default_flow_style=True, width=10**9, sort_keys=False))


def _read_only(credentials: Any) -> Any:
    """The same credentials for a connection that cannot write."""
    if credentials.path == ":memory:":
        return credentials
    return replace(credentials, config_options={**(credentials.config_options or {}), "access_mode": "READ_ONLY"})


def _show_on(line: TerminalLine) -> Callable[[Any], None]:
    def on_event(event: Any) -> None:
        if event.info.name == "LogStartLine":
            line.show(event.data.node_info.node_name, event.data.index, event.data.total)

    return on_event


def _failure(command: str, outcome: Any, database: str | None) -> str:
    """The errors of a failed command, node by node; `database` is the path of the target's, where dbt came that far."""
    results = getattr(outcome.result, "results", None) or []
    failed = [r for r in results if str(r.status) in ("error", "fail", "runtime error", "partial success")]
    if failed:
        errors = "\n".join(f"  {r.node.name}: {_reason(r)}" for r in failed)
        what = f"{len(failed)} of {len(results)} nodes failed:\n{errors}"
    else:
        error = outcome.exception
        if error and "parsing inline query" in str(error):
            error = error.__context__ or error  # the error itself is below what dbt says of it
        what = _essence(str(error or "no reason given"))
        if database and re.match("IO Error: |Corrupt database file", what):
            what = _unreadable(database, what)
    return f"dbt {command}: {what}\n{VERBOSE_HINT}"


def _reason(result: Any) -> str:
    """Why a node failed. Of a seed it may be that its table has the columns of an earlier file."""
    reason = _essence(result.message or str(result.status))
    if result.node.resource_type != "seed":
        return reason
    command = f"dbt seed --full-refresh --select {result.node.name}"
    return f"{reason} If the file has other columns than before, run `{command}`."


def _essence(message: str) -> str:
    """The error itself: without colours, the traceback above it, and the macros or the compiled line below it."""
    message = re.sub(r"\x1b\[[0-9;]*m", "", message)
    _, marker, of_this_package = message.rpartition("DedupError: ")
    if marker:
        return of_this_package.strip()
    lines = takewhile(
        lambda line: not line.startswith((">", "LINE ", "compiled code at")), map(str.strip, message.split("\n"))
    )
    text = " ".join(line for line in lines if line)
    _, marker, of_a_macro = text.partition(" dbt_dedup: ")
    return of_a_macro if marker else text
