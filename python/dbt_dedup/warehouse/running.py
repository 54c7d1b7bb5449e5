"""dbt in this process: where its project is, whether it can run, and the connections that it opens."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.progress import TerminalLine
from dbt_dedup.warehouse.messages import unreadable


def running_project_directory() -> Path:
    """The folder of the `dbt_project.yml` that dbt runs in this process, else the chosen one."""
    flags = sys.modules.get("dbt.flags")
    running = getattr(flags.get_flags(), "PROJECT_DIR", None) if flags else None
    return Path(running).resolve() if running else chosen_project_directory()


def chosen_project_directory() -> Path:
    """The folder that DBT_PROJECT_DIR names, else the working directory."""
    return Path(os.environ.get("DBT_PROJECT_DIR") or Path.cwd()).resolve()


def check_dbt() -> None:
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


def close_connections() -> None:
    """Close the connections that dbt left open in this process, so that its database can be opened again."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    FACTORY.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


@contextmanager
def profile_of_database(database: Path) -> Iterator[None]:
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


def as_yaml(variables: Mapping[str, Any]) -> str:
    """Project variables as dbt takes them on the command line."""
    import yaml

    return str(yaml.safe_dump(dict(variables), default_flow_style=True, width=10**9, sort_keys=False))


def show_on(line: TerminalLine) -> Callable[[Any], None]:
    """A callback of dbt that shows on a line of the terminal which node it is at."""

    def on_event(event: Any) -> None:
        if event.info.name == "LogStartLine":
            line.show(event.data.node_info.node_name, event.data.index, event.data.total)

    return on_event


def read_only(credentials: Any) -> Any:
    """The same credentials for a connection that cannot write."""
    if credentials.path == ":memory:":
        return credentials
    return replace(credentials, config_options={**(credentials.config_options or {}), "access_mode": "READ_ONLY"})


def opened(connection: Any, path: str) -> Any:
    """A cursor of a connection of dbt's adapter, which opens the database now."""
    import duckdb

    try:
        return connection.handle.cursor()
    except duckdb.Error as error:
        raise DedupError(unreadable(path, str(error))) from error
