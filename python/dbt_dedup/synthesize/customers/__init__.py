"""Customers of three systems: `people` makes households, `records` writes down what each system knows.

`errors` corrupts some of it.
"""

from __future__ import annotations

from dbt_dedup.synthesize.customers.errors import corrupt
from dbt_dedup.synthesize.customers.labels import STRATA, judge
from dbt_dedup.synthesize.customers.people import Households
from dbt_dedup.synthesize.customers.records import records_of
from dbt_dedup.synthesize.customers.truth import true_values

__all__ = [
    "PREFIXES",
    "STRATA",
    "TRUE_COLUMNS",
    "VALUES",
    "Households",
    "corrupt",
    "judge",
    "records_of",
    "true_values",
]

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
TRUE_COLUMNS = tuple(name for name in VALUES if name != "updated_at")
