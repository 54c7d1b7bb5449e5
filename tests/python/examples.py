"""Small specs, labelled pairs and trained models that the tests share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dbt_dedup.registry.artefact import write_artefact
from dbt_dedup.registry.production import use_in_production
from dbt_dedup.spec import Spec
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.with_labels import TrainedModel, train

FEATURES = ("name_similarity", "birth_days", "email_same", "phone_same")


def spec_json(names: Sequence[str] = FEATURES, directions: Sequence[int] = (1, -1, 1, 1), **changes: Any) -> str:
    """The normalised spec of an entity `customers`; each feature's field is the first word of its name."""
    fields = list(dict.fromkeys(name.split("_")[0] for name in names))
    spec = {
        "name": "customers",
        "input": "raw_customers",
        "record_id": "customer_id",
        "labels": "customers_labels",
        "overrides": None,
        "truth": None,
        "models_dir": "dedup_models",
        "publish": None,
        "scoring": "python",
        "source_mode": "both",
        "duplicate_free": [],
        "max_cluster_size": 1000,
        "labels_decide": True,
        "thresholds": {"match": 0.9, "review": 0.5, "floor": 0.01},
        "targets": {"precision": 0.98, "recall": 0.9, "review_budget": 500},
        "fields": [{"name": field, "column": field, "type": "text"} for field in fields],
        "features": [
            {"name": name, "field": name.split("_")[0], "direction": direction, "description": ""}
            for name, direction in zip(names, directions, strict=True)
        ],
    }
    return json.dumps({**spec, **changes})


def make_spec(**changes: Any) -> Spec:
    return Spec.from_json(spec_json(**changes))


def labelled_table(pairs: int = 200, seed: int = 0, nulls: float = 0.1) -> pa.Table:
    """Labelled pairs of `FEATURES`, two fifths of them matches, with overlapping classes and random nulls."""
    random = np.random.default_rng(seed)
    label = (random.random(pairs) < 0.4).astype(np.int64)
    features = np.column_stack(
        [
            np.where(label, random.beta(5, 1.5, pairs), random.beta(2, 3, pairs)),
            np.where(label, random.exponential(50, pairs), random.exponential(4000, pairs)),
            (random.random(pairs) < np.where(label, 0.8, 0.05)).astype(float),
            (random.random(pairs) < np.where(label, 0.7, 0.1)).astype(float),
        ]
    )
    features[random.random(features.shape) < nulls] = np.nan
    return pa.table(
        {
            "record_id_l": [f"r{2 * i}" for i in range(pairs)],
            "record_id_r": [f"r{2 * i + 1}" for i in range(pairs)],
            "label": label,
            "sampled_by": [("random", "uncertainty", None)[i % 3] for i in range(pairs)],
            "sampling_weight": pa.nulls(pairs, pa.float64()),
            "input_digest": [f"{i:032x}" for i in range(pairs)],
            **{name: pa.array(features[:, j], mask=np.isnan(features[:, j])) for j, name in enumerate(FEATURES)},
        }
    )


def make_labelled(pairs: int = 200, seed: int = 0, nulls: float = 0.1) -> LabelledPairs:
    return LabelledPairs.from_arrow(labelled_table(pairs, seed, nulls), FEATURES, "customers")


@lru_cache
def train_example(kind: str = "additive") -> TrainedModel:
    return train(kind, make_spec(), make_labelled())


def put_into_production(directory: Path, kind: str = "additive") -> Path:
    """Train on the example pairs, write the artefact below `directory` and point production to it."""
    folder = write_artefact(train_example(kind), make_spec(), directory)
    use_in_production(make_spec(), directory, folder.name)
    return folder
