"""Find and merge duplicate and incorrect records inside the warehouse: the Python side of the dbt package.

The names below are public; each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "DbtProject": "dbt_dedup.warehouse",
    "DedupError": "dbt_dedup.errors",
    "PairClassifier": "dbt_dedup.classifiers",
    "Spec": "dbt_dedup.spec",
    "cluster_pairs": "dbt_dedup.resolve",
    "connect_records": "dbt_dedup.resolve",
    "held_out_pairs": "dbt_dedup.score",
    "label_conflicts": "dbt_dedup.resolve",
    "parity_vectors": "dbt_dedup.score",
    "score_pairs": "dbt_dedup.score",
    "write_models": "dbt_dedup.scaffold",
}

__all__ = [
    "DbtProject",
    "DedupError",
    "PairClassifier",
    "Spec",
    "__version__",
    "cluster_pairs",
    "connect_records",
    "held_out_pairs",
    "label_conflicts",
    "parity_vectors",
    "score_pairs",
    "write_models",
]

if TYPE_CHECKING:
    from dbt_dedup.classifiers import PairClassifier
    from dbt_dedup.errors import DedupError
    from dbt_dedup.resolve import cluster_pairs, connect_records, label_conflicts
    from dbt_dedup.scaffold import write_models
    from dbt_dedup.score import held_out_pairs, parity_vectors, score_pairs
    from dbt_dedup.spec import Spec
    from dbt_dedup.warehouse import DbtProject


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
