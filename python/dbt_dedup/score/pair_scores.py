"""Score the pairs of an entity: features stream in, the pairs worth keeping stream out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import COMPARED_PAIRS
from dbt_dedup.pair_features import feature_batches, pair_columns
from dbt_dedup.registry.artefact import load_for_build
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.warehouse import running_project_directory

THREADS = min(2, os.cpu_count() or 1)


def score_pairs(features_relation: Any, spec_relation: Any, project_dir: Path | None = None) -> pa.RecordBatchReader:
    """Score pairs with the entity's model in production; where SQL scores (`scoring: sql`), a sample to compare.

    Args:
        features_relation: DuckDB relation of `int_<entity>__pair_features`: record_key_l, record_key_r, features.
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        A single-use stream of the pairs at or above the floor: record_key_l, record_key_r (int32), match_probability
        in [0, 1], match_weight (log2 odds; both float64), weight_<field> (log2 odds of the field's features together;
        float32) and model_version. The batch bounds the memory, not the number of pairs.

    Raises:
        DedupError: no artefact, one that fails a check, or features that are not columns of the relation.
    """
    spec = read_spec(spec_relation)
    artefact = load_for_build(spec, project_dir or running_project_directory())
    if spec.scoring == "sql":
        features_relation = _sample(features_relation)
    known, used = artefact.known(spec), artefact.classifier.used_features()
    batches = feature_batches(features_relation, known, used)
    score = artefact.classifier.scorer([known.weight_fields.index(feature.field) for feature in known.features])
    schema = _schema(spec)

    def scored(batch: pa.RecordBatch) -> pa.RecordBatch:
        pairs = pair_columns(batch, known, used)
        weight, field_weights = score(pairs.features, len(pairs))
        match_probability = probability(weight)
        kept = np.flatnonzero(match_probability >= spec.floor)
        weight_by_field = dict(zip(known.weight_fields, field_weights[kept].astype(np.float32).T, strict=True))
        zeros = np.zeros(len(kept), dtype=np.float32)  # for a field that was added after training
        return pa.RecordBatch.from_arrays(
            [
                pa.array(pairs.left[kept]),
                pa.array(pairs.right[kept]),
                pa.array(match_probability[kept]),
                pa.array(weight[kept]),
                *(pa.array(weight_by_field.get(field, zeros)) for field in spec.weight_fields),
                pa.array([artefact.version]).take(pa.array(np.zeros(len(kept), dtype=np.int32))),
            ],
            schema=schema,
        )

    return pa.RecordBatchReader.from_batches(schema, _in_order(scored, batches))


def _sample(features_relation: Any) -> Any:
    """About `COMPARED_PAIRS` of the pairs, the same ones in each run; all where there are fewer."""
    ((pairs,),) = features_relation.aggregate("count(*)").fetchall()
    every = max(1, pairs // COMPARED_PAIRS)
    return features_relation.filter(f"hash(record_key_l, record_key_r) % {every} = 0")


def _in_order(scored: Callable[[pa.RecordBatch], pa.RecordBatch], batches: Any) -> Iterator[pa.RecordBatch]:
    """Score batches in as many threads as `THREADS`, in their order; only as many are in memory at a time."""
    with ThreadPoolExecutor(THREADS) as threads:
        waiting: deque[Future[pa.RecordBatch]] = deque()
        for batch in batches:
            waiting.append(threads.submit(scored, batch))
            if len(waiting) > THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _schema(spec: Spec) -> pa.Schema:
    return pa.schema(
        [
            ("record_key_l", pa.int32()),
            ("record_key_r", pa.int32()),
            ("match_probability", pa.float64()),
            ("match_weight", pa.float64()),
            *((f"weight_{field}", pa.float32()) for field in spec.weight_fields),
            ("model_version", pa.string()),
        ]
    )
