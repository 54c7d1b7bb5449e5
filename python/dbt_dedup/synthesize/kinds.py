"""What differs between the kinds of data: the fields of a record, how records are made, and how a steward judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from dbt_dedup.synthesize import companies, customers
from dbt_dedup.synthesize.labels import Label, Record, Strata
from dbt_dedup.synthesize.randomness import Draw
from dbt_dedup.synthesize.settings import Settings, table_names


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
    make_records : callable
        Makes records: settings, how many, and the draws for entities, for records and for errors, which do not
        influence each other.
    strata : mapping of name to (share, key)
        Pairs that look alike but are different entities: see `labels.draw_labels`.
    judge : callable
        What a steward says about two records: see `labels.draw_labels`.
    """

    name: str
    record_id: str
    prefixes: Mapping[str, str]
    values: tuple[str, ...]
    make_records: Callable[[Settings, int, Draw, Draw, Draw], Iterator[Any]]
    strata: Strata
    judge: Callable[[Any, Any, bool], tuple[str, bool]]

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """Columns of the three tables by name."""
        raw, truth, labels = table_names(self.name)
        return {
            raw: (self.record_id, "source_system", *self.values),
            truth: ("record_id", "entity_id"),
            labels: tuple(field.name for field in fields(Label)),
        }

    def row(self, record: Record) -> tuple[str | None, ...]:
        """Values of a record in the order of `values`."""
        values: tuple[str | None, ...] = attrgetter(*self.values)(record)
        return values


KINDS = {
    "customers": Kind(
        name="customers",
        record_id="customer_id",
        prefixes=customers.PREFIXES,
        values=customers.VALUES,
        make_records=customers.make_records,
        strata=customers.STRATA,
        judge=customers.judge,
    ),
    "companies": Kind(
        name="companies",
        record_id="company_id",
        prefixes=companies.PREFIXES,
        values=companies.VALUES,
        make_records=companies.make_records,
        strata=companies.STRATA,
        judge=companies.judge,
    ),
}
