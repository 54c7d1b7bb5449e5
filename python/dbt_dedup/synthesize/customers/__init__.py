"""Customers of three systems: `people` makes households, `records` writes down what each system knows.

`errors` corrupts some of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from dbt_dedup.synthesize.customers.errors import corrupt
from dbt_dedup.synthesize.customers.labels import STRATA, judge
from dbt_dedup.synthesize.customers.people import people
from dbt_dedup.synthesize.customers.records import Record, records_of
from dbt_dedup.synthesize.randomness import Draw
from dbt_dedup.synthesize.settings import Settings

__all__ = ["PREFIXES", "STRATA", "VALUES", "judge", "make_records"]

PREFIXES = {"crm": "CRM", "billing": "BIL", "support": "SUP"}
VALUES = (
    "given_name",
    "family_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "city",
    "postcode",
    "updated_at",
)


def make_records(settings: Settings, size: int, living: Draw, writing: Draw, corrupting: Draw) -> Iterator[Record]:
    """Yield customer records, person by person, the oldest of each first."""
    for person in people(settings, size, living):
        for record in records_of(person, settings.missing_rate, writing):
            corrupt(record, settings.error_rate, settings.error_rates, corrupting)
            yield record
