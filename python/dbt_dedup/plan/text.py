"""A plan as text for a terminal, and as JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from dbt_dedup.plan.changes import ENTITY_CHANGES, RECORD_CHANGES, Change, Plan
from dbt_dedup.side_by_side import harmless_json, visible
from dbt_dedup.words import count, counted

TITLES = {
    "merge": "merged into another",
    "split": "split off another",
    "appear": "new entities",
    "retire": "retired entities",
    "new_record": "new records",
    "lost_record": "gone records",
    "moved_record": "records in another entity",
}


def plan_text(plan: Plan) -> str:
    """A plan for a person to read."""
    return "\n".join("".join(map(visible, line)) for line in _lines(plan))


def entities_sentence(plan: Plan) -> str:
    """What becomes of the entities."""
    merged, split, new, retired = (count(plan.counts[kind]) for kind in ENTITY_CHANGES)
    return (
        f"{merged} merged into another, {split} split off another, {new} new, {retired} retired"
        f" ({count(plan.entities_before)} before, {count(plan.entities_after)} after)"
    )


def plan_json(plan: Plan) -> str:
    """A plan as a JSON object: the attributes of `Plan`."""
    return harmless_json(asdict(plan))


def _lines(plan: Plan) -> Iterator[str]:
    model = f"{plan.version}, which is {'' if plan.is_in_production else 'not '}in production"
    yield f"The next build of {plan.entity} with {model}:"
    for name in plan.as_built:
        yield f"  ({name} is taken as it was built last, because building it writes outside the database)"
    if plan.is_empty:
        yield f"  nothing changes ({counted(plan.entities_before, 'golden record')})"
        return
    new, lost, moved = (count(plan.counts[kind]) for kind in RECORD_CHANGES)
    yield f"  entities       {entities_sentence(plan)}"
    yield f"  records        {new} new, {lost} gone, {moved} in another entity"
    of_entities = count(plan.changed_value_entities)
    yield f"  golden values  {count(plan.changed_values)} changed, in {of_entities} of the entities that stay"
    for kind in plan.counts:
        examples = [change for change in plan.changes if change.change == kind]
        if examples:
            yield ""
            yield _title(TITLES[kind], len(examples), plan.counts[kind])
            yield from (f"  {_said(change, plan)}" for change in examples)
    if plan.values:
        yield ""
        yield _title("golden values", len(plan.values), plan.changed_values)
        for value in plan.values:
            before, after = (repr(v) if v is not None else "no value" for v in (value.before, value.after))
            yield f"  {_named(value.entity_id, plan)}: {value.field} {before} becomes {after}"


def _title(kind: str, shown: int, number: int) -> str:
    return f"{kind}, {'all' if shown == number else f'{shown} of {count(number)}'}:"


def _said(change: Change, plan: Plan) -> str:
    entity = _named(change.entity_id, plan)
    other = _named(change.other_entity_id, plan) if change.other_entity_id else ""
    return {
        "merge": f"{entity} into {other}",
        "split": f"{other} off {entity}",
        "appear": entity,
        "retire": entity,
        "new_record": f"{change.record_id} in {entity}",
        "lost_record": f"{change.record_id} of {entity}",
        "moved_record": f"{change.record_id} from {other} to {entity}",
    }[change.change]


def _named(entity_id: str, plan: Plan) -> str:
    name = plan.names.get(entity_id)
    return f"{entity_id} ({name})" if name else entity_id
