"""Companies of three systems: `firms` makes firms and their relatives, `records` writes down what each system knows.

`errors` corrupts some of it.
"""

from __future__ import annotations

from dbt_dedup.synthesize.companies.errors import corrupt
from dbt_dedup.synthesize.companies.firms import Groups
from dbt_dedup.synthesize.companies.labels import STRATA, judge
from dbt_dedup.synthesize.companies.records import records_of
from dbt_dedup.synthesize.companies.truth import true_values

__all__ = ["PREFIXES", "STRATA", "TRUE_COLUMNS", "VALUES", "Groups", "corrupt", "judge", "records_of", "true_values"]

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
TRUE_COLUMNS = tuple(name for name in VALUES if name not in ("description", "updated_at"))
"""A description has no right wording."""
