"""The override log, a CSV seed of the project that only grows."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import csv_stream, explained_csv, line_end, locked, read_text
from dbt_dedup.names import CANNOT_LINK, MUST_LINK, PIN, UNDO
from dbt_dedup.seed_files import append_rows, read_columns
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

COLUMNS = (
    "override_id",
    "action",
    "record_id_l",
    "record_id_r",
    "field",
    "value",
    "undoes",
    "decided_by",
    "decided_at",
    "reason",
)
SEED_DESCRIPTION = "One row per decision of a person that overrules the model. `dbt-dedup merge` and the like write it."


@dataclass(frozen=True)
class Override:
    """A row of the log; the columns that its action does not need are empty."""

    action: str
    override_id: str = ""
    record_id_l: str = ""
    record_id_r: str = ""
    field: str = ""
    value: str = ""
    undoes: str = ""
    decided_by: str = ""
    decided_at: str = ""
    reason: str = ""

    @property
    def command_id(self) -> str:
        """What the rows that one command wrote have in common: their id up to the last dot."""
        return self.override_id.rpartition(".")[0] or self.override_id

    @property
    def is_link(self) -> bool:
        """Whether it is about two records."""
        return self.action in (MUST_LINK, CANNOT_LINK)


class OverrideLog:
    """A CSV file with the columns of an override, in any order.

    Raises:
        DedupError: the file lacks a column, or names one twice.
    """

    def __init__(self, path: Path, delimiter: str = ",") -> None:
        self.path, self._delimiter = path, delimiter
        self._columns = read_columns(path, read_text(path), COLUMNS, COLUMNS, delimiter)

    def rows(self) -> list[Override]:
        """All rows, in their order."""
        with explained_csv(self.path):
            return [
                Override(**{column: row.get(column) or "" for column in COLUMNS})
                for row in self._reader(read_text(self.path))
            ]

    def append(self, rows: Iterable[Override]) -> None:
        """Add rows; what others add in the meantime is kept."""
        with locked(self.path):
            end = line_end(read_text(self.path))
            append_rows(self.path, as_csv(rows, self._columns, self._delimiter, end), self._delimiter)

    def _reader(self, text: str) -> csv.DictReader[str]:
        return csv.DictReader(csv_stream(text), delimiter=self._delimiter)


def in_force(rows: Sequence[Override]) -> list[Override]:
    """The decisions that no `undo` takes back; rows of an unknown action decide nothing, in a build as well."""
    undone = {row.undoes for row in rows if row.action == UNDO}
    return [row for row in rows if row.action in (MUST_LINK, CANNOT_LINK, PIN) and row.override_id not in undone]


def as_csv(rows: Iterable[Override], columns: Sequence[str] = COLUMNS, delimiter: str = ",", end: str = "\n") -> str:
    """Rows as lines of a CSV file without its header."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=delimiter, lineterminator=end)
    for row in rows:
        writer.writerow([getattr(row, column, "") for column in columns])
    return lines.getvalue()


def open_log(project: DbtProject, spec: Spec) -> OverrideLog | None:
    """The log of an entity; None if it is a model, which only its owner can write.

    Raises:
        DedupError: the spec names no overrides, or the file lacks a column.
    """
    if not spec.overrides:
        raise DedupError(
            f"Entity {spec.name!r} names no overrides. Add `overrides: {spec.name}_overrides` to"
            f" dedup_entities.{spec.name} in dbt_project.yml and run this again: the seed is created."
        )
    node = project.node(spec.overrides)
    path = project.directory / node.original_file_path
    if node.resource_type != "seed" or not path.is_file():
        return None
    return OverrideLog(path, node.config.delimiter)


def signed(
    rows: Sequence[Override], decided_by: str, reason: str, known: Sequence[Override] = (), now: datetime | None = None
) -> list[Override]:
    """The rows of one command with their ids, who decided, when, and why.

    Args:
        rows: what was decided.
        decided_by: who did.
        reason: why.
        known: the decisions in force. A build takes the latest on a pair or a field, so a row is later than those on
            the same, also where the clock of whoever decided them was ahead of this one.
        now: UTC, without a zone; None takes the clock.
    """
    command = uuid.uuid4().hex[:12]
    now = now or datetime.now(timezone.utc).replace(tzinfo=None)
    return [
        Override(
            **{
                **_values(row),
                "override_id": f"{command}.{number}" if len(rows) > 1 else command,
                "decided_by": decided_by,
                "decided_at": max([now, *_next_moments(row, known)]).isoformat(timespec="seconds"),
                "reason": reason,
            }
        )
        for number, row in enumerate(rows, start=1)
    ]


def _next_moments(row: Override, known: Iterable[Override]) -> Iterator[datetime]:
    """The second after each known decision on the same pair or field."""
    for other in known:
        of_same_pair = {row.record_id_l, row.record_id_r} == {other.record_id_l, other.record_id_r}
        if (row.action == other.action == PIN and row.field == other.field) or (row.is_link and of_same_pair):
            with suppress(ValueError, OverflowError):  # what is no moment counts as the oldest
                moment = datetime.fromisoformat(other.decided_at.strip().replace("Z", "+00:00"))
                utc = moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
                yield utc + timedelta(seconds=1)


def _values(row: Override) -> Mapping[str, str]:
    return {column: getattr(row, column) for column in COLUMNS}
