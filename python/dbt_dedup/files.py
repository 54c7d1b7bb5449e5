"""Change a file whole or not at all, one writer at a time."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dbt_dedup.errors import DedupError

WAIT = 60.0  # seconds; a writer holds a lock for milliseconds
ABANDONED = 3600.0  # seconds, after which nobody writes a new file any more


def replace_file(path: Path, text: str) -> None:
    """Give a file new content: readers see the old or the new text, never a part; its mode stays as it is.

    Args:
        path: the file, in a folder that exists; of a link, the file that it points to.
        text: written as UTF-8, with the line ends it has.

    Raises:
        DedupError: the system refused, as on a full disk; the file is as before.
    """
    with explained(path):
        target = path.resolve()  # a link keeps pointing to its file
        if target.exists() and not target.is_file():  # a device, which nothing may take the place of
            target.write_text(text, encoding="utf-8", newline="")
            return
        _remove_leftovers(target)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        new = target.with_name(f".{target.name}-{os.getpid()}-{threading.get_ident()}")
        try:
            # nobody reads the new file who could not read the old one
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666 if mode is None else 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                new.chmod(mode)
            new.replace(target)
        finally:
            with suppress(OSError):
                new.unlink()


def _remove_leftovers(target: Path) -> None:
    """Remove what processes that were killed as they replaced a file left next to it: a copy of what they wrote."""
    leftover = re.compile(rf"\.{re.escape(target.name)}-\d+-\d+")
    with suppress(OSError):
        for file in target.parent.iterdir():
            if leftover.fullmatch(file.name) and time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the system while a file or folder is written, such as a full disk, into one that names it.

    Raises:
        DedupError: the system refused.
    """
    try:
        yield
    except OSError as error:
        raise DedupError(
            f"{path} cannot be written: {error.strerror or error}. What was there is unchanged. Make room, or see who"
            " may write there, and run this again."
        ) from error


def make_folder(path: Path) -> None:
    """Create a folder and those above it that are missing.

    Raises:
        DedupError: the system refused.
    """
    with explained(path):
        path.mkdir(parents=True, exist_ok=True)


def write_file(path: Path, text: str) -> None:
    """Give a file its content as `replace_file` does, in a folder that is made where it is missing.

    Raises:
        DedupError: the system refused.
    """
    make_folder(path.parent)
    replace_file(path, text)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there.

    Raises:
        DedupError: the system refused.
    """
    with explained(path):
        path.unlink(missing_ok=True)


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        DedupError: it cannot be read, or is a folder.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DedupError(f"{path} cannot be read: {error.strerror or error}.") from error


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
    path = path.resolve()
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
    """The text of a file, with the line ends it has.

    Raises:
        DedupError: it cannot be read, or is not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        is_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        line = content.count(b"\n", 0, error.start) + 1
        found = "UTF-16" if is_utf16 else f"byte 0x{content[error.start]:02x} in line {line}"
        raise DedupError(
            f"{path} is not UTF-8: found {found}. Save it as UTF-8, for example with"
            f" `iconv -f {'utf-16' if is_utf16 else 'latin1'} -t utf-8`, and run this again."
        ) from None


@contextmanager
def explained_csv(path: Path) -> Iterator[None]:
    """Read a CSV file whose cells may be of any length; turn an error of the reader into one that names the file.

    Raises:
        DedupError: the text is no CSV.
    """
    csv.field_size_limit(2**31 - 1)
    try:
        yield
    except csv.Error as error:
        raise DedupError(f"{path} is no CSV file: {error}. Restore it, or save it as CSV in UTF-8.") from error


def csv_stream(text: str) -> io.StringIO:
    """The text of a CSV file, which may begin with the mark of UTF-8, as the `csv` module reads it."""
    return io.StringIO(text.removeprefix("\ufeff"), newline="")


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
