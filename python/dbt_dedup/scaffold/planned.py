"""Files to write into a project: which are new, which are as they should be, and which people changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import remove_file, write_file

NEW, SAME, OUTDATED, CHANGED = "new", "as it should be", "of an earlier version", "changed by hand"
GONE, GONE_CHANGED = "no longer written", "no longer written, and changed by hand"
STATE = "dedup_init.json"


@dataclass(frozen=True)
class PlannedFile:
    """A file of the project.

    Attributes:
        path: below the folder of the project, with slashes.
        text: as it should be.
        state: NEW, SAME, OUTDATED (as an earlier `init` wrote it) or CHANGED; of a file that only an earlier `init`
            writes GONE, or GONE_CHANGED if it is not as that one wrote it.
        found: its text now; empty where it is missing.
    """

    path: str
    text: str
    state: str
    found: str = ""

    def diff(self) -> str:
        """From the file as it is to the file as `init` writes it."""
        return "".join(
            unified_diff(
                self.found.splitlines(keepends=True),
                self.text.splitlines(keepends=True),
                f"{self.path} (yours)",
                f"{self.path} (dbt-dedup init)",
            )
        )


def plan_files(
    directory: Path, texts: Mapping[str, str], state: Path, left_alone: Collection[str] = ()
) -> list[PlannedFile]:
    """Compare texts with the files of a project.

    Args:
        directory: of the project.
        texts: of each file, by path below it.
        state: the file that keeps the digest of what an earlier `init` wrote. A file in its folder or below that has a
            digest and no text is no longer written.
        left_alone: paths of files that others write.

    Raises:
        DedupError: a file, or the state, cannot be read.
    """
    written = read_state(state)
    planned = []
    for path, text in sorted(texts.items()):
        file = directory / path
        if file.is_dir():
            raise DedupError(f"{file} is a folder where a file should be: move it or remove it.")
        if not file.is_file():
            planned.append(PlannedFile(path, text, NEW))
            continue
        found = _text_of(file)
        as_written = OUTDATED if written.get(path) == digest(found) else CHANGED
        planned.append(PlannedFile(path, text, SAME if _plain(found) == _plain(text) else as_written, found))
    for path in sorted(written.keys() - texts.keys() - set(left_alone)):
        file = directory / path
        if file.is_relative_to(state.parent) and file.is_file():
            found = _text_of(file)
            planned.append(PlannedFile(path, "", GONE if written[path] == digest(found) else GONE_CHANGED, found))
    return planned


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DedupError(f"{file} cannot be read: {error}.") from error


def write_files(directory: Path, planned: Iterable[PlannedFile], state: Path, version: str) -> None:
    """Write files, remove those that are GONE, and then write the digest of each that is as `init` writes it.

    Raises:
        DedupError: a file cannot be written.
    """
    digests = read_state(state)
    for file in planned:
        path = directory / file.path
        if file.state == GONE:
            remove_file(path)
            digests.pop(file.path, None)
            continue
        if file.state != SAME:
            write_file(path, file.text)
        digests[file.path] = digest(file.text)
    content = {"written_by": f"dbt-dedup {version}", "files": dict(sorted(digests.items()))}
    write_file(state, json.dumps(content, indent=2) + "\n")


def read_state(state: Path) -> dict[str, str]:
    """The digest of each file that an earlier `init` wrote, by path.

    Raises:
        DedupError: the state is damaged.
    """
    if not state.is_file():
        return {}
    try:
        files = json.loads(state.read_text(encoding="utf-8"))["files"]
        return {str(path): str(value) for path, value in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DedupError(
            f"{state} is damaged ({error!r}). Restore it from git, or remove it: then `init` takes every file that"
            " differs for one that you changed."
        ) from error


def digest(text: str) -> str:
    """SHA-256 of a text, whatever its line ends."""
    return hashlib.sha256(_plain(text).encode()).hexdigest()


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
