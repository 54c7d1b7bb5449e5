"""Score the pairs of an entity: features stream in, the pairs worth keeping stream out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.artefact import Artefact, load_production
from dbt_dedup.classifiers.base import probability
from dbt_dedup.errors import DedupError
from dbt_dedup.project import running_project_directory
from dbt_dedup.spec import Spec

BATCH_ROWS = 50_000
SAMPLED_PAIRS = 10_000
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
    batches = read_features(features_relation, spec)
    schema = _schema(spec)
    return pa.RecordBatchReader.from_batches(schema, (_score(batch, spec, artefact, schema) for batch in batches))


def read_features(features_relation: Any, spec: Spec) -> Iterator[PairBatch]:
    """Stream the pairs of `int_<entity>__pair_features`, 50,000 at a time and in no fixed order.

    Raises:
        DedupError: features that are not columns of the relation, or that are infinite.
    """
    _check_columns(spec, features_relation.columns)
    columns = ["record_key_l::integer", "record_key_r::integer", *(f'"{name}"::double' for name in spec.feature_names)]
    batches = features_relation.project(", ".join(columns)).to_arrow_reader(BATCH_ROWS)
    return (_pair_batch(batch, spec) for batch in batches)


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
                for j, name in enumerate(spec.feature_names)
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


def _pair_batch(batch: pa.RecordBatch, spec: Spec) -> PairBatch:
    features = np.array([column.to_numpy(zero_copy_only=False) for column in batch.columns[2:]]).T
    _refuse_infinite(features, batch, spec)
    return PairBatch(batch.column(0).to_numpy(), batch.column(1).to_numpy(), features)


def _score(batch: PairBatch, spec: Spec, artefact: Artefact, schema: pa.Schema) -> pa.RecordBatch:
    weight = artefact.classifier.decision_function(batch.features)
    match_probability = probability(weight)
    kept = np.flatnonzero(match_probability >= spec.thresholds.floor)
    features = batch.features[kept]
    return pa.RecordBatch.from_arrays(
        [
            pa.array(batch.left[kept]),
            pa.array(batch.right[kept]),
            pa.array(match_probability[kept]),
            pa.array(weight[kept]),
            *_field_weights(features, spec, artefact),
            pa.array([artefact.version] * len(kept), pa.string()),
        ],
        schema=schema,
    )


def _field_weights(features: NDArray[np.float64], spec: Spec, artefact: Artefact) -> Iterator[pa.Array]:
    fields = np.array([feature.field for feature in spec.features])
    weights = artefact.classifier.explain(features) if len(features) else features
    for field in spec.weight_fields:
        yield pa.array(weights[:, fields == field].sum(axis=1).astype(np.float32))


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


def _refuse_infinite(features: NDArray[np.float64], batch: pa.RecordBatch, spec: Spec) -> None:
    infinite = np.isinf(features)
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise DedupError(
            f"Feature {spec.feature_names[column]} of entity {spec.name!r} is infinite for the pair of record_key"
            f" {batch.column(0)[int(row)]} and {batch.column(1)[int(row)]}. A feature is a finite number or null:"
            " mend its SQL, for example with nullif in a division."
        )
