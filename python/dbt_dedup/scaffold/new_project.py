"""A small dbt project around one table, for who has none yet."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath, PurePosixPath

from dbt_dedup.reference import package_directory

PROFILES = """\
# One DuckDB file next to this profile.
{name}:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{database}"
      threads: {threads}
      config_options:
        # readable by tools that embed DuckDB 1.2 or later
        storage_compatibility_version: v1.2.0
      settings:
        preserve_insertion_order: false
"""
BESIDE = "{{{{ flags.PROFILES_DIR if flags is defined else env_var('DBT_PROFILES_DIR', '.') }}}}/{file}"
PROJECT = """\
name: {name}
version: 1.0.0
config-version: 2
profile: {name}
flags:
  send_anonymous_usage_stats: false
"""
MOST_FOLDERS_UP = 3
IGNORED = ["target/", "logs/", "dbt_packages/", "*.duckdb", "*.duckdb.wal", "published/", ".user.yml"]


def project_name(directory: Path) -> str:
    """A name for the project in a folder, which dbt accepts."""
    name = re.sub(r"\W+", "_", directory.name.lower(), flags=re.ASCII).strip("_")
    return name if name and not name[0].isdigit() and name != "dbt_dedup" else f"project_{name}".rstrip("_")


def project_texts(directory: Path, database: Path | None) -> dict[str, str]:
    """The files of a new project, by path below its folder, without those of an entity.

    Args:
        directory: of the project.
        database: a DuckDB file that exists; None makes one in the folder.
    """
    name = project_name(directory)
    path = database.resolve().as_posix() if database else BESIDE.format(file=f"{name}.duckdb")
    return {
        "dbt_project.yml": PROJECT.format(name=name),
        "profiles.yml": PROFILES.format(name=name, database=path, threads=max(2, min(os.cpu_count() or 2, 8))),
        ".gitignore": "\n".join(IGNORED) + "\n",
    }


def package_entry(directory: Path) -> str:
    """The item of `packages.yml` that installs the dbt half of this package."""
    return f"local: {package_path(package_directory(), directory)}"


def package_path(package: PurePath, directory: PurePath) -> str:
    """How a project names the package: by a relative path if it lies in its folder, or is a clone near it.

    An environment somewhere else has an absolute path: it does not move with the project.

    Args:
        package: folder of the package.
        directory: of the project.
    """
    shared = next((place for place in (directory, *directory.parents) if package.is_relative_to(place)), None)
    if shared is None or len(shared.parts) < 2:
        return package.as_posix()
    up = len(directory.parts) - len(shared.parts)
    if up > (0 if "site-packages" in package.parts else MOST_FOLDERS_UP):
        return package.as_posix()
    return PurePosixPath(*[".."] * up, *package.parts[len(shared.parts) :]).as_posix()
