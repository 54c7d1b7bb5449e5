"""What a look-up finds, as values, as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dbt_dedup.names import MATCH, NO_MATCH
from dbt_dedup.side_by_side import visible
from dbt_dedup.words import counted

SEVERAL, REVIEW = "several_entities_match", "review"
LONGEST = 60  # characters of a value in a listing


@dataclass(frozen=True)
class FoundEntity:
    """An entity that a new record may belong to.

    Attributes:
        match_probability: that the record is of this entity, in [0, 1], by the rule that merges clusters: no single
            pair counts for more than odds of 99 to 1.
        decision: `match`, `review` or `no_match`: what the entity alone would lead a build to decide.
        ruled_out_by: the `never` rule or `duplicate_free` source that keeps the record out; None if nothing does.
        best_record_id: the record of the entity that speaks most for it.
        best_match_probability: that the new record and this one are a match, in [0, 1].
        is_identical: whether the two are equal in every standardized field.
        reasons_for, reasons_against: the fields that count most in this pair, in log2 odds.
        proposed_by: the blocking rules that propose this pair; empty if none does.
        values: the fields of the golden record.
    """

    entity_id: str
    match_probability: float
    decision: str
    ruled_out_by: str | None
    records_in_entity: int
    best_record_id: str
    best_match_probability: float
    is_identical: bool
    reasons_for: str
    reasons_against: str
    proposed_by: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lookup:
    """The answer to one look-up.

    Attributes:
        decision: what a build would decide: `match`, `several_entities_match`, `review` or `no_match`.
        entities: the most likely first.
        more_entities: how many less likely ones are left out.
        unusable: the given fields whose value is incorrect and is not compared, each with the problem.
        model_version: the model that scored.
    """

    decision: str
    entities: tuple[FoundEntity, ...]
    more_entities: int
    unusable: Mapping[str, str]
    model_version: str

    def to_dict(self) -> dict[str, Any]:
        """The answer as values that JSON can hold; golden values that are no text or number become text."""
        content = asdict(self)
        content["entities"] = list(content["entities"])
        for entity in content["entities"]:
            entity["values"] = {name: _plain(value) for name, value in entity["values"].items()}
        return content

    def __str__(self) -> str:
        lines = [_HEADLINES[self.decision].format(count=sum(e.decision == MATCH for e in self.entities))]
        lines += [f"Not compared: {name} ({problem})." for name, problem in self.unusable.items()]
        for entity in self.entities:
            lines += ["", *_lines(entity)]
        if self.more_entities:
            lines += ["", f"{self.more_entities} less likely entities are left out."]
        return "\n".join(lines)


_HEADLINES = {
    MATCH: "A build would put this record into one entity (match).",
    SEVERAL: "{count} entities match: a build would put this record into the first. Are they one?",
    REVIEW: "A build would ask a person (review).",
    NO_MATCH: "A build would make a new entity of this record (no match).",
}


def overall_decision(decisions: Sequence[str]) -> str:
    """What the decisions on the entities come to."""
    matches = sum(decision == MATCH for decision in decisions)
    if matches:
        return MATCH if matches == 1 else SEVERAL
    return REVIEW if REVIEW in decisions else NO_MATCH


def _lines(entity: FoundEntity) -> list[str]:
    records = counted(entity.records_in_entity, "record")
    likeness = "identical to" if entity.is_identical else "most like"
    lines = [
        f"{entity.entity_id}  {entity.match_probability:.3f}  {entity.decision.replace('_', ' ')}, {records}",
        "  " + ", ".join(f"{name}: {_short(value)}" for name, value in entity.values.items() if value is not None),
        f"  {likeness} {_short(entity.best_record_id)} ({entity.best_match_probability:.3f},"
        f" by {entity.proposed_by or 'no blocking rule'})",
    ]
    for word, reasons in (("for", entity.reasons_for), ("against", entity.reasons_against)):
        if reasons:
            lines.append(f"  {word}: {reasons}")
    if entity.ruled_out_by:
        lines.append(f"  ruled out by: {entity.ruled_out_by}")
    return lines


def _short(value: Any) -> str:
    text = "".join(map(visible, str(value)[: LONGEST + 1]))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else str(value)
