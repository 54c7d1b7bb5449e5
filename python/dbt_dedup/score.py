"""Score the pairs of an entity: features stream in, the pairs worth keeping stream out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.artefact import load_production
from dbt_dedup.classifiers.base import probability
from dbt_dedup.errors import DedupError
from dbt_dedup.project import running_project_directory
from dbt_dedup.spec import Spec

BATCH_ROWS = 50_000
SAMPLED_PAIRS = 10_000
THREADS = min(2, os.cpu_count() or 1)
_JUDGED = pa.schema(
    [
        ("record_id_l", pa.string()),
        ("record_id_r", pa.string()),
        ("label", pa.int32()),
        ("sampled_by", pa.string()),
        ("held_out_probability", pa.float64()),
        ("probability", pa.float64()),
        ("input_digest", pa.string()),
        ("match_threshold", pa.float64()),
        ("model_version", pa.string()),
    ]
)


@dataclass(frozen=True)
class PairBatch:
    """Some pairs: record_key of both sides (int32), and features, n pairs by f; NaN is null."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    features: NDArray[np.float64]


def read_spec(spec_relation: Any) -> Spec:
    """The spec in `int_<entity>__spec`, given as a DuckDB relation of one row with column `spec`."""
    ((text,),) = spec_relation.project("spec").fetchall()
    return Spec.from_json(text)


def score_pairs(features_relation: Any, spec_relation: Any, project_dir: Path | None = None) -> pa.RecordBatchReader:
    """Score the pairs with the entity's model in production; where SQL scores (`scoring: sql`) a sample to compare.

    Args:
        features_relation: DuckDB relation of `int_<entity>__pair_features`: record_key_l, record_key_r, features.
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        A stream, read once, of the pairs of which the probability is at least the floor: record_key_l, record_key_r
        (int32), match_probability in [0, 1], match_weight (log2 odds; both float64), weight_<field> (log2 odds of the
        field's features together; float32) and model_version. Memory is bounded by the batch, not the number of pairs.

    Raises:
        DedupError: no artefact, one that fails a check, or features that are not columns of the relation.
    """
    spec = read_spec(spec_relation)
    artefact = load_production(spec, project_dir or running_project_directory())
    if spec.scoring == "sql":
        features_relation = _sample(features_relation)
    known, used = artefact.known(spec), artefact.classifier.used_features()
    batches = _batches(features_relation, known, used)
    score = artefact.classifier.scorer([known.weight_fields.index(feature.field) for feature in known.features])
    schema = _schema(spec)

    def scored(batch: pa.RecordBatch) -> pa.RecordBatch:
        weight, field_weights = score(_features(batch, known, used), batch.num_rows)
        match_probability = probability(weight)
        kept = np.flatnonzero(match_probability >= spec.thresholds.floor)
        said = dict(zip(known.weight_fields, field_weights[kept].astype(np.float32).T, strict=True))
        nothing = np.zeros(len(kept), dtype=np.float32)  # of a field that came after training
        return pa.RecordBatch.from_arrays(
            [
                batch.column(0).take(pa.array(kept)),
                batch.column(1).take(pa.array(kept)),
                pa.array(match_probability[kept]),
                pa.array(weight[kept]),
                *(pa.array(said.get(field, nothing)) for field in spec.weight_fields),
                pa.array([artefact.version]).take(pa.array(np.zeros(len(kept), dtype=np.int32))),
            ],
            schema=schema,
        )

    return pa.RecordBatchReader.from_batches(schema, _in_order(scored, batches))


def read_features(features_relation: Any, spec: Spec) -> Iterator[PairBatch]:
    """Stream the pairs of `int_<entity>__pair_features`, 50,000 at a time and in no fixed order.

    Raises:
        DedupError: features that are not columns of the relation, or that are infinite.
    """
    everything = range(len(spec.features))
    for batch in _batches(features_relation, spec, everything):
        features = np.column_stack(list(_features(batch, spec, everything).values()))
        yield PairBatch(batch.column(0).to_numpy(), batch.column(1).to_numpy(), features)


