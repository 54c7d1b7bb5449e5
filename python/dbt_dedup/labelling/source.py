"""Read the pairs and records of a labelling session from the warehouse; afterwards the database is free for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.constants import POOL_PAIRS, SET_APART
from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.choose import Pool
from dbt_dedup.labelling.label_file import COLUMNS, SEED_DESCRIPTION, Label, LabelFile
from dbt_dedup.names import MATCH
from dbt_dedup.registry.production import load_production
from dbt_dedup.seed_files import create_missing_seed
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

ANSWERS = "dedup_answers"  # the name under which the warehouse sees the answers of the labels file


@dataclass(frozen=True)
class Material:
    """Pairs to choose from and pairs that have a label.

    Attributes:
        pool: candidate pairs that are not in the labels file, a random part of them where they are many.
        record_ids: the two record ids of each pair of the pool.
        labelled_features: features of the pairs labelled match or no_match, in the order of `is_match`.
        is_match: 1 for a match, 0 for no match.
        production: the classifier in production; None where none fits.
    """

    pool: Pool
    record_ids: tuple[tuple[str, str], ...]
    labelled_features: NDArray[np.float64]
    is_match: NDArray[np.int64]
    production: PairClassifier | None
    _records: pa.Table
    _row_of: dict[str, int]
    _fields: tuple[str, ...]

    def record(self, record_id: str) -> Record:
        """A record of a pair of the pool."""
        (row,) = self._records.slice(self._row_of[record_id], 1).to_pylist()
        return Record(record_id, row["source"], {field: row[f"{field}__original"] for field in self._fields})


def open_labels(project: DbtProject, entity: str) -> tuple[Spec, LabelFile, bool]:
    """The spec of an entity, the file of its labels seed, and whether the file was created now.

    Raises:
        DedupError: no labels in the spec, labels that are not a seed of this project, or a file without its columns.
    """
    created = create_missing_seed(project, entity, "labels", COLUMNS, SEED_DESCRIPTION)
    spec = project.entity_spec(entity)
    if not spec.labels:
        raise DedupError(
            f"Entity {entity!r} names no labels. Add `labels: {entity}_labels` to dedup_entities.{entity} in"
            " dbt_project.yml and run this again: the seed is created."
        )
    node = project.node(spec.labels)
    path = project.directory / node.original_file_path
    if node.resource_type != "seed" or not path.is_file():
        raise DedupError(
            f"The labels of entity {entity!r} come from {spec.labels!r}, which is not a seed of this project."
            " `dbt-dedup label` writes to a CSV seed: name one in `labels`."
        )
    return spec, LabelFile(path, node.config.delimiter), created is not None


def read_material(
    project: DbtProject,
    spec: Spec,
    labels: Sequence[Label],
    *,
    build: bool = False,
    report_progress: Callable[[str], None] = lambda _: None,
) -> Material:
    """Choose the pool in the warehouse and read it, in bounded memory whatever the number of candidate pairs.

    Args:
        project: the dbt project; its candidate pairs are built first if they are missing or belong to another spec.
        spec: the entity.
        labels: the rows of the labels file.
        build: build the candidate pairs again in any case.
        report_progress: called with a sentence before a step that takes long.

    Raises:
        DedupError: dbt failed, or there are no candidate pairs.
    """
    import duckdb

    if not build:
        try:
            pairs, records = _read(project, spec, labels)
        except (duckdb.Error, DedupError):  # never built, or built from another spec
            build = True
    if build:
        report_progress(f"Building the candidate pairs of {spec.name} with dbt ...")
        project.build(f"+int_{spec.name}__candidate_pairs")
        pairs, records = _read(project, spec, labels)
    if not len(pairs):
        raise DedupError(
            f"Entity {spec.name!r} has no candidate pairs, so there is nothing to ask. Its blocking rules propose none:"
            f" look at {spec.name}_block_stats."
        )
    features = np.column_stack([pairs[name].cast(pa.float64()).to_numpy() for name in spec.feature_names])
    label = pairs["label"].to_pylist()
    labelled = np.array([value is not None for value in label], dtype=bool)
    ids = list(zip(pairs["record_id_l"].to_pylist(), pairs["record_id_r"].to_pylist(), strict=True))
    return Material(
        pool=Pool(features[~labelled], pairs["is_set_apart"].to_numpy().astype(bool)[~labelled], spec.directions),
        record_ids=tuple(pair for pair, known in zip(ids, labelled, strict=True) if not known),
        labelled_features=features[labelled],
        is_match=np.array([value == MATCH for value in label if value is not None], dtype=np.int64),
        production=_production(spec, project.directory),
        _records=records,
        _row_of={record_id: row for row, record_id in enumerate(records["record_id"].to_pylist())},
        _fields=tuple(field.name for field in spec.fields),
    )


def missing_records(project: DbtProject, spec: Spec, labels: Sequence[Label]) -> set[str]:
    """The record ids in labels that the last build had no record of.

    Raises:
        DedupError: the records are not built, or there is none, which says nothing about single ones.
    """
    records, named = f"stg_{spec.name}__records", {record_id for label in labels for record_id in label.pair}
    with project.open() as warehouse:
        built = warehouse.read(records, ["record_id"])
        if not built.limit(1).fetchall():
            raise DedupError(f"{records} is empty: the last build had no record at all. No label was removed.")
        asked = warehouse.cursor.from_arrow(pa.table({"record_id": pa.array(sorted(named), pa.string())}))
        found = {record_id for (record_id,) in built.join(asked, "record_id", how="semi").fetchall()}
    return named - found


def read_labelled(
    project: DbtProject, spec: Spec, labels: Sequence[Label]
) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Record ids, the smaller first, and features of the pairs labelled match or no_match whose records exist.

    Raises:
        DedupError: dbt failed.
        duckdb.Error: the candidate pairs are not built.
    """
    pairs, _ = _read(project, spec, labels, pool_pairs=0)
    ids = [
        (min(pair), max(pair))
        for pair in zip(pairs["record_id_l"].to_pylist(), pairs["record_id_r"].to_pylist(), strict=True)
    ]
    return ids, np.column_stack([pairs[name].cast(pa.float64()).to_numpy() for name in spec.feature_names])


