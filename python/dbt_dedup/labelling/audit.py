"""Measure the model in production on random pairs that people labelled and that it has not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dbt_dedup.classifiers.base import probability
from dbt_dedup.labelling.label_file import Label
from dbt_dedup.labelling.source import read_labelled
from dbt_dedup.names import MATCH, NO_MATCH, RANDOM
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.registry.production import load_production
from dbt_dedup.spec import Spec
from dbt_dedup.training.evaluation import Interval, SampleQuality, sample_quality
from dbt_dedup.warehouse import DbtProject


@dataclass(frozen=True)
class Audit:
    """Quality of the model in production on the random labels that it has not learned from.

    Attributes:
        version: of the model.
        match: its match threshold in effect.
        quality: precision and recall of its decisions on candidate pairs, with 95 % intervals; None where no label is
            such a one.
    """

    version: str
    match: float
    quality: SampleQuality | None

    def __str__(self) -> str:
        at = f"{self.version} at match threshold {self.match:g}"
        if self.quality is None:
            return f"Nothing measured: {at} has learned from all random labels, or there are none."
        pairs, matches = self.quality.pairs, self.quality.matches
        return (
            f"{at}, on {pairs} random pairs ({matches} {'match' if matches == 1 else 'matches'}) that it has not"
            " learned from, each weighted by the candidate pairs it represents: precision"
            f" {_shown(self.quality.precision)}, recall {_shown(self.quality.recall)}, with 95% confidence.\n"
            "Of the candidate pairs, before clusters overrule some of these decisions; what blocking does not propose"
            " is not counted."
        )


def audit(project: DbtProject, spec: Spec, labels: Sequence[Label]) -> Audit:
    """Measure the model in production on the labels of a session's file.

    Args:
        project: the project, whose candidate pairs are built.
        spec: the entity.
        labels: the rows of the labels file. Those sampled at random count, by their sampling weight if they have one.

    Raises:
        DedupError: no model in production, or one that cannot be used.
    """
    artefact = load_production(spec, project.directory)
    match = artefact.decided(spec).thresholds.match
    weights = _weights(labels, artefact)
    if not weights:
        return Audit(artefact.version, match, None)
    ids, features = read_labelled(project, spec, labels)
    rows = [row for row, pair in enumerate(ids) if pair in weights]
    if not rows:
        return Audit(artefact.version, match, None)
    is_match, weight = (np.array(values) for values in zip(*(weights[ids[row]] for row in rows), strict=True))
    scored = probability(artefact.classifier.decision_function(features[rows][:, artefact.columns(spec)]))
    return Audit(artefact.version, match, sample_quality(is_match, scored, match, weight))


def _weights(labels: Sequence[Label], artefact: Artefact) -> dict[tuple[str, str], tuple[int, float]]:
    """Label and sampling weight of each random pair that the model has not learned from, by its ids in order."""
    learned = artefact.held_out.record_ids if artefact.held_out else ()
    known = {(min(pair), max(pair)) for pair in learned}
    random = [
        label
        for label in labels
        if label.sampled_by == RANDOM and label.label in (MATCH, NO_MATCH) and label.pair not in known
    ]
    weighted = any(label.weight for label in random)  # where some have a weight, one without is not part of the sample
    return {
        label.pair: (int(label.label == MATCH), label.weight if weighted else 1.0)
        for label in random
        if label.weight or not weighted
    }


def _shown(interval: Interval) -> str:
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
