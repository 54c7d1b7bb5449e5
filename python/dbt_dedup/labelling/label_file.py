"""The labels seed as a file: read with line numbers, changed one line at a time, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dbt_dedup.files import csv_stream, explained_csv, line_end, locked, read_text, replace_file
from dbt_dedup.seed_files import append_rows, is_formula, read_columns

COLUMNS = (
    "record_id_l",
    "record_id_r",
    "label",
    "labelled_by",
    "labelled_at",
    "reason",
    "sampled_by",
    "sampling_weight",
)
REQUIRED = COLUMNS[:3]
SEED_DESCRIPTION = "One row per pair of records that a person labelled. `dbt-dedup label` writes it."


@dataclass(frozen=True)
class Label:
    """A row of the seed.

    Attributes:
        line: the line of the file where the row ends, 1 is the header.
        sampled_by: how the pair was chosen; empty where the file does not say.
        weight: candidate pairs that it represents, >= 0; 0 where the file does not say.
    """

    record_id_l: str
    record_id_r: str
    label: str
    line: int
    sampled_by: str = ""
    weight: float = 0.0

    @property
    def pair(self) -> tuple[str, str]:
        """Both record ids, the smaller first."""
        return min(self.record_id_l, self.record_id_r), max(self.record_id_l, self.record_id_r)


class LabelFile:
    """A CSV file with at least the columns record_id_l, record_id_r and label, in any order.

    Changes that others make to the file in the meantime are kept: each change locks the file, reads it again and
    touches only its own lines.

    Attributes:
        path: the file.
        columns: its columns, in their order.
        formulas: the cells added since that a spreadsheet would run.

    Raises:
        DedupError: the file lacks a required column, or names one twice.
    """

    def __init__(self, path: Path, delimiter: str = ",") -> None:
        self.path = path
        self.formulas: list[str] = []
        self._delimiter = delimiter
        self.columns = read_columns(path, self._text(), COLUMNS, REQUIRED, delimiter)

    def read(self) -> list[Label]:
        """All rows, in the order of the file."""
        return self._labels(self._text())

    def _labels(self, text: str) -> list[Label]:
        with explained_csv(self.path):
            rows = csv.DictReader(csv_stream(text), delimiter=self._delimiter, restval="")
            return [
                Label(
                    row["record_id_l"],
                    row["record_id_r"],
                    row["label"],
                    rows.line_num,
                    row.get("sampled_by") or "",
                    _weight(row.get("sampling_weight") or ""),
                )
                for row in rows
            ]

    def add(self, values: Mapping[str, str]) -> str:
        """Append a row, without columns that the file lacks. Return the line, to take it back."""
        cells = [values.get(column, "") for column in self.columns]
        with locked(self.path):
            line = io.StringIO()
            csv.writer(line, delimiter=self._delimiter, lineterminator=line_end(self._text())).writerow(cells)
            append_rows(self.path, line.getvalue(), self._delimiter)
        self.formulas.extend(filter(is_formula, cells))
        return line.getvalue()

    def remove(self, line: str) -> None:
        """Take back a line that `add` returned, if it is still there."""
        with locked(self.path):
            before, removed, after = self._text().rpartition(line)
            if removed:
                replace_file(self.path, before + after)

    def discard(self, is_unwanted: Callable[[Label], bool]) -> list[Label]:
        """Remove the rows of which this holds; the rest of the file stays as it is, to the byte.

        Returns:
            The rows removed, in their order.
        """
        with locked(self.path):
            text = self._text()
            lines, kept, removed, end = list(io.StringIO(text, newline="")), [0], [], 1
            for label in self._labels(text):
                start, end = end, label.line
                if is_unwanted(label):
                    removed.append(label)
                else:
                    kept.extend(range(start, end))
            if removed:
                replace_file(self.path, "".join(lines[line] for line in kept) + "".join(lines[end:]))
        return removed

    def _text(self) -> str:
        return read_text(self.path)


def _weight(text: str) -> float:
    """A sampling weight; 0 for what is none."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 < weight < float("inf") else 0.0