def _read(
    project: DbtProject, spec: Spec, labels: Sequence[Label], pool_pairs: int = POOL_PAIRS
) -> tuple[pa.Table, pa.Table]:
    """The pairs that the macro `label_pool` describes, in order of their lots, and the records of the pool."""
    pool_sql = project.compiled(
        f"dbt_dedup._label_pool('{spec.name}', labels='{ANSWERS}', pool_pairs={pool_pairs}, set_apart={SET_APART})"
    )
    answers = pa.table(
        {
            column: pa.array([getattr(label, column) for label in labels], pa.string())
            for column in ("record_id_l", "record_id_r", "label")
        }
    )
    columns = ["record_id", "source", *(f"{field.name}__original" for field in spec.fields)]
    with project.open() as warehouse:
        cursor = warehouse.cursor
        cursor.register(ANSWERS, answers)
        pairs = cursor.query(pool_sql).to_arrow_table()
        pairs = pairs.sort_by([(column, "ascending") for column in ("lot", "record_key_l", "record_key_r")])
        pool = pairs.filter(pc.is_null(pairs["label"]))
        pool_ids = pa.chunked_array([*pool["record_id_l"].chunks, *pool["record_id_r"].chunks], pa.string()).unique()
        in_pool = cursor.from_arrow(pa.table({"record_id": pool_ids}))
        records = warehouse.read(f"stg_{spec.name}__records", columns).join(in_pool, "record_id", how="semi")
        shown = records.to_arrow_table()
        cursor.unregister(ANSWERS)
    return pairs, shown


def _production(spec: Spec, project_dir: Path) -> PairClassifier | None:
    try:
        artefact = load_production(spec, project_dir)
    except DedupError:
        return None
    return artefact.classifier if artefact.features == spec.features else None
