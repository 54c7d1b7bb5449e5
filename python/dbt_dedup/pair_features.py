"""Stream the features of pairs out of the warehouse, in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.constants import BATCH_ROWS
from dbt_dedup.errors import DedupError
from dbt_dedup.spec import Spec

if TYPE_CHECKING:
    from dbt_dedup.warehouse import DbtProject, Warehouse

LEFT, RIGHT = "record_key_l", "record_key_r"
FINITE = "A feature is a finite number or null: fix its SQL"


@dataclass(frozen=True)
class PairColumns:
    """A batch of n pairs, column by column.

    Attributes:
        left: record_key of one side (int32).
        right: record_key of the other side.
        features: n values of each feature that was asked for, by its index in the spec; NaN is null.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    features: dict[int, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True)
class PairBatch:
    """A batch of n pairs: record_key of both sides (int32), and features, n pairs by f; NaN is null."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    features: NDArray[np.float64]


def feature_batches(features_relation: Any, spec: Spec, features: Sequence[int], carried: Collection[str] = ()) -> Any:
    """A reader of the record batches of some features, in no fixed order; `pair_columns` reads each batch.

    Args:
        features_relation: DuckDB relation with record_key_l, record_key_r and the features of the spec.
        spec: the entity.
        features: indices of the features to read.
        carried: names of further columns to read as they are.

    Raises:
        DedupError: a feature of the spec is not a column of the relation.
    """
    check_columns(spec, features_relation.columns)
    names = [spec.feature_names[j] for j in features]
    columns = [
        *(f"{key}::integer as {key}" for key in (LEFT, RIGHT)),
        *(f'"{name}"::double as "{name}"' for name in names),
        *carried,
    ]
    return features_relation.project(", ".join(columns)).to_arrow_reader(BATCH_ROWS)


def pair_columns(batch: pa.RecordBatch, spec: Spec, features: Sequence[int]) -> PairColumns:
    """The columns of a batch of `feature_batches`.

    Raises:
        DedupError: a feature is infinite.
    """
    names = spec.feature_names
    columns = PairColumns(
        left=batch.column(LEFT).to_numpy(),
        right=batch.column(RIGHT).to_numpy(),
        features={j: batch.column(names[j]).to_numpy(zero_copy_only=False) for j in features},
    )
    _refuse_infinite(columns, spec)
    return columns


def read_features(features_relation: Any, spec: Spec) -> Iterator[PairBatch]:
    """Stream the pairs of a relation with all features of the spec, in batches and in no fixed order.

    Raises:
        DedupError: a feature is not a column of the relation, or is infinite.
    """
    features = range(len(spec.features))
    for batch in feature_batches(features_relation, spec, features):
        columns = pair_columns(batch, spec, features)
        yield PairBatch(columns.left, columns.right, np.column_stack(list(columns.features.values())))


class RequestedPairs:
    """Reads the features of any pairs of an entity's records, as production computes them.

    Args:
        spec: the entity.
        sql: the macro `pair_features` over the relation `dedup_requested_pairs`, compiled.
    """

    _NAME = "dedup_requested_pairs"

    def __init__(self, spec: Spec, sql: str) -> None:
        self._spec, self._sql = spec, sql

    @classmethod
    def of(cls, project: DbtProject, spec: Spec) -> RequestedPairs:
        """Compile the features of an entity that the project declares.

        Raises:
            DedupError: the features do not compile.
        """
        return cls(spec, project.compiled(f"dbt_dedup.pair_features('{spec.name}', '{cls._NAME}')"))

    def read(self, warehouse: Warehouse, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.float64]:
        """Features of n pairs given by their record keys, n by f in the order of the pairs; NaN is null."""
        features = np.empty((len(left), len(self._spec.features)), order="F")
        positions = {"record_key_l": left, "record_key_r": right, "place": np.arange(len(left), dtype=np.int64)}
        warehouse.cursor.register(self._NAME, pa.table(positions))
        try:
            names = ", ".join(f'"{name}"::double as "{name}"' for name in self._spec.feature_names)
            found = warehouse.cursor.sql(
                f"select place, {names} from ({self._sql}) join {self._NAME} using (record_key_l, record_key_r)"
            )
            for batch in found.to_arrow_reader(BATCH_ROWS):
                place = batch.column("place").to_numpy()
                for j, name in enumerate(self._spec.feature_names):
                    features[place, j] = batch.column(name).to_numpy(zero_copy_only=False)
        finally:
            warehouse.cursor.unregister(self._NAME)
        return features


def check_columns(spec: Spec, columns: list[str]) -> None:
    """Check that these columns of a relation have all features of the spec.

    Raises:
        DedupError: a feature is missing.
    """
    missing = [name for name in (LEFT, RIGHT, *spec.feature_names) if name not in columns]
    if missing:
        raise DedupError(
            f"The pair features of entity {spec.name!r} lack {', '.join(missing)}, which the entity's fields need."
            f" Build int_{spec.name}__pair_features and int_{spec.name}__spec from the same spec:"
            f" run `dbt build --select +int_{spec.name}__pair_scores`."
        )


def refuse_infinite(entity: str, feature: str, values: NDArray[np.float64], pair_at: Callable[[int], str]) -> None:
    """Refuse the values of a feature if one is infinite.

    Args:
        entity: name of the entity.
        feature: name of the feature.
        values: one number per pair; NaN is null.
        pair_at: says which pair the one at a place is.

    Raises:
        DedupError: one is infinite.
    """
    infinite = np.isinf(values)
    if infinite.any():
        raise DedupError(
            f"Feature {feature} of entity {entity!r} is infinite for the pair of {pair_at(int(np.argmax(infinite)))}."
            f" {FINITE}, e.g. guard divisions with nullif."
        )


def _refuse_infinite(pairs: PairColumns, spec: Spec) -> None:
    for j, values in pairs.features.items():
        refuse_infinite(
            spec.name,
            spec.feature_names[j],
            values,
            lambda row: f"record_key {pairs.left[row]} and {pairs.right[row]}",
        )
