"""The labelled pairs that cross-validation tested, and the quality of the model on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.spec import Thresholds
from dbt_dedup.training.evaluation import measure
from dbt_dedup.training.held_out import HeldOutPairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class CrossValidatedPairs:
    """n labelled pairs.

    Attributes:
        record_ids: n pairs of record ids.
        is_match: n labels, 1 for a match, 0 for no match.
        probability: n probabilities in [0, 1], each by a model that saw neither of the pair's entities.
    """

    record_ids: tuple[tuple[str, str], ...]
    is_match: Ints
    probability: Floats

    def __len__(self) -> int:
        return len(self.record_ids)

    def precision_recall_curve(self) -> list[tuple[float, float]]:
        """Recall and precision at every threshold that separates two pairs, from the highest threshold on."""
        order = np.argsort(-self.probability, kind="stable")
        ranked, hits = self.probability[order], np.cumsum(self.is_match[order])
        ends = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
        recall, precision = hits[ends] / max(1, int(hits[-1])), hits[ends] / (ends + 1)
        return list(zip(recall.tolist(), precision.tolist(), strict=True))

    def choices(self, now: Thresholds, suggested: Thresholds | None) -> list[Choice]:
        """Thresholds worth comparing, from the lowest match threshold on; those in force and those suggested included.

        The review threshold is the one in force, except where the match threshold is below it.
        """
        by_key = {(given.match, given.review): given for given in (now, suggested) if given}
        for match in COMMON_THRESHOLDS:
            if match not in {known for known, _ in by_key}:
                by_key[match, min(match, now.review)] = Thresholds(match, min(match, now.review), now.floor)
        measured = []
        for key in sorted(by_key):
            metrics = measure(self.is_match, self.probability, key[0])
            measured.append(Choice(by_key[key], metrics.precision, metrics.recall))
        return measured

    def hardest(self) -> list[int]:
        """Positions of the pairs whose probability is on the wrong side of 1/2 for their label, the furthest first."""
        error = np.abs(self.is_match - self.probability)
        wrong = np.flatnonzero(error > 0.5).tolist()
        return sorted(wrong, key=lambda row: (-error[row], self.record_ids[row]))


@dataclass(frozen=True)
class Choice:
    """Thresholds with the precision and recall that they give on the tested pairs, in [0, 1]."""

    thresholds: Thresholds
    precision: float
    recall: float


def cross_validated(held_out: HeldOutPairs | None) -> CrossValidatedPairs | None:
    """The labelled pairs of an artefact that some fold tested; None where there are none."""
    if held_out is None or np.isnan(held_out.held_out_probability).all():
        return None
    rows = np.flatnonzero(~np.isnan(held_out.held_out_probability)).tolist()
    return CrossValidatedPairs(
        record_ids=tuple(held_out.record_ids[row] for row in rows),
        is_match=held_out.is_match[rows],
        probability=held_out.held_out_probability[rows],
    )
