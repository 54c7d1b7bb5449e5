"""A mutation: one small change of one file, as a mistake would make it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """Replaces the bytes from `start` to `end` of a file.

    Attributes:
        file: path in the repository, with slashes.
        kind: what is changed, such as "comparison".
        start, end: byte offsets in the file, end exclusive.
        replacement: the bytes that take the place of what is there.
    """

    file: str
    kind: str
    start: int
    end: int
    replacement: bytes

    def apply(self, source: bytes) -> bytes:
        """The file with the mistake."""
        return source[: self.start] + self.replacement + source[self.end :]

    def changed_lines(self, source: bytes) -> tuple[str, str]:
        """The lines that the mutation touches before and after it, stripped; this names a mutation for good."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        last = len(source) if last < 0 else last
        after = source[first : self.start] + self.replacement + source[self.end : last]
        return _one_line(source[first:last]), _one_line(after)

    def diff(self, source: bytes) -> str:
        """The change as `git diff` would show it."""
        before, after = (text.decode("utf-8").splitlines(keepends=True) for text in (source, self.apply(source)))
        return "".join(difflib.unified_diff(before, after, f"a/{self.file}", f"b/{self.file}", n=1))


def _one_line(text: bytes) -> str:
    return " ".join(text.decode("utf-8").split())
