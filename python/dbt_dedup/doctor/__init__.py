"""Look over a project: versions, database, and for each entity its spec, model, tables and files."""

from dbt_dedup.doctor.checks import examine
from dbt_dedup.doctor.finding import Finding, findings_text

__all__ = ["Finding", "examine", "findings_text"]
