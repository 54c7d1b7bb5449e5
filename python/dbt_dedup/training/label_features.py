"""Build the features of an entity's labelled pairs with dbt, check the labels in the warehouse, and read them."""

from __future__ import annotations

from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.spec import Spec
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.warehouse import DbtProject


def read_training_data(project: DbtProject, entity: str) -> tuple[Spec, LabelledPairs]:
    """Build the features of an entity's labelled pairs, without tests, and read them.

    Raises:
        DedupError: unknown entity, a spec without labels, labels of records that do not exist, or labels that
            `LabelledPairs` refuses.
    """
    spec = project.entity_spec(entity)
    if not spec.labels:
        raise DedupError(
            f"Entity {entity!r} names no labels. Add `labels: <seed or model>` to dedup_entities.{entity} in"
            " dbt_project.yml, with columns record_id_l, record_id_r and label (match, no_match or unsure)."
        )
    project.node(spec.labels)
    project.build(f"+int_{entity}__label_features", f"+int_{entity}__keyed_records", f"+{spec.labels}")
    with project.connect() as cursor:
        _check_label_values(cursor, project, spec)
        _check_records_exist(cursor, project, spec)
        labelled = cursor.query(f"select * from {project.relation(f'int_{entity}__label_features')}").to_arrow_table()
    return spec, LabelledPairs.from_arrow(labelled, spec.feature_names, entity)


def _check_label_values(cursor: Any, project: DbtProject, spec: Spec) -> None:
    invalid = cursor.execute(
        f"""
        select coalesce(label::varchar, 'null'), count(*)
        from {project.relation(str(spec.labels))}
        where label is null or label::varchar not in ('match', 'no_match', 'unsure')
        group by all
        order by all
        """
    ).fetchall()
    if invalid:
        examples = ", ".join(repr(label) for label, _ in invalid[:3])
        raise DedupError(
            f"{sum(pairs for _, pairs in invalid)} labels in {spec.labels!r} of entity {spec.name!r} are neither match,"
            f" no_match nor unsure, for example {examples}. Correct column label."
        )


def _check_records_exist(cursor: Any, project: DbtProject, spec: Spec) -> None:
    labels, records = project.relation(str(spec.labels)), project.relation(f"stg_{spec.name}__records")
    unknown = cursor.execute(
        f"""
        select labels.record_id
        from (
            select record_id_l::varchar as record_id from {labels}
            union
            select record_id_r::varchar as record_id from {labels}
        ) as labels
        anti join {records} as records using (record_id)
        order by labels.record_id
        """
    ).fetchall()
    if unknown:
        examples = ", ".join(str(record_id) for (record_id,) in unknown[:3])
        raise DedupError(
            f"{len(unknown)} records named in the labels {spec.labels!r} of entity {spec.name!r} do not exist in its"
            f" input, for example {examples}. Correct column record_id_l or record_id_r, or remove these labels."
        )
