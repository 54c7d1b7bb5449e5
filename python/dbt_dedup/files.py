"""Change a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


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
