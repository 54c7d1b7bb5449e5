"""What a model would change, in a few words, for those who are about to promote it."""

from __future__ import annotations

from dbt_dedup.errors import DedupError
from dbt_dedup.plan.changes import plan
from dbt_dedup.plan.text import entities_sentence
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject, in_one_line
from dbt_dedup.words import count, counted


def preview(project: DbtProject, spec: Spec, version: str) -> str:
    """What becomes of the entities with a model, as far as it can be known: the built pairs are scored with it."""
    ask = f"`dbt-dedup plan {spec.name} --model {version}`"
    try:
        planned = plan(project, spec, version, limit=0, from_scores=True)
    except DedupError as error:
        reason = in_one_line(error).rstrip(".")
        return f"What becomes of the entities is unknown: {reason}. {ask} tells it: it builds from the input."
    if planned.is_empty:
        return f"With {version} no entity of {spec.name} changes."
    return (
        f"With {version}, entities of {spec.name}: {entities_sentence(planned)}.\n"
        f"{counted(planned.counts['moved_record'], 'record')} in another entity, {count(planned.changed_values)} golden"
        f" values changed in entities that stay. Examples: {ask}."
    )
