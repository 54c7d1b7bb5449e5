"""Records side by side, for a person to judge."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_dedup.report.changes import Flip, Regrouped
from dbt_dedup.report.cross_validated import CrossValidatedPairs
from dbt_dedup.report.source import EntityTables
from dbt_dedup.side_by_side import Record
from dbt_dedup.words import ComparedValue, compare, probability

HARDEST = 8
RECORDS_OF_ENTITY = 8


@dataclass(frozen=True)
class PairExample:
    """Two records side by side, with name and text of each fact about them."""

    left: Record
    right: Record
    facts: tuple[tuple[str, str], ...]
    values: list[ComparedValue]


@dataclass(frozen=True)
class EntityExample:
    """Records that one model unites. `rows` are those shown: number of the part in the other model, and the record."""

    rows: tuple[tuple[int, Record], ...]
    records: int
    parts: int

    @property
    def hidden(self) -> int:
        """Records that are not shown."""
        return self.records - len(self.rows)


def hardest_pairs(tables: EntityTables, tested: CrossValidatedPairs) -> list[PairExample]:
    """The labelled pairs whose label the model contradicts most, as far as their records still exist."""
    rows = tested.hardest()[:HARDEST]
    records = tables.records_by_id(record_id for row in rows for record_id in tested.record_ids[row])
    examples = []
    for row in rows:
        left, right = tested.record_ids[row]
        if left in records and right in records:
            facts = (
                ("labelled", "match" if tested.is_match[row] else "no match"),
                ("held-out probability", probability(float(tested.probability[row]))),
            )
            examples.append(_example(records[left], records[right], facts))
    return examples


def flipped_pair(flip: Flip, records: dict[int, Record]) -> PairExample:
    """A pair whose decision changes; `records` by record_key."""
    facts = (("in production", probability(flip.before)), ("this model", probability(flip.after)))
    return _example(records[flip.left], records[flip.right], facts)


def shown_keys(entity: Regrouped) -> list[tuple[int, int]]:
    """Part and record_key of the records that are shown: the first of each part in turn, while there is room."""
    turns = [(turn, number, key) for number, part in enumerate(entity.parts, 1) for turn, key in enumerate(part)]
    return sorted((number, key) for _, number, key in sorted(turns)[:RECORDS_OF_ENTITY])


def regrouped_entity(entity: Regrouped, records: dict[int, Record]) -> EntityExample:
    """An entity that would be united or split; `records` by record_key."""
    rows = tuple((number, records[key]) for number, key in shown_keys(entity))
    return EntityExample(rows, entity.records, len(entity.parts))


def _example(left: Record, right: Record, facts: tuple[tuple[str, str], ...]) -> PairExample:
    return PairExample(left, right, facts, compare(left, right))
