"""Classifiers of pairs: one interface, one module for each kind.

A kind is a scikit-learn estimator derived from `PairClassifier`. `KINDS` is the register that training and artefacts
read; `dbt_dedup.names` has the names of kinds for the command line.
"""

from __future__ import annotations

from dbt_dedup.classifiers.additive import AdditiveClassifier
from dbt_dedup.classifiers.base import LabelledPairClassifier, PairClassifier, SumOfFeatures
from dbt_dedup.classifiers.boosted import BoostedClassifier
from dbt_dedup.classifiers.fellegi_sunter import FellegiSunterClassifier
from dbt_dedup.classifiers.logistic import LogisticClassifier
from dbt_dedup.names import ADDITIVE, BOOSTED, FELLEGI_SUNTER, LOGISTIC

KINDS: dict[str, type[PairClassifier]] = {
    ADDITIVE: AdditiveClassifier,
    BOOSTED: BoostedClassifier,
    FELLEGI_SUNTER: FellegiSunterClassifier,
    LOGISTIC: LogisticClassifier,
}


def kind_of(classifier: PairClassifier) -> str:
    """The name of a classifier's kind in `KINDS`."""
    return next(name for name, kind in KINDS.items() if type(classifier) is kind)


__all__ = [
    "KINDS",
    "AdditiveClassifier",
    "BoostedClassifier",
    "FellegiSunterClassifier",
    "LabelledPairClassifier",
    "LogisticClassifier",
    "PairClassifier",
    "SumOfFeatures",
    "kind_of",
]
