"""Build an entity's labelled features through dbt and read them, after every check that needs the warehouse."""

from __future__ import annotations

import re
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.labels import LabelledPairs
from dbt_dedup.score import read_spec
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

SPEC_MODEL = re.compile(r"int_(.+)__spec")


def read_training_data(project: DbtProject, entity: str) -> tuple[Spec, LabelledPairs]:
    """Build what training needs of an entity, without its tests, and read it.

    Raises:
        DedupError: unknown entity, no labels named in its spec, labels of records that do not exist, or labels that
            `LabelledPairs` refuses.
    """
    spec = read_entity_spec(project, entity)
    if not spec.labels:
        raise DedupError(
            f"Entity {entity!r} names no labels. Add `labels: <seed or model>` to dedup_entities.{entity} in"
            " dbt_project.yml, with columns record_id_l, record_id_r and label (match, no_match or unsure)."
        )
    wanted = [f"+int_{entity}__label_features", f"+int_{entity}__keyed_records", f"+{spec.labels}"]
    tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    project.relation(spec.labels)
    project.run("build", "--select", *wanted, *tests)
    with project.connect() as cursor:
        _check_label_values(cursor, project, spec)
        _check_records_exist(cursor, project, spec)
        labelled = cursor.query(f"select * from {project.relation(f'int_{entity}__label_features')}").to_arrow_table()
    return spec, LabelledPairs.from_arrow(labelled, spec.feature_names, entity)


def read_entity_spec(project: DbtProject, entity: str) -> Spec:
    """Build the spec of an entity as the project declares it now, and read it.

    Raises:
        DedupError: unknown entity, or a spec that does not compile.
    """
    check_known(project, entity)
    project.run("run", "--select", f"int_{entity}__spec")
    with project.connect() as cursor:
        return read_spec(cursor.query(f"select * from {project.relation(f'int_{entity}__spec')}"))


def check_known(project: DbtProject, entity: str) -> None:
    """Raise DedupError, naming the entities there are, if the project has no such entity."""
    names = (node.name for node in project.manifest.nodes.values() if node.resource_type == "model")
    known = sorted(match.group(1) for name in names if (match := SPEC_MODEL.fullmatch(name)))
    if entity not in known:
        raise DedupError(
            f"Unknown entity {entity!r}: the project in {project.directory} has no model int_{entity}__spec."
            f" Known entities: {', '.join(known) or 'none'}."
        )


def _check_label_values(cursor: Any, project: DbtProject, spec: Spec) -> None:
    strange = cursor.execute(
        f"""
        select coalesce(label::varchar, 'null'), count(*)
        from {project.relation(str(spec.labels))}
        where label is null or label::varchar not in ('match', 'no_match', 'unsure')
        group by all
        order by all
        """
    ).fetchall()
    if strange:
        examples = ", ".join(repr(label) for label, _ in strange[:3])
        raise DedupError(
            f"{sum(pairs for _, pairs in strange)} labels in {spec.labels!r} of entity {spec.name!r} are neither match,"
            f" no_match nor unsure, for example {examples}. Correct column label."
        )


def _check_records_exist(cursor: Any, project: DbtProject, spec: Spec) -> None:
    labels, records = project.relation(str(spec.labels)), project.relation(f"stg_{spec.name}__records")
    strangers = cursor.execute(
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
    if strangers:
        examples = ", ".join(str(record_id) for (record_id,) in strangers[:3])
        raise DedupError(
            f"{len(strangers)} records named in the labels {spec.labels!r} of entity {spec.name!r} do not exist in its"
            f" input, for example {examples}. Correct column record_id_l or record_id_r, or remove these labels."
        )
