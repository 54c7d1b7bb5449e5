"""Turn what a person asks for into rows of the override log, and say beforehand what they will change."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dbt_dedup.errors import DedupError
from dbt_dedup.explain.tables import Link, Located, Pair, Tables, ordered
from dbt_dedup.explain.why import MOST_RECORDS, resolve_again, unknown_record
from dbt_dedup.graph import Joined
from dbt_dedup.names import CANNOT_LINK, MUST_LINK, OVERRIDE, PIN, UNDO
from dbt_dedup.overrides.log import Override
from dbt_dedup.side_by_side import Record
from dbt_dedup.words import known_by

TOGETHER = 0  # key of the component that all records of a preview are put into


@dataclass(frozen=True)
class Change:
    """Rows to add to the log, and what they will change.

    Attributes:
        rows: not signed yet.
        lines: what will happen, for a person to read.
    """

    rows: tuple[Override, ...]
    lines: tuple[str, ...]


def unmerge(tables: Tables, in_force: Sequence[Override], record_ids: Sequence[str]) -> Change:
    """Take records out of their entity, together; the rest stays.

    Raises:
        DedupError: a record that does not exist, records of several entities, nothing left in the entity, an
            override that joins one of them with the rest, or one that keeps two of them apart.
    """
    leaving = [_record(tables, record_id) for record_id in dict.fromkeys(record_ids)]
    if len({record.entity_id for record in leaving}) > 1:
        entities = ", ".join(f"{record.record_id} of {record.entity_id}" for record in leaving)
        raise DedupError(f"The records are of several entities: {entities}. Unmerge those of one entity at a time.")
    entity_id, ids = leaving[0].entity_id, {record.record_id for record in leaving}
    members = tables.by_key(tables.keys_of_entity(entity_id)).values()
    staying = sorted((record for record in members if record.record_id not in ids), key=lambda r: r.record_id)
    if not staying:
        raise DedupError(
            f"Entity {entity_id} has no other record than {', '.join(sorted(ids))}: there is nothing to part."
        )
    joined = _joined(in_force)
    for one in leaving:
        for other in staying:
            if joined.root(one.record_id) == joined.root(other.record_id):
                _refuse_chain(in_force, joined, one.record_id, other.record_id)
    _refuse_apart(tables, in_force, joined, [record.record_id for record in leaving])
    rows = [
        *(_link(MUST_LINK, leaving[0], record) for record in leaving[1:]),
        *(_link(CANNOT_LINK, one, other) for one in leaving for other in staying),
    ]
    return Change(tuple(rows), tuple(_effect(tables, [*leaving, *staying], rows, ())))


def merge(tables: Tables, in_force: Sequence[Override], first: str, second: str) -> Change:
    """Join two records, or the records of two entities; each is given by a record id or an entity id.

    Raises:
        DedupError: an id that is neither, the same entity twice, or an override that keeps the two apart.
    """
    one, other = _record_or_entity(tables, first), _record_or_entity(tables, second)
    if one.entity_id == other.entity_id:
        raise DedupError(f"{first} and {second} are both of entity {one.entity_id}: there is nothing to merge.")
    _refuse_apart(tables, in_force, _joined(in_force), [one.record_id, other.record_id])
    rows = [_link(MUST_LINK, one, other)]
    return Change(tuple(rows), tuple(_effect(tables, [one, other], rows, ())))


def pin(tables: Tables, record_id: str, field: str, value: str) -> Change:
    """Fix a golden value of the entity that holds a record.

    Raises:
        DedupError: a record or a field that does not exist, or a value that cannot be one of the field.
    """
    record = _record(tables, record_id)
    types = {known.name: known.type for known in tables.spec.fields}
    if field not in types:
        near = difflib.get_close_matches(field, types, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise DedupError(f"Entity {tables.spec.name!r} has no field {field!r}.{hint} Fields: {', '.join(types)}.")
    if not value.strip():
        raise DedupError("A pinned value cannot be empty. To give a field back to the rule, undo its pin.")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", value):
        raise DedupError(f"{value!r} has control characters, which no value of a record needs. Write it without them.")
    # Python reads more than the engine does, such as 19800304, 1_000 and nan
    if types[field] == "date" and not _is_day(value):
        raise DedupError(f"{value!r} is no date. Write it as 1980-03-04.")
    if types[field] == "number" and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", value, re.ASCII):
        raise DedupError(f"{value!r} is no number. Write it as 1234.5.")
    golden = tables.golden_value(record.entity_id, field)
    row = Override(PIN, record_id_l=record_id, field=field, value=value)
    return Change((row,), (f"{field} of entity {record.entity_id}: {_quoted(golden)} becomes {_quoted(value)}.",))


def undo(tables: Tables, rows: Sequence[Override], in_force: Sequence[Override], override_id: str | None) -> Change:
    """Take back what a command decided: the last one, or that of an override id.

    Raises:
        DedupError: nothing to undo, or an id that is unknown or already undone.
    """
    name = tables.spec.name
    if override_id is None:
        if not in_force:
            raise DedupError(f"No override of entity {name!r} is in force: there is nothing to undo.")
        taken = [row for row in in_force if row.command_id == in_force[-1].command_id]
    else:
        taken = [row for row in in_force if override_id in (row.override_id, row.command_id)]
    if not taken:
        known = {row.action for row in rows if override_id in (row.override_id, row.command_id)}
        decisions = known & {MUST_LINK, CANNOT_LINK, PIN}
        what = "is undone already" if decisions else "decides nothing" if known else "does not exist"
        latest = list(dict.fromkeys(row.command_id for row in reversed(in_force)))[:3]
        hint = f"The latest in force: {', '.join(latest)}" if latest else "None is in force"
        raise DedupError(f"Override {override_id} of entity {name!r} {what}. {hint}.")
    lines = [f"No longer in force: {_said(row)}{_because(row)}" for row in taken]
    links = [row for row in taken if row.is_link]
    found = tables.by_id({record_id for row in links for record_id in (row.record_id_l, row.record_id_r)})
    if found:
        lines += _effect(tables, list(found.values()), (), links)
    return Change(tuple(Override(UNDO, undoes=row.override_id) for row in taken), tuple(lines))


def _record(tables: Tables, record_id: str) -> Located:
    found = tables.by_id([record_id])
    if record_id not in found:
        raise DedupError(unknown_record(tables, record_id))
    return found[record_id]


def _record_or_entity(tables: Tables, name: str) -> Located:
    if found := tables.by_id([name]):
        return found[name]
    if keys := tables.keys_of_entity(name):
        return min(tables.by_key(keys).values(), key=lambda record: record.record_id)
    return _record(tables, name)


def _link(action: str, one: Located, other: Located) -> Override:
    left, right = sorted((one.record_id, other.record_id))
    return Override(action, record_id_l=left, record_id_r=right)


def _joined(in_force: Iterable[Override]) -> Joined[str]:
    """The records that overrides join."""
    joined: Joined[str] = Joined()
    for row in in_force:
        if row.action == MUST_LINK:
            joined.join(row.record_id_l, row.record_id_r)
    return joined


def _refuse_apart(tables: Tables, in_force: Sequence[Override], joined: Joined[str], record_ids: Sequence[str]) -> None:
    """Raise DedupError if an override keeps apart what joining these records would join, by the overrides in force."""
    first, *others = record_ids
    for other in others:
        joined.join(first, other)
    for row in in_force if others else ():
        ends = {joined.root(row.record_id_l), joined.root(row.record_id_r)}
        if row.action == CANNOT_LINK and ends == {joined.root(first)}:
            raise DedupError(
                f"Override {row.override_id} keeps {row.record_id_l} and {row.record_id_r} apart{_because(row)}."
                f" Undo it first: `dbt-dedup undo {tables.spec.name} {row.override_id}`."
            )


def _refuse_chain(in_force: Sequence[Override], joined: Joined[str], one: str, other: str) -> None:
    """Raise DedupError: overrides join two records."""
    row = next(
        row
        for row in reversed(in_force)
        if row.action == MUST_LINK and joined.root(row.record_id_l) == joined.root(one)
    )
    raise DedupError(
        f"Overrides join {one} and {other}, the last of them {row.override_id}: {_said(row)}{_because(row)}."
        " Undo it first."
    )


def _said(row: Override) -> str:
    if row.action == PIN:
        return f"{row.field} of the entity of {row.record_id_l} is {row.value!r}"
    verb = "are one entity" if row.action == MUST_LINK else "are not one entity"
    return f"{row.record_id_l} and {row.record_id_r} {verb}"


def _because(row: Override) -> str:
    parts = [row.decided_by and f"by {row.decided_by}", row.decided_at and f"on {row.decided_at[:10]}", row.reason]
    return f" ({', '.join(part for part in parts if part)})" if any(parts) else ""


def _is_day(value: str) -> bool:
    """Whether this is a day that there is, written as 1980-03-04."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _quoted(value: object) -> str:
    return "no value" if value is None else repr(str(value))


