"""Score the pairs of an entity: features stream in, the pairs worth keeping stream out."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dbt_dedup import __version__
from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import BATCH_ROWS, COMPARED_PAIRS
from dbt_dedup.errors import plainly
from dbt_dedup.pair_features import check_columns, feature_batches, pair_columns
from dbt_dedup.registry.production import load_for_build
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.warehouse import running_project_directory

THREADS = min(2, os.cpu_count() or 1)


@plainly
def score_pairs(
    features_relation: Any, spec_relation: Any, project_dir: Path | None = None, known_relation: Any = None
) -> pa.RecordBatchReader:
    """Score pairs with the entity's model in production; where SQL scores (`scoring: sql`), a sample to compare.

    Args:
        features_relation: DuckDB relation of `int_<entity>__pair_features`: record_key_l, record_key_r, features. With
            `incremental: true` also row_hash and is_scored, and pairs that are scored by this model keep their score.
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.
        known_relation: DuckDB relation of the scores of the last build; None where there are none.

    Returns:
        A single-use stream of the pairs at or above the floor: record_key_l, record_key_r (int32), match_probability
        in [0, 1], match_weight (log2 odds; both float64), weight_<field> (log2 odds of the field's features together;
        float32) and model_version. With `incremental: true` every pair is in it, with row_hash (uint64, null where the
        pair must be scored again) and scored_by, a digest of what scored it; the weights of pairs below the floor are
        null. The batch bounds the memory, not the number of pairs.

    Raises:
        DedupError: no artefact, one that fails a check, or features that are not columns of the relation.
    """
    spec = read_spec(spec_relation)
    artefact = load_for_build(spec, project_dir or running_project_directory())
    is_kept = "is_scored" in features_relation.columns
    if spec.scoring == "sql":
        features_relation = _sample(features_relation)
    known, used = artefact.known(spec), artefact.classifier.used_features()
    score = artefact.classifier.scorer([known.weight_fields.index(feature.field) for feature in known.features])
    schema = _schema(spec, is_kept)
    scored_by = _digest(artefact.version, spec)

    def scored(batch: pa.RecordBatch) -> pa.RecordBatch:
        pairs = pair_columns(batch, known, used)
        weight, field_weights = score(pairs.features, len(pairs))
        match_probability = probability(weight)
        is_below = match_probability < spec.floor
        kept = np.arange(len(pairs)) if is_kept else np.flatnonzero(~is_below)
        below = is_below[kept]
        weight_by_field = dict(zip(known.weight_fields, field_weights[kept].astype(np.float32).T, strict=True))
        zeros = np.zeros(len(kept), dtype=np.float32)  # for a field that was added after training
        columns = [
            pa.array(pairs.left[kept]),
            pa.array(pairs.right[kept]),
            pa.array(match_probability[kept]),
            pa.array(weight[kept]),
            *(pa.array(weight_by_field.get(field, zeros), mask=below) for field in spec.weight_fields),
            _repeated(artefact.version, len(kept)),
        ]
        if is_kept:
            columns += [batch.column("row_hash"), _repeated(scored_by, len(kept))]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    reused = _reused(features_relation, known_relation, schema, scored_by) if is_kept else None
    carried = ("row_hash",) if is_kept else ()
    if reused is None:
        batches = _in_order(scored, feature_batches(features_relation, known, used, carried))
    else:
        check_columns(known, features_relation.columns)

        def chained() -> Iterator[pa.RecordBatch]:
            yield from reused.to_arrow_reader(BATCH_ROWS)  # one after the other: both are of one connection
            unscored = features_relation.filter("not is_scored")
            yield from _in_order(scored, feature_batches(unscored, known, used, carried))

        batches = chained()
    return pa.RecordBatchReader.from_batches(schema, batches)


def known_scores(session: Any, relation: Any) -> Any:
    """The scores of the last build: a DuckDB relation of a table, None where it is not there.

    Args:
        session: DuckDB connection of the build.
        relation: name of the table, with its schema.
    """
    import duckdb

    try:
        return session.sql(f"select * from {relation}")
    except duckdb.CatalogException:
        return None


def _reused(features_relation: Any, known_relation: Any, schema: pa.Schema, scored_by: str) -> Any:
    """The known scores of pairs that need no other, a DuckDB relation; None unless what scores now gave them all."""
    if known_relation is None or set(known_relation.columns) != set(schema.names):
        return None
    if known_relation.filter(f"scored_by is distinct from '{scored_by}'").limit(1).fetchall():
        return None
    scored_pairs = features_relation.filter("is_scored").project("record_key_l as key_l, record_key_r as key_r")
    known = known_relation.set_alias("known").join(
        scored_pairs.set_alias("pairs"), "record_key_l = key_l and record_key_r = key_r"
    )
    return known.project(", ".join(f'"{name}"' for name in schema.names))


def _digest(version: str, spec: Spec) -> str:
    """What the score of a pair depends on besides its features."""
    parts = [version, repr(spec.floor), *spec.weight_fields, __version__]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _repeated(text: str, times: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(times, dtype=np.int32)))


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


def _schema(spec: Spec, is_kept: bool) -> pa.Schema:
    return pa.schema(
        [
            ("record_key_l", pa.int32()),
            ("record_key_r", pa.int32()),
            ("match_probability", pa.float64()),
            ("match_weight", pa.float64()),
            *((f"weight_{field}", pa.float32()) for field in spec.weight_fields),
            ("model_version", pa.string()),
            *([("row_hash", pa.uint64()), ("scored_by", pa.string())] if is_kept else []),
        ]
    )
