"""What differs between the kinds of data: the fields of a record, how records are made, and how a steward judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from dbt_dedup.synthesize import companies, customers
from dbt_dedup.synthesize.entities import Maker
from dbt_dedup.synthesize.labels import Label, Record, Strata
from dbt_dedup.synthesize.randomness import Draw
from dbt_dedup.synthesize.settings import Settings, table_names

SEPARATOR = " | "
"""Between several right values of one column."""


@dataclass(frozen=True)
class Kind:
    """A kind of data.

    Parameters
    ----------
    name : str
        As in `settings.OFFERS`.
    record_id : str
        Column with the id of a record.
    prefixes : mapping of source system to str
        What the ids of a system begin with.
    values : tuple of str
        Attributes of a record that become columns, in order.
    maker : subclass of entities.Maker
        Makes the entities.
    records_of : callable
        Yields the records about an entity without any error, the oldest first: entity, share of values left blank and
        the draw for records.
    corrupt : callable
        Gives a record its errors: record, share of records with errors, rate of each kind and the draw for errors.
    strata : mapping of name to (share, key)
        Pairs that look alike but are different entities: see `labels.draw_labels`.
    judge : callable
        What a steward says about two records: see `labels.draw_labels`.
    true_values : callable
        The right values of an entity by column of the raw records, the best first.
    true_columns : tuple of str
        The columns that have right values, in order.
    """

    name: str
    record_id: str
    prefixes: Mapping[str, str]
    values: tuple[str, ...]
    maker: type[Maker[Any]]
    records_of: Callable[[Any, float, Draw], Iterator[Any]]
    corrupt: Callable[[Any, float, Mapping[str, float], Draw], None]
    strata: Strata
    judge: Callable[[Any, Any, bool], tuple[str, bool]]
    true_values: Callable[[Any], Mapping[str, Sequence[str]]]
    true_columns: tuple[str, ...]

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """Columns of the four tables by name."""
        raw, truth, labels, truth_values = table_names(self.name)
        return {
            raw: (self.record_id, "source_system", *self.values),
            truth: ("record_id", "entity_id"),
            labels: tuple(field.name for field in fields(Label)),
            truth_values: ("entity_id", *self.true_columns),
        }

    def make_records(
        self, settings: Settings, size: int, draw_entities: Draw, draw_records: Draw, draw_errors: Draw
    ) -> Iterator[Any]:
        """Yield `size` records, entity by entity, the oldest of each first; the draws do not influence each other."""
        for entity in self.maker(settings, draw_entities).entities(size):
            for record in self.records_of(entity, settings.missing_rate, draw_records):
                self.corrupt(record, settings.error_rate, settings.error_rates, draw_errors)
                yield record

    def row(self, record: Record) -> tuple[str | None, ...]:
        """Values of a record in the order of `values`."""
        values: tuple[str | None, ...] = attrgetter(*self.values)(record)
        return values

    def true_row(self, entity: Any) -> tuple[str | None, ...]:
        """Right values of an entity in the order of `true_columns`; several of one column in one text."""
        values = self.true_values(entity)
        return tuple(SEPARATOR.join(dict.fromkeys(values[name])) or None for name in self.true_columns)


KINDS = {
    "customers": Kind(
        name="customers",
        record_id="customer_id",
        prefixes=customers.PREFIXES,
        values=customers.VALUES,
        maker=customers.Households,
        records_of=customers.records_of,
        corrupt=customers.corrupt,
        strata=customers.STRATA,
        judge=customers.judge,
        true_values=customers.true_values,
        true_columns=customers.TRUE_COLUMNS,
    ),
    "companies": Kind(
        name="companies",
        record_id="company_id",
        prefixes=companies.PREFIXES,
        values=companies.VALUES,
        maker=companies.Groups,
        records_of=companies.records_of,
        corrupt=companies.corrupt,
        strata=companies.STRATA,
        judge=companies.judge,
        true_values=companies.true_values,
        true_columns=companies.TRUE_COLUMNS,
    ),
}