def _effect(
    tables: Tables, asked: Sequence[Located], added: Sequence[Override], taken: Sequence[Override]
) -> Iterator[str]:
    """The entities of the records that are concerned, as they are and as they will be."""
    keys = tables.keys_of_components({record.component for record in asked}, MOST_RECORDS)
    if keys is None:
        yield f"More than {MOST_RECORDS:,} records are connected with these: what will change is not known beforehand."
        return
    known = {key: replace(record, component=TOGETHER) for key, record in tables.by_key(keys).items()}
    records = [known[key] for key in keys]
    by_id = {record.record_id: record.key for record in records}
    links = dict(tables.links(keys))
    for row in taken:
        pair = _pair(by_id, row)
        if pair in links and links[pair].origin == OVERRIDE:
            del links[pair]
    for row in added:
        links[_pair(by_id, row)] = Link(row.action == MUST_LINK, OVERRIDE, None)
    never = tables.never((record.key, TOGETHER) for record in records)
    replays = resolve_again(tables.spec, records, tables.scores(keys), links, never)
    after = {key: cluster for found in replays for cluster in found.clusters for key in cluster}
    before = {key: tuple(k for k in keys if known[k].entity_id == known[key].entity_id) for key in keys}
    changed = [key for key in keys if after.get(key, (key,)) != before[key]]
    if not changed:
        yield "The entities stay as they are."
        return
    said = tables.records(known[key].record_id for key in keys)
    yield "Now:"
    for cluster in dict.fromkeys(before[key] for key in changed):
        yield from _cluster(cluster, known, said, known[cluster[0]].entity_id)
    yield "After the next build:"
    for cluster in dict.fromkeys(after.get(key, (key,)) for key in changed):
        yield from _cluster(cluster, known, said, "one entity")


def _pair(by_id: dict[str, int], row: Override) -> Pair:
    return ordered(by_id.get(row.record_id_l, -1), by_id.get(row.record_id_r, -1))


def _cluster(cluster: Sequence[int], known: dict[int, Located], said: dict[str, Record], title: str) -> Iterator[str]:
    yield f"  {title}"
    for record_id in sorted(known[key].record_id for key in cluster):
        yield f"    {record_id}  {known_by(said[record_id].values.values())}"
