"""Learn from labels what a model that saw none has wrong, so that few labels need not say everything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import LogisticClassifier
from dbt_dedup.classifiers.base import Floats

FREE = 100.0  # standard deviations of a column of which the coefficient is hardly penalized


def fit_near(
    prior: LogisticClassifier,
    directions: Sequence[int],
    features: Floats,
    is_match: NDArray[np.int64],
    weights: Floats | None = None,
) -> LogisticClassifier:
    """A logistic classifier that leaves another one only where labels say so.

    The penalty is on the distance from the lines of the other classifier, times a slope that is free, where it is else
    on the distance from 0. Chelba and Acero ("Adaptation of maximum entropy capitalizer: little data can help a lot",
    2006) gave coefficients such a prior. A feature that no label tells anything about keeps the line it had.

    Args:
        prior: the other classifier, of the same features.
        directions: of the features, see `LogisticClassifier`.
        features: n pairs by f features; NaN is null.
        is_match: n labels.
        weights: n weights >= 0; None gives all pairs the same weight.

    Raises:
        ValueError: as `LogisticClassifier.fit` does.
    """
    fitted = _NearPrior(prior, directions).fit(features, is_match, weights)
    near = LogisticClassifier(directions)  # artefacts hold registered kinds only
    near.__dict__.update({name: value for name, value in vars(fitted).items() if name not in _NearPrior.OF_PRIOR})
    return near


class _NearPrior(LogisticClassifier):
    OF_PRIOR = ("prior", "mean", "scale")

    def __init__(self, prior: LogisticClassifier, directions: Sequence[int] | None = None) -> None:
        super().__init__(directions)
        self.prior = prior

    def _known(self, X: Floats) -> Floats:
        weight = self.prior.decision_function(X)
        self.mean, self.scale = float(weight.mean()), FREE / float(weight.std() or 1.0)
        known: Floats = (weight[:, None] - self.mean) * self.scale
        return known

    def _add_known(self, coefficients: Floats) -> None:
        slope = float(coefficients[0]) * self.scale
        self.slopes_ = self.slopes_ + slope * self.prior.slopes_
        self.offsets_ = self.offsets_ + slope * self.prior.offsets_
        self.bias_ += slope * (self.prior.bias_ - self.mean)
        self.ignored_features_ = np.flatnonzero((self.slopes_ == 0) & (self.offsets_ == 0))
