"""Predictions of training, as tables that dbt compares with those of production."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dbt_dedup.errors import plainly
from dbt_dedup.registry.production import load_for_build
from dbt_dedup.spec import read_spec
from dbt_dedup.warehouse import running_project_directory

_HELD_OUT = pa.schema(
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


@plainly
def parity_vectors(spec_relation: Any, project_dir: Path | None = None) -> pa.Table:
    """Score the parity vectors of the entity's artefact again, as production does.

    Args:
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        One row per vector: record_id_l, record_id_r, input_digest, the features of training,
        expected_probability (computed then), match_probability (computed now), match_threshold and review_threshold
        (those in effect) and model_version.

    Raises:
        DedupError: no artefact, or one that fails a check.
    """
    spec = read_spec(spec_relation)
    artefact = load_for_build(spec, project_dir or running_project_directory())
    parity, thresholds = artefact.parity, artefact.decided(spec).thresholds
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
            "match_threshold": np.full(len(parity.record_ids), thresholds.match),
            "review_threshold": np.full(len(parity.record_ids), thresholds.review),
            "model_version": pa.array([artefact.version] * len(parity.record_ids), pa.string()),
        }
    )


@plainly
def held_out_pairs(spec_relation: Any, project_dir: Path | None = None) -> pa.Table:
    """The labelled pairs that the entity's model in production was trained on, with what training predicted for them.

    Args:
        spec_relation: DuckDB relation of `int_<entity>__spec`.
        project_dir: folder of the dbt project; None finds it.

    Returns:
        One row per pair, none for a model trained without labels: record_id_l, record_id_r, label (1 match, 0 no
        match), sampled_by (null where the labels do not say), held_out_probability (by the cross-validated model that
        saw neither entity; null where no fold tested the pair) and probability (by the final model), both in [0, 1],
        input_digest, match_threshold (at which the card's precision and recall were measured) and model_version.

    Raises:
        DedupError: no artefact, or one that fails a check.
    """
    spec = read_spec(spec_relation)
    artefact = load_for_build(spec, project_dir or running_project_directory())
    held_out = artefact.held_out
    if held_out is None:
        return _HELD_OUT.empty_table()
    pairs = len(held_out.record_ids)
    return pa.Table.from_arrays(
        [
            pa.array([left for left, _ in held_out.record_ids], pa.string()),
            pa.array([right for _, right in held_out.record_ids], pa.string()),
            pa.array(held_out.is_match, pa.int32()),
            pa.array([way or None for way in held_out.sampled_by], pa.string()),
            pa.array(held_out.held_out_probability, mask=np.isnan(held_out.held_out_probability)),
            pa.array(held_out.probability),
            pa.array(held_out.input_digests, pa.string()),
            pa.array([artefact.card["cross_validation"]["overall"]["threshold"]] * pairs, pa.float64()),
            pa.array([artefact.version] * pairs, pa.string()),
        ],
        schema=_HELD_OUT,
    )
