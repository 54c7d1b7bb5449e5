"""Build the features of an entity's labelled pairs and the problems of its labels with dbt, and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.spec import Spec
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.warehouse import DbtProject

EXAMPLES = 3


def read_training_data(project: DbtProject, entity: str, *, few_allowed: bool = False) -> tuple[Spec, LabelledPairs]:
    """Build the features of an entity's labelled and candidate pairs, without tests, and read the first.

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
    features, problems = f"int_{entity}__label_features", f"int_{entity}__label_problems"
    project.build(f"+{features}", f"+{problems}", f"+int_{entity}__pair_features")
    with project.open() as warehouse:
        _refuse_problems(warehouse.read(problems).to_arrow_table().to_pylist(), spec)
        labelled = warehouse.read(features).to_arrow_table()
    return spec, LabelledPairs.from_arrow(labelled, spec.feature_names, entity, few_allowed=few_allowed)


def _refuse_problems(problems: Sequence[Mapping[str, Any]], spec: Spec) -> None:
    """Raise DedupError for labels that are not known, or of records that do not exist.

    `LabelledPairs` refuses contradictions, which are pairs of features to it.
    """
    unknown_labels = [row["label"] or "null" for row in problems if row["problem"] == "unknown_label"]
    if unknown_labels:
        examples = ", ".join(repr(label) for label in sorted(set(unknown_labels))[:EXAMPLES])
        raise DedupError(
            f"{len(unknown_labels)} labels in {spec.labels!r} of entity {spec.name!r} are neither match,"
            f" no_match nor unsure, for example {examples}. Correct column label."
        )
    missing = sorted({str(row["missing_record_id"]) for row in problems if row["problem"] == "unknown_record"})
    if missing:
        raise DedupError(
            f"{len(missing)} records named in the labels {spec.labels!r} of entity {spec.name!r} do not exist in its"
            f" input, for example {', '.join(missing[:EXAMPLES])}. Correct column record_id_l or record_id_r, or remove"
            " these labels."
        )
