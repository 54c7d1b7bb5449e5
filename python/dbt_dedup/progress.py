"""What dbt is at, on one line of a terminal."""

from __future__ import annotations

import sys
from typing import TextIO

CLEAR = "\r\x1b[K"


class TerminalLine:
    """One line that is written over, and gone when the work is done."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def show(self, node: str, index: int, total: int) -> None:
        """Show the node that started, its number and how many there are."""
        self.stream.write(f"{CLEAR}  {index}/{total} {node[:100]}")
        self.stream.flush()

    def clear(self) -> None:
        """Leave an empty line."""
        self.stream.write(CLEAR)
        self.stream.flush()


def terminal_line() -> TerminalLine | None:
    """A line on stderr; None if that is no terminal, as in a pipe or CI."""
    return TerminalLine(sys.stderr) if sys.stderr is not None and sys.stderr.isatty() else None
