"""Companies of three systems: `firms` makes firms and their relatives, `records` writes down what each system knows.

`errors` corrupts some of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from dbt_dedup.synthesize.companies.errors import corrupt
from dbt_dedup.synthesize.companies.firms import firms
from dbt_dedup.synthesize.companies.labels import STRATA, judge
from dbt_dedup.synthesize.companies.records import Record, records_of
from dbt_dedup.synthesize.randomness import Draw
from dbt_dedup.synthesize.settings import Settings

__all__ = ["PREFIXES", "STRATA", "VALUES", "judge", "make_records"]

PREFIXES = {"registry": "REG", "crm": "CRM", "directory": "DIR"}
VALUES = (
    "company",
    "contact",
    "registration_number",
    "industry",
    "employees",
    "revenue",
    "description",
    "website",
    "phone",
    "street",
    "city",
    "postcode",
    "country",
    "latitude",
    "longitude",
    "updated_at",
)


def make_records(settings: Settings, size: int, founding: Draw, writing: Draw, corrupting: Draw) -> Iterator[Record]:
    """Yield company records, firm by firm, the oldest of each first."""
    for firm in firms(settings, size, founding):
        for record in records_of(firm, settings.missing_rate, writing):
            corrupt(record, settings.error_rate, settings.error_rates, corrupting)
            yield record
