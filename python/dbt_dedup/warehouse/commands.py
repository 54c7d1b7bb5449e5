"""Run dbt commands on a project."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from dbt_dedup.errors import DedupError
from dbt_dedup.files import read_text
from dbt_dedup.progress import terminal_line
from dbt_dedup.warehouse.messages import failure
from dbt_dedup.warehouse.running import as_yaml, check_dbt, chosen_project_directory, profile_of_database, show_on

RUN_NODES = ("build", "run", "seed", "snapshot", "test")  # commands that may take long
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")

Project = TypeVar("Project", bound="DbtCommands")


class DbtCommands:
    """The commands of dbt on a project whose target is a DuckDB database.

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
        check_dbt()
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
        callbacks = [show_on(line)] if line else []
        runner = dbtRunner(manifest=self._manifest, callbacks=callbacks)
        with profile_of_database(self._other_database) if self._other_database else nullcontext():
            given = ["--vars", as_yaml(self._variables)] if self._variables else []
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
            raise DedupError(failure(args[0], outcome, self._database_path())) from cause
        return outcome.result

    def _check_encodings(self) -> None:
        """Raise DedupError that names a file of the project that is not UTF-8, if there is one; dbt names none."""
        for folder, folders, names in os.walk(self.directory):
            folders[:] = [name for name in folders if name not in ("target", "logs") and not name.startswith(".")]
            for name in sorted(names):
                if name.endswith((".csv", ".sql", ".yml", ".yaml", ".md", ".py")):
                    read_text(Path(folder, name))

    def on_copy(self: Project, database: Path, variables: Mapping[str, Any] | None = None) -> Project:
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

    def compiled(self, call: str) -> str:
        """The text that a call of a macro gives, such as `dbt_dedup._label_pool('customers', ...)`, mostly SQL.

        Neither reads nor writes the database.

        Raises:
            DedupError: the call does not compile.
        """
        compiled = self.run("compile", "--no-populate-cache", "--inline", f"{{{{ {call} }}}}")
        return str(compiled.results[0].node.compiled_code)

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
