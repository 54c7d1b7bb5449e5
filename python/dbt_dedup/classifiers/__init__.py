"""Classifiers of pairs: one interface, one module a kind.

A kind is a scikit-learn estimator derived from `PairClassifier`; `KINDS` is the register that training, artefacts
and the command line read.
"""

from __future__ import annotations

from dbt_dedup.classifiers.additive import AdditiveClassifier
from dbt_dedup.classifiers.base import PairClassifier
from dbt_dedup.classifiers.boosted import BoostedClassifier
from dbt_dedup.classifiers.fellegi_sunter import FellegiSunterClassifier
from dbt_dedup.classifiers.logistic import LogisticClassifier

KINDS: dict[str, type[PairClassifier]] = {
    "additive": AdditiveClassifier,
    "boosted": BoostedClassifier,
    "fellegi_sunter": FellegiSunterClassifier,
    "logistic": LogisticClassifier,
}
SUPERVISED = ("logistic", "additive", "boosted")  # what `auto` compares, from the simplest on
UNSUPERVISED = "fellegi_sunter"

__all__ = [
    "KINDS",
    "SUPERVISED",
    "UNSUPERVISED",
    "AdditiveClassifier",
    "BoostedClassifier",
    "FellegiSunterClassifier",
    "LogisticClassifier",
    "PairClassifier",
]
