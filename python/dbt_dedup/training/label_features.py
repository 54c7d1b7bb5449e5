"""Build the features of an entity's labelled pairs and the problems of its labels with dbt, and read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.names import MATCH, NO_MATCH
from dbt_dedup.spec import Spec
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.warehouse import DbtProject
from dbt_dedup.words import counted

EXAMPLES = 3


def read_training_data(
    project: DbtProject,
    entity: str,
    *,
    few_allowed: bool = False,
    report_progress: Callable[[str], None] = lambda _: None,
) -> tuple[Spec, LabelledPairs]:
    """Build the features of an entity's labelled and candidate pairs, without tests, and read the first.

    Labels of records that do not exist are skipped: a source may delete what people labelled.

    Args:
        project: the dbt project.
        entity: the entity.
        few_allowed: whether labels that are too few to learn from are read all the same.
        report_progress: called with a sentence about skipped labels.

    Raises:
        DedupError: unknown entity, a spec without labels, labels none of whose records exist, or labels that
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
        found = warehouse.read(problems).to_arrow_table().to_pylist()
        labelled = warehouse.read(features).to_arrow_table()
    _refuse_unknown_labels(found, spec)
    if skipped := _without_record(found, spec, len(labelled)):
        report_progress(skipped)
    return spec, LabelledPairs.from_arrow(labelled, spec.feature_names, entity, few_allowed=few_allowed)


def _refuse_unknown_labels(problems: Sequence[Mapping[str, Any]], spec: Spec) -> None:
    """Raise DedupError for labels that are not known. `LabelledPairs` refuses contradictions."""
    unknown_labels = [row["label"] or "null" for row in problems if row["problem"] == "unknown_label"]
    if unknown_labels:
        examples = ", ".join(repr(label) for label in sorted(set(unknown_labels))[:EXAMPLES])
        raise DedupError(
            f"{len(unknown_labels)} labels in {spec.labels!r} of entity {spec.name!r} are neither match,"
            f" no_match nor unsure, for example {examples}. Correct column label."
        )


def _without_record(problems: Sequence[Mapping[str, Any]], spec: Spec, usable: int) -> str | None:
    """What to say of labels whose records do not exist; None if there are none.

    Raises:
        DedupError: there is no other label.
    """
    rows = [row for row in problems if row["problem"] == "unknown_record"]
    if not rows:
        return None
    labels = {(row["record_id_l"], row["record_id_r"]) for row in rows if row["label"] in (MATCH, NO_MATCH)}
    missing = sorted({str(row["missing_record_id"]) for row in rows})
    named = f"{counted(len(missing), 'record')} that the input of entity {spec.name!r} does not have"
    example = f" (for example {', '.join(missing[:EXAMPLES])})"
    if labels and not usable:
        raise DedupError(
            f"All {len(labels)} labels in {spec.labels!r} name {named}{example}. Correct columns record_id_l and"
            " record_id_r."
        )
    return (
        f"{counted(len(labels), 'label')} in {spec.labels!r} skipped, because of {named}{example}."
        f" `dbt-dedup label {spec.name} --prune` removes such labels."
    )
