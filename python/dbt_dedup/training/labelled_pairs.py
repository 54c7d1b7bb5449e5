"""Labelled pairs: read from the warehouse, checked, and sorted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.constants import FEW_LABELS, MIN_LABELS, MIN_LABELS_EACH
from dbt_dedup.errors import DedupError
from dbt_dedup.names import MATCH, NO_MATCH, RANDOM
from dbt_dedup.pair_features import FINITE, refuse_infinite


@dataclass(frozen=True)
class LabelledPairs:
    """n pairs that a person labelled, sorted by their record ids.

    Attributes:
        record_ids: n pairs of record ids.
        features: n pairs by f features; NaN is null.
        is_match: n labels, 1 for a match, 0 for no match.
        feature_names: f names, in order.
        input_digests: n digests of the input values of the two records, to tell later whether they changed.
        sampled_by: how each pair was chosen to be labelled, such as `random`; empty where the labels do not say.
        sampling_weights: n numbers >= 0: how many candidate pairs a random pair represents (1 for each where the labels
            do not say), 0 for a pair that was not sampled at random.
        record_keys: n pairs of record keys, the smaller first; None where they are not known.
    """

    record_ids: tuple[tuple[str, str], ...]
    features: NDArray[np.float64]
    is_match: NDArray[np.int64]
    feature_names: tuple[str, ...]
    input_digests: tuple[str, ...]
    sampled_by: tuple[str, ...]
    sampling_weights: NDArray[np.float64]
    record_keys: NDArray[np.int32] | None = None

    @classmethod
    def from_arrow(
        cls, table: pa.Table, feature_names: Sequence[str], entity: str, *, few_allowed: bool = False
    ) -> LabelledPairs:
        """Read `int_<entity>__label_features`.

        Its columns are record_id_l, record_id_r, label (0 or 1), sampled_by, sampling_weight, input_digest and one for
        each feature. A pair that appears twice was sampled at random if either row says so. Where some random pairs
        have a sampling weight, those without one are not part of the sample.

        Raises:
            DedupError: a pair has both labels, there is no label, or, unless `few_allowed`, there are too few labels to
                learn from.
        """
        ids = list(zip(_texts(table["record_id_l"]), _texts(table["record_id_r"]), strict=True))
        labels = table["label"].to_pylist()
        labels_of: dict[tuple[str, str], set[int]] = {}
        ways_of: dict[tuple[str, str], set[str]] = {}
        ways = (way or "" for way in table["sampled_by"].to_pylist())
        for (left, right), label, way in zip(ids, labels, ways, strict=True):
            labels_of.setdefault((min(left, right), max(left, right)), set()).add(int(label))
            ways_of.setdefault((left, right), set()).add(way)
        _refuse_contradictions(entity, [pair for pair, of_pair in labels_of.items() if len(of_pair) > 1])

        unique = {pair: row for row, pair in enumerate(ids)}
        rows = [unique[pair] for pair in sorted(unique)]
        is_match = np.array([labels[row] for row in rows], dtype=np.int64)
        if not few_allowed or not len(is_match):
            refuse_too_few(entity, is_match)
        digests = _texts(table["input_digest"])
        keys = [table[name].to_numpy() for name in ("record_key_l", "record_key_r") if name in table.column_names]
        columns = [_feature(table, name, entity, ids) for name in feature_names]
        sampled_by = tuple(RANDOM if RANDOM in ways_of[ids[row]] else max(ways_of[ids[row]]) for row in rows)
        return cls(
            record_ids=tuple(ids[row] for row in rows),
            features=np.column_stack(columns)[rows],
            is_match=is_match,
            feature_names=tuple(feature_names),
            input_digests=tuple(digests[row] for row in rows),
            sampled_by=sampled_by,
            sampling_weights=_sampling_weights(
                sampled_by, table["sampling_weight"].cast(pa.float64()).to_numpy()[rows]
            ),
            record_keys=np.column_stack(keys)[rows].astype(np.int32) if keys else None,
        )

    def __len__(self) -> int:
        return len(self.record_ids)

    @property
    def are_enough(self) -> bool:
        """Whether a classifier can learn from these labels alone, and some be held out."""
        matches, others = int(self.is_match.sum()), int(len(self) - self.is_match.sum())
        return len(self) >= MIN_LABELS and min(matches, others) >= MIN_LABELS_EACH

    @property
    def are_few(self) -> bool:
        """Whether what is learned from the unlabelled pairs should compete with what these labels teach."""
        return len(self) < FEW_LABELS

    @property
    def digest(self) -> str:
        """Sha256 of ids, labels and exact feature values: equal for equal training data in any order."""
        sha = hashlib.sha256()
        sha.update(repr((self.feature_names, self.record_ids)).encode())
        sha.update(self.is_match.astype("<i8").tobytes())
        sha.update(canonical_bytes(self.features))
        return sha.hexdigest()


def canonical_bytes(features: NDArray[np.float64]) -> bytes:
    """Bytes of numbers for a digest, the same on every machine: one NaN, one zero, little-endian, row by row."""
    canonical = np.where(np.isnan(features), np.nan, features) + 0.0
    return np.ascontiguousarray(canonical, dtype="<f8").tobytes()


def _sampling_weights(sampled_by: Sequence[str], given: NDArray[np.float64]) -> NDArray[np.float64]:
    random = np.array([way == RANDOM for way in sampled_by], dtype=bool)
    weighted = random & (given > 0)
    weights = given if weighted.any() else np.ones(len(given))
    return np.where(weighted if weighted.any() else random, weights, 0.0)


def _texts(column: pa.ChunkedArray) -> list[str]:
    texts: list[str] = column.cast(pa.string()).to_pylist()
    return texts


def _feature(table: pa.Table, name: str, entity: str, ids: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """The values of a feature; NaN is null."""
    try:
        values: NDArray[np.float64] = table[name].cast(pa.float64()).to_numpy()
    except pa.ArrowException as error:
        raise DedupError(f"Feature {name} of entity {entity!r} is no number: {error}. {FINITE}.") from error
    refuse_infinite(entity, name, values, lambda row: " and ".join(ids[row]))
    return values


def _refuse_contradictions(entity: str, pairs: list[tuple[str, str]]) -> None:
    if pairs:
        examples = ", ".join(f"{left} and {right}" for left, right in sorted(pairs)[:3])
        raise DedupError(
            f"{len(pairs)} pairs of entity {entity!r} are labelled both match and no_match, for example {examples}."
            " Keep one label for each pair."
        )


def refuse_too_few(entity: str, is_match: NDArray[np.int64]) -> None:
    """Raise DedupError if the labels are too few, or too few of one sort, to learn from them alone."""
    matches, others = int(is_match.sum()), int(len(is_match) - is_match.sum())
    if len(is_match) and (not matches or not others):
        present, missing = (MATCH, NO_MATCH) if matches else (NO_MATCH, MATCH)
        no_duplicates = (
            f" If there are none, the table may have no duplicates: `dbt-dedup train {entity} --no-labels` names the"
            " command that merges only what is beyond doubt."
        )
        raise DedupError(
            f"All {len(is_match)} usable labels of entity {entity!r} are {present}. A classifier learns from both:"
            f" add pairs labelled {missing}.{'' if matches else no_duplicates}"
        )
    if len(is_match) < MIN_LABELS or min(matches, others) < MIN_LABELS_EACH:
        raise DedupError(
            f"Entity {entity!r} has {len(is_match)} usable labels ({matches} match, {others} no_match). Training needs"
            f" at least {MIN_LABELS}, and {MIN_LABELS_EACH} of each: label more pairs (100 to 1,000 make a good model)."
        )
