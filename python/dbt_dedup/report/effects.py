"""How the features of a model move its probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dbt_dedup.classifiers import AdditiveClassifier, LogisticClassifier, PairClassifier
from dbt_dedup.classifiers.base import Floats
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.spec import Spec

GRID = 101
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Influence:
    """Mean weight that a field adds for a match, and against a match, in log2 odds.

    `for_match` >= 0 and `against` <= 0; both are means over all parity vectors.
    """

    field: str
    for_match: float
    against: float

    @property
    def size(self) -> float:
        """Mean absolute weight, >= 0."""
        return self.for_match - self.against


@dataclass(frozen=True)
class Effect:
    """The weight of each value of a feature, in log2 odds, from the least to the largest value seen in training.

    Attributes:
        feature, description: as in the spec.
        points: value and weight, to be joined by straight lines; a step has two points.
    """

    feature: str
    description: str
    points: Points

    @property
    def size(self) -> float:
        """Difference between the largest and the smallest weight, >= 0."""
        weights = [weight for _, weight in self.points]
        return max(weights) - min(weights)


def influences(artefact: Artefact, spec: Spec) -> list[Influence]:
    """The fields of an entity, from the influence that moves its parity vectors most."""
    weights = artefact.classifier.explain(artefact.parity.features)
    fields = np.array([feature.field for feature in spec.features])
    moving = []
    for field in spec.weight_fields:
        of_field = weights[:, fields == field].sum(axis=1)
        moving.append(
            Influence(field, float(np.maximum(of_field, 0).mean()), float(np.minimum(of_field, 0).mean()) + 0.0)
        )
    return sorted(moving, key=lambda influence: (-influence.size, influence.field))


def effects(artefact: Artefact, spec: Spec) -> list[Effect]:
    """The effects of the features that have one, from the largest.

    Values go from the least to the largest of the parity vectors. Where features act together, an effect is that of the
    feature alone, with all others null.
    """
    classifier = artefact.classifier
    shown = []
    for j, feature in enumerate(spec.features):
        values = artefact.parity.features[:, j]
        values = values[~np.isnan(values)]
        if len(values) and values.min() < values.max():
            effect = Effect(feature.name, feature.description, _points(classifier, j, values))
            if effect.size > 0:
                shown.append(effect)
    return sorted(shown, key=lambda effect: (-effect.size, effect.feature))


def _points(classifier: PairClassifier, feature: int, values: Floats) -> Points:
    low, high = float(values.min()), float(values.max())
    if isinstance(classifier, AdditiveClassifier):
        ends, weights = classifier.steps(feature)
        points: list[tuple[float, float]] = []
        start = low
        for end, weight in zip(ends[:-1].tolist(), weights[:-1].tolist(), strict=True):
            if end >= start and (start < high or not points):
                points += [(start, weight), (min(end, high), weight)]
                start = max(start, end)
        return tuple(points)
    grid = np.linspace(low, high, 2 if isinstance(classifier, LogisticClassifier) else GRID)
    rows = np.full((len(grid), classifier.n_features_in_), np.nan)
    rows[:, feature] = grid
    return tuple(zip(grid.tolist(), classifier.explain(rows)[:, feature].tolist(), strict=True))
