"""The labelled pairs of a model with its held-out probability of each: a file of the artefact."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# record ids, input digests and features of pairs
ParityPairs = tuple[Sequence[tuple[str, str]], Sequence[str], NDArray[np.float64]]

COLUMNS = (
    "record_id_l",
    "record_id_r",
    "label",
    "sampled_by",
    "held_out_probability",
    "probability",
    "input_digest",
)


@dataclass(frozen=True)
class HeldOutPairs:
    """n labelled pairs, sorted by their record ids.

    Attributes:
        record_ids: n pairs of record ids.
        is_match: n labels, 1 for a match and 0 for none.
        sampled_by: how each pair was chosen to be labelled; empty where the labels do not say.
        held_out_probability: n probabilities in [0, 1] by the cross-validated model that saw neither entity; NaN where
            no fold tested the pair.
        probability: n probabilities in [0, 1] by the final model.
        input_digests: n digests of what the input said of the two records at training.
    """

    record_ids: Sequence[tuple[str, str]]
    is_match: NDArray[np.int64]
    sampled_by: Sequence[str]
    held_out_probability: NDArray[np.float64]
    probability: NDArray[np.float64]
    input_digests: Sequence[str]

    def to_csv(self) -> bytes:
        """One line a pair. Numbers have as few digits as read back exactly; NaN is empty."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # also what holds a \r
        writer.writerow(COLUMNS)
        for row, (left, right) in enumerate(self.record_ids):
            held_out = self.held_out_probability[row]
            writer.writerow(
                [
                    left,
                    right,
                    "match" if self.is_match[row] else "no_match",
                    self.sampled_by[row],
                    "" if np.isnan(held_out) else float(held_out),
                    float(self.probability[row]),
                    self.input_digests[row],
                ]
            )
        return file.getvalue().encode()

    @classmethod
    def from_csv(cls, data: bytes) -> HeldOutPairs:
        """Read what `to_csv` wrote.

        Raises:
            ValueError: the file has other columns or values.
        """
        header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
        if tuple(header) != COLUMNS:
            raise ValueError(f"held-out pairs have columns {', '.join(COLUMNS)}, found {', '.join(header)}")
        if any(len(row) != len(COLUMNS) or row[2] not in ("match", "no_match") for row in rows):
            raise ValueError("held-out pairs: a line lacks columns, or its label is neither match nor no_match")
        probabilities = [float(text) for row in rows for text in row[4:6] if text]
        if not all(0 <= probability <= 1 for probability in probabilities):
            raise ValueError("held-out pairs: a probability is not from 0 to 1")
        return cls(
            record_ids=tuple((row[0], row[1]) for row in rows),
            is_match=np.array([row[2] == "match" for row in rows], dtype=np.int64),
            sampled_by=tuple(row[3] for row in rows),
            held_out_probability=np.array([float(row[4]) if row[4] else np.nan for row in rows]),
            probability=np.array([float(row[5]) for row in rows]),
            input_digests=tuple(row[6] for row in rows),
        )


def evenly_spread(order_by: NDArray[np.floating], most: int) -> NDArray[np.int64]:
    """Rows of at most `most` of n pairs, ascending: those spread evenly from the least to the largest value."""
    order = np.argsort(order_by, kind="stable")
    spread = np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int)
    return np.sort(order[spread])
