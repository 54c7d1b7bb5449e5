"""Run dbt in this process and read what it built, by dbt's own reading of profiles and project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.project import chosen_project_directory

Progress = Callable[[str, int, int], None]


class DbtProject:
    """A dbt project whose target is a DuckDB database.

    Args:
        project_dir: folder of `dbt_project.yml`; None takes DBT_PROJECT_DIR or else the working directory.
        profiles_dir: folder of `profiles.yml`; None takes DBT_PROFILES_DIR, else the project's own if it has one,
            else what dbt takes.
        target: a target of the profile; None takes the profile's default.
        verbose: whether dbt prints.

    Raises:
        DedupError: there is no dbt project in the folder.
    """

    def __init__(
        self,
        project_dir: Path | None = None,
        profiles_dir: Path | None = None,
        target: str | None = None,
        verbose: bool = False,
    ) -> None:
        self.directory = project_dir.resolve() if project_dir else chosen_project_directory()
        if not (self.directory / "dbt_project.yml").is_file():
            raise DedupError(
                f"There is no dbt project in {self.directory}: dbt_project.yml is missing."
                " Run from the project's folder, or name it with --project-dir or DBT_PROJECT_DIR."
            )
        self._options = ["--project-dir", str(self.directory)]
        if not profiles_dir and not os.environ.get("DBT_PROFILES_DIR") and (self.directory / "profiles.yml").is_file():
            profiles_dir = self.directory
        if profiles_dir:
            self._options += ["--profiles-dir", str(profiles_dir.resolve())]
        if target:
            self._options += ["--target", target]
        self.verbose = verbose
        self._quiet = [] if verbose else ["--log-level", "none"]
        self._manifest: Any = None

    @property
    def manifest(self) -> Any:
        """The manifest of the project, parsed once."""
        if self._manifest is None:
            self._manifest = self.run("parse")
        return self._manifest

    def run(self, *args: str, progress: Progress | None = None) -> Any:
        """Run a dbt command, such as `run("build", "--select", "customers")`, and return its result.

        Args:
            args: the command and its options, without those of the project.
            progress: is told the name of each node as it starts, its number and how many there are.

        Raises:
            DedupError: dbt failed; the message names the nodes and says what each said.
        """
        from dbt.cli.main import dbtRunner

        callbacks = [_progress_callback(progress)] if progress else []
        runner = dbtRunner(manifest=self._manifest, callbacks=callbacks)
        done = runner.invoke([*self._quiet, *args, *self._options])
        if not done.success:
            raise DedupError(_failure(args[0], done, self.directory))
        return done.result

    def relation(self, model: str) -> str:
        """The quoted name in the database of a model or seed.

        Raises:
            DedupError: the project has no such model or seed.
        """
        node = self.manifest.ref_lookup.find(model, None, None, self.manifest)
        if node is None:
            raise DedupError(f"The dbt project in {self.directory} has no model or seed {model!r}, or it is disabled.")
        return str(node.relation_name)

    @contextmanager
    def connect(self) -> Iterator[Any]:
        """A DuckDB cursor on the target's database, opened by dbt's adapter, and closed at the end.

        Raises:
            DedupError: the target is not DuckDB.
        """
        adapter = self._adapter()
        with adapter.connection_named("dbt-dedup"):
            yield adapter.connections.get_thread_connection().handle.cursor()
        close_connections()

    @property
    def macro_directory(self) -> Path:
        """The first folder of macros of the project."""
        return self.directory / str(self._adapter().config.macro_paths[0])

    @property
    def target_directory(self) -> Path:
        """The folder into which dbt writes what it generates."""
        return self.directory / str(self._adapter().config.project_target_path)

    @property
    def database(self) -> Path:
        """Path of the target's database file."""
        return Path(self._adapter().config.credentials.path)

    def _adapter(self) -> Any:
        from dbt.adapters.factory import FACTORY

        _ = self.manifest  # dbt reads the profile when it parses
        if "duckdb" not in FACTORY.adapters:
            found = ", ".join(FACTORY.adapters)
            raise DedupError(f"dbt-dedup reads DuckDB, but the target in {self.directory} is {found}: choose another.")
        return FACTORY.lookup_adapter("duckdb")


def close_connections() -> None:
    """Close the connections that dbt left open in this process, so that its database can be opened again."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    FACTORY.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


def _progress_callback(progress: Progress) -> Callable[[Any], None]:
    def on_event(event: Any) -> None:
        if event.info.name == "LogStartLine":
            progress(event.data.node_info.node_name, event.data.index, event.data.total)

    return on_event


def _failure(command: str, done: Any, directory: Path) -> str:
    """What went wrong, node by node, in the words of the one that knows best."""
    results = getattr(done.result, "results", None) or []
    failed = [r for r in results if str(r.status) in ("error", "fail", "runtime error", "partial success")]
    if failed:
        said = "\n".join(f"  {r.node.name}: {_essence(r.message or str(r.status))}" for r in failed)
        what = f"{len(failed)} of {len(results)} nodes failed:\n{said}"
    else:
        what = _essence(str(done.exception or "no reason given"))
    return f"dbt {command}: {what}\nDetails are in {directory / 'logs' / 'dbt.log'}; --verbose shows what dbt prints."


def _essence(message: str) -> str:
    """The error itself: without the traceback above it, and without the macros or the compiled line below it."""
    _, marker, own = message.rpartition("DedupError: ")
    if marker:
        return own.strip()
    lines = takewhile(
        lambda line: not line.startswith((">", "LINE ", "compiled code at")), map(str.strip, message.split("\n"))
    )
    return " ".join(line for line in lines if line)