def parity_vectors(spec_relation: Any, project_dir: Path | None = None) -> pa.Table:
    """Score the parity vectors of the entity's artefact again, as production does.

    Args:
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        One row a vector: record_id_l, record_id_r, input_digest, the features as trained on, expected_probability (that
        of the experiment), match_probability (computed now) and model_version.

    Raises:
        DedupError: no artefact, or one that fails a check.
    """
    spec = read_spec(spec_relation)
    artefact = load_production(spec, project_dir or running_project_directory())
    parity = artefact.parity
    return pa.table(
        {
            "record_id_l": pa.array([left for left, _ in parity.record_ids], pa.string()),
            "record_id_r": pa.array([right for _, right in parity.record_ids], pa.string()),
            "input_digest": pa.array(parity.input_digests, pa.string()),
            **{
                name: pa.array(parity.features[:, j], mask=np.isnan(parity.features[:, j]))
                for j, name in enumerate(artefact.known(spec).feature_names)
            },
            "expected_probability": parity.expected_probability,
            "match_probability": artefact.classifier.predict_proba(parity.features)[:, 1],
            "model_version": pa.array([artefact.version] * len(parity.record_ids), pa.string()),
        }
    )


def judged_pairs(spec_relation: Any, project_dir: Path | None = None) -> pa.Table:
    """The labelled pairs that the entity's model in production was trained on, with what training said of them.

    Args:
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        One row a pair, none for a model trained without labels: record_id_l, record_id_r, label (1 match, 0 none),
        sampled_by (null where nobody said), held_out_probability (by the cross-validated model that saw neither entity;
        null where no fold tested the pair) and probability (by the final model), both in [0, 1], input_digest,
        match_threshold (at which the card's precision and recall were measured) and model_version.

    Raises:
        DedupError: no artefact, or one that fails a check.
    """
    spec = read_spec(spec_relation)
    artefact = load_production(spec, project_dir or running_project_directory())
    judged = artefact.judged
    if judged is None:
        return _JUDGED.empty_table()
    pairs = len(judged.record_ids)
    return pa.Table.from_arrays(
        [
            pa.array([left for left, _ in judged.record_ids], pa.string()),
            pa.array([right for _, right in judged.record_ids], pa.string()),
            pa.array(judged.is_match, pa.int32()),
            pa.array([way or None for way in judged.sampled_by], pa.string()),
            pa.array(judged.held_out_probability, mask=np.isnan(judged.held_out_probability)),
            pa.array(judged.probability),
            pa.array(judged.input_digests, pa.string()),
            pa.array([artefact.card["cross_validation"]["overall"]["threshold"]] * pairs, pa.float64()),
            pa.array([artefact.version] * pairs, pa.string()),
        ],
        schema=_JUDGED,
    )


def _sample(features_relation: Any) -> Any:
    """About `SAMPLED_PAIRS` of the pairs, the same ones in each run; all where there are fewer."""
    ((pairs,),) = features_relation.aggregate("count(*)").fetchall()
    every = max(1, pairs // SAMPLED_PAIRS)
    return features_relation.filter(f"hash(record_key_l, record_key_r) % {every} = 0")


def _batches(features_relation: Any, spec: Spec, used: Sequence[int]) -> Any:
    _check_columns(spec, features_relation.columns)
    names = [spec.feature_names[j] for j in used]
    columns = ["record_key_l::integer", "record_key_r::integer", *(f'"{name}"::double' for name in names)]
    return features_relation.project(", ".join(columns)).to_arrow_reader(BATCH_ROWS)


def _features(batch: pa.RecordBatch, spec: Spec, used: Sequence[int]) -> dict[int, NDArray[np.float64]]:
    features = {j: column.to_numpy(zero_copy_only=False) for j, column in zip(used, batch.columns[2:], strict=True)}
    _refuse_infinite(features, batch, spec)
    return features


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


def _check_columns(spec: Spec, columns: list[str]) -> None:
    missing = [name for name in ("record_key_l", "record_key_r", *spec.feature_names) if name not in columns]
    if missing:
        raise DedupError(
            f"The pair features of entity {spec.name!r} lack {', '.join(missing)}, which the entity's fields call for."
            f" Build int_{spec.name}__pair_features and int_{spec.name}__spec from the same spec:"
            f" run `dbt build --select +int_{spec.name}__pair_scores`."
        )


def _refuse_infinite(features: Mapping[int, NDArray[np.float64]], batch: pa.RecordBatch, spec: Spec) -> None:
    for j, values in features.items():
        infinite = np.isinf(values)
        if infinite.any():
            row = int(np.argmax(infinite))
            raise DedupError(
                f"Feature {spec.feature_names[j]} of entity {spec.name!r} is infinite for the pair of record_key"
                f" {batch.column(0)[row]} and {batch.column(1)[row]}. A feature is a finite number or null:"
                " mend its SQL, for example with nullif in a division."
            )
