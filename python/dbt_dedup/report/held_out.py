"""The labelled pairs with probabilities of models that had not seen them, and what they say of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.evaluation import measure
from dbt_dedup.judged import JudgedPairs
from dbt_dedup.spec import Thresholds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class HeldOutPairs:
    """n labelled pairs.

    Attributes:
        record_ids: n pairs of record ids.
        is_match: n labels, 1 for a match and 0 for none.
        probability: n probabilities in [0, 1], each by a model that had seen neither of the pair's entities.
    """

    record_ids: tuple[tuple[str, str], ...]
    is_match: Ints
    probability: Floats

    def __len__(self) -> int:
        return len(self.record_ids)

    def precision_recall_curve(self) -> list[tuple[float, float]]:
        """Recall and precision at every threshold that tells two pairs apart, from the highest threshold on."""
        order = np.argsort(-self.probability, kind="stable")
        ranked, hits = self.probability[order], np.cumsum(self.is_match[order])
        ends = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
        recall, precision = hits[ends] / max(1, int(hits[-1])), hits[ends] / (ends + 1)
        return list(zip(recall.tolist(), precision.tolist(), strict=True))

    def choices(self, now: Thresholds, suggested: Thresholds | None) -> list[Choice]:
        """Thresholds worth looking at, from the lowest match threshold on, with those in force and those suggested.

        The review threshold is the one in force, except where the match threshold is below it.
        """
        found = {(one.match, one.review): one for one in (now, suggested) if one}
        for match in COMMON_THRESHOLDS:
            if match not in {known for known, _ in found}:
                found[match, min(match, now.review)] = Thresholds(match, min(match, now.review), now.floor)
        measured = []
        for key in sorted(found):
            metrics = measure(self.is_match, self.probability, key[0])
            measured.append(Choice(found[key], metrics.precision, metrics.recall))
        return measured

    def hardest(self) -> list[int]:
        """Numbers of the pairs that the model puts on the other side of 1/2 than their label, the furthest first."""
        error = np.abs(self.is_match - self.probability)
        wrong = np.flatnonzero(error > 0.5).tolist()
        return sorted(wrong, key=lambda row: (-error[row], self.record_ids[row]))


@dataclass(frozen=True)
class Choice:
    """What a match threshold gives: precision and recall on the judged pairs, in [0, 1]."""

    thresholds: Thresholds
    precision: float
    recall: float


def held_out_pairs(judged: JudgedPairs | None) -> HeldOutPairs | None:
    """The judged pairs of an artefact that some fold tested; None where there are none."""
    if judged is None or np.isnan(judged.held_out_probability).all():
        return None
    rows = np.flatnonzero(~np.isnan(judged.held_out_probability)).tolist()
    return HeldOutPairs(
        record_ids=tuple(judged.record_ids[row] for row in rows),
        is_match=judged.is_match[rows],
        probability=judged.held_out_probability[rows],
    )
