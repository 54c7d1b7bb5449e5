"""Work through the review queue of the last build: its pairs in its order, each with what the model says."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbt_dedup.labelling.choose import Choice
from dbt_dedup.labelling.label_file import Label
from dbt_dedup.names import QUEUED
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject
from dbt_dedup.words import probability

COLUMNS = ("queue_position", "record_id_l", "record_id_r", "match_probability", "reasons_for", "reasons_against")


@dataclass
class ReviewQueue:
    """Pairs that wait for a decision, asked one after the other.

    Attributes:
        record_ids: the two record ids of each pair.
        notes: what the model says of each pair.
    """

    record_ids: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    _records: dict[str, Record]
    _waiting: deque[Choice] = field(init=False)

    def __post_init__(self) -> None:
        self._waiting = deque(Choice(row, QUEUED, note=note) for row, note in enumerate(self.notes))

    def record(self, record_id: str) -> Record:
        """A record of a pair."""
        return self._records[record_id]

    def next(self) -> Choice | None:
        """The next pair to ask about; None where none is left."""
        return self._waiting.popleft() if self._waiting else None

    def answer(self, choice: Choice, label: str) -> None:
        """Nothing: no answer changes the order of the queue."""

    def take_back(self, choice: Choice, before: Choice | None = None) -> None:
        """Ask about a pair again next, and then about `before`, which was on the screen."""
        self._waiting.extendleft([before, choice] if before else [choice])


def read_queue(project: DbtProject, spec: Spec, labels: Sequence[Label], count: int) -> ReviewQueue:
    """The first `count` pairs of `<entity>_review_queue` that the labels file does not have yet.

    Raises:
        DedupError: the queue is not built.
    """
    name, answered = f"{spec.name}_review_queue", {label.pair for label in labels}
    fields = [field.name for field in spec.fields]
    columns = [*COLUMNS, *(f"{field}_{side}" for field in fields for side in "lr")]
    with project.open() as warehouse:
        queue = warehouse.read(name, columns).order("queue_position asc").limit(count + len(answered))
        rows = [row for row in queue.to_arrow_table().to_pylist() if _pair(row) not in answered][:count]
        ids = {record_id for row in rows for record_id in _pair(row)}
        located = warehouse.read(f"stg_{spec.name}__records", ["record_id", "source"], {"record_id": ids})
        sources = dict(located.fetchall())
    records = {
        row[f"record_id_{side}"]: Record(
            row[f"record_id_{side}"],
            sources[row[f"record_id_{side}"]],
            {field: row[f"{field}_{side}"] for field in fields},
        )
        for row in rows
        for side in "lr"
    }
    return ReviewQueue(tuple(map(_pair, rows)), tuple(map(_note, rows)), records)


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    return min(row["record_id_l"], row["record_id_r"]), max(row["record_id_l"], row["record_id_r"])


def _note(row: dict[str, Any]) -> str:
    parts = [
        f"match probability {probability(row['match_probability'])}",
        row["reasons_for"] and f"for:     {row['reasons_for']}",
        row["reasons_against"] and f"against: {row['reasons_against']}",
    ]
    return "\n".join(part for part in parts if part)
