"""Change a file whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dbt_dedup.errors import DedupError

WAIT = 60.0  # seconds; a writer holds a lock for milliseconds


def replace_file(path: Path, text: str) -> None:
    """Give a file new content: readers see the old or the new text, never a part; its mode stays as it is.

    Args:
        path: the file, in a folder that exists.
        text: written as UTF-8, with the line ends it has.
    """
    new = path.with_name(f".{path.name}-{os.getpid()}")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        new.chmod(path.stat().st_mode)
    new.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other writers of a file out: who reads a file, changes it and replaces it loses nothing of theirs.

    The lock is the file `.<name>.lock` next to it, which is there only while someone writes. The system releases it
    when a process ends, however it ends.

    Args:
        path: the file, in a folder that exists. It may be missing.

    Raises:
        DedupError: the folder cannot be written, or another process holds the lock for a minute.
    """
    lock = path.with_name(f".{path.name}.lock")
    end = time.monotonic() + WAIT
    try:
        descriptor = _acquired(lock)
        while descriptor is None:
            if time.monotonic() > end:
                raise DedupError(
                    f"{path} has been locked for {WAIT:.0f} seconds: another process is writing it. Wait for its end or"
                    " end it, and run this again."
                )
            time.sleep(0.01)
            descriptor = _acquired(lock)
    except OSError as error:
        raise DedupError(f"{path} cannot be changed: {error.strerror or error}.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # an open file cannot be removed on Windows; there the next writer takes it
            lock.unlink()
        os.close(descriptor)


def append_text(path: Path, text: str) -> None:
    """Add lines to a file of text, whole or not at all, for a caller that holds its lock.

    Args:
        path: the file.
        text: lines that end as those of the file do; a last line of the file without an end gets one.
    """
    before = read_text(path)
    replace_file(path, before + ("" if before.endswith("\n") or not before else line_end(before)) + text)


def read_text(path: Path) -> str:
    """The text of a file, with the line ends it has."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def line_end(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def _acquired(lock: Path) -> int | None:
    """A descriptor that holds the lock; None if another one does, or removed the file in the meantime."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if try_to_lock(descriptor) and os.path.samestat(os.fstat(descriptor), lock.stat()):
            return descriptor
    except FileNotFoundError:
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def try_to_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed or the process ends; False if another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
