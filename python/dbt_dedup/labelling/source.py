"""Read the pairs and records of a labelling session from the warehouse; afterwards the database is free for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.constants import POOL_PAIRS, SET_APART
from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.choose import Pool
from dbt_dedup.labelling.label_file import Label, LabelFile, create_label_seed
from dbt_dedup.names import MATCH
from dbt_dedup.registry.artefact import load_production
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject


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
    created = _create_missing_seed(project, entity)
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
    return spec, LabelFile(path, node.config.delimiter), created


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

    carry = ["record_id_l", "record_id_r", "label", "set_apart"]
    macro = f"{{{{ dbt_dedup.pair_features('{spec.name}', 'dedup_labelling', carry={carry}) }}}}"
    if not build:
        try:
            pairs, records = _read(project, spec, labels, macro)
        except (duckdb.Error, DedupError):  # never built, or built from another spec
            build = True
    if build:
        report_progress(f"Building the candidate pairs of {spec.name} with dbt ...")
        project.build(f"+int_{spec.name}__candidate_pairs")
        pairs, records = _read(project, spec, labels, macro)
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
        pool=Pool(features[~labelled], pairs["set_apart"].to_numpy().astype(bool)[~labelled], spec.directions),
        record_ids=tuple(pair for pair, known in zip(ids, labelled, strict=True) if not known),
        labelled_features=features[labelled],
        is_match=np.array([value == MATCH for value in label if value is not None], dtype=np.int64),
        production=_production(spec, project.directory),
        _records=records,
        _row_of={record_id: row for row, record_id in enumerate(records["record_id"].to_pylist())},
        _fields=tuple(field.name for field in spec.fields),
    )


def _read(project: DbtProject, spec: Spec, labels: Sequence[Label], macro: str) -> tuple[pa.Table, pa.Table]:
    features_sql = project.run("compile", "--inline", macro).results[0].node.compiled_code
    records = project.relation(f"int_{spec.name}__keyed_records")
    texts = project.relation(f"stg_{spec.name}__records")
    candidates = project.relation(f"int_{spec.name}__candidate_pairs")
    originals = "".join(f', "{field.name}__original"' for field in spec.fields)
    asked = pa.table(
        {
            "record_id_l": pa.array([label.record_id_l for label in labels], pa.string()),
            "record_id_r": pa.array([label.record_id_r for label in labels], pa.string()),
            "label": pa.array([label.label for label in labels], pa.string()),
        }
    )
    with project.connect() as cursor:
        cursor.register("dedup_asked", asked)
        cursor.execute(
            f"""
            create or replace temp table dedup_labelling as
            with
            asked as (
                select
                    least(l.record_key, r.record_key) as record_key_l,
                    greatest(l.record_key, r.record_key) as record_key_r,
                    min(label) filter (label in ('match', 'no_match')) as label
                from dedup_asked
                inner join {records} as l on dedup_asked.record_id_l = l.record_id
                inner join {records} as r on dedup_asked.record_id_r = r.record_id
                group by all
            ),
            drawn as (
                select record_key_l, record_key_r
                from {candidates}
                anti join asked using (record_key_l, record_key_r)
                order by hash(record_key_l, record_key_r), record_key_l, record_key_r
                limit {POOL_PAIRS}
            ),
            open_pairs as (
                select
                    drawn.record_key_l,
                    drawn.record_key_r,
                    l.record_id as record_id_l,
                    r.record_id as record_id_r,
                    md5_number_lower(
                        least(l.record_id, r.record_id) || ' ' || greatest(l.record_id, r.record_id)
                    ) as lot
                from drawn
                inner join {records} as l on drawn.record_key_l = l.record_key
                inner join {records} as r on drawn.record_key_r = r.record_key
            )
            select *, null as label, lot % {SET_APART} = 0 as set_apart from open_pairs
            union all
            select record_key_l, record_key_r, l.record_id, r.record_id, 0, label, false
            from asked
            inner join {records} as l on record_key_l = l.record_key
            inner join {records} as r on record_key_r = r.record_key
            where label is not null and record_key_l <> record_key_r
            """
        )
        pairs = cursor.query(
            f"""
            select features.*
            from ({features_sql}) as features
            inner join dedup_labelling using (record_key_l, record_key_r)
            order by dedup_labelling.lot, record_key_l, record_key_r
            """
        ).to_arrow_table()
        shown = cursor.query(
            f"""
            select record_id, source{originals}
            from {texts}
            where record_id in (
                select record_id_l from dedup_labelling where label is null
                union all
                select record_id_r from dedup_labelling where label is null
            )
            """
        ).to_arrow_table()
        cursor.execute("drop table dedup_labelling")
        cursor.unregister("dedup_asked")
    return pairs, shown


def _production(spec: Spec, project_dir: Path) -> PairClassifier | None:
    try:
        artefact = load_production(spec, project_dir)
    except DedupError:
        return None
    return artefact.classifier if artefact.features == spec.features else None


def _create_missing_seed(project: DbtProject, entity: str) -> bool:
    """Create the seed that the spec names for labels if it is what keeps dbt from parsing the project."""
    missing = project.missing_reference()
    if missing is None:
        return False
    if missing == project.declared(entity).get("labels"):
        create_label_seed(project.seed_directory, missing)
        return True
    _ = project.manifest  # raises dbt's error
    return False
