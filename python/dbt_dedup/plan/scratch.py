"""A copy of the project's database to build in, which goes whatever happens."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import try_to_lock
from dbt_dedup.warehouse import DbtProject

PREFIX = ".dedup_plan-"
LOCK = ".lock"


@contextmanager
def scratch_database(project: DbtProject) -> Iterator[Path]:
    """The path of a copy of the database in a folder of its own next to it; no file where there is no database yet.

    The folder is removed in the end. What a killed process left is removed by the next one.

    Raises:
        DedupError: the database is no file, or cannot be copied, for example because a process writes it.
    """
    database = project.database
    if not database.parent.is_dir() or not project.has_database_file:
        raise DedupError(f"A plan needs a database in a file, to build in a copy of it; the target is {database}.")
    _remove_leftovers(database.parent)
    with _locked_folder(database.parent) as folder:
        copy = folder / database.name
        if database.exists():
            with project.connect():  # nobody writes meanwhile
                try:
                    for suffix in (".wal", ""):
                        if (file := database.with_name(database.name + suffix)).is_file():
                            shutil.copyfile(file, folder / file.name)
                except OSError as error:
                    raise DedupError(f"{database} cannot be copied to {folder}: {error.strerror or error}.") from error
        yield copy


@contextmanager
def _locked_folder(parent: Path) -> Iterator[Path]:
    """A folder of this process, which to the end holds the lock of a file next to it, made before it."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=LOCK, dir=parent)
        while not try_to_lock(descriptor):  # another process takes it for a leftover
            os.close(descriptor)
            descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=LOCK, dir=parent)
        lock = Path(name)
        folder = lock.with_suffix("")
        folder.mkdir(mode=0o700)  # the copy is for nobody who may not read the database
    except OSError as error:
        raise DedupError(f"No copy can be made in {parent}: {error.strerror or error}.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _remove_leftovers(parent: Path) -> None:
    """Remove what processes that have ended left."""
    for lock in parent.glob(f"{PREFIX}*{LOCK}"):
        try:
            descriptor = os.open(lock, os.O_RDWR)
        except OSError:
            continue
        if try_to_lock(descriptor):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)
        os.close(descriptor)
