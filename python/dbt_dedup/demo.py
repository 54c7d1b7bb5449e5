"""The demo: build everything and summarize the result in a short table."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import DbtProject, Warehouse

ENTITY = "customers"
# The second reference entity, which is there for the other field types.
LEFT_OUT = "companies"
METRICS = {
    "records": "records in",
    "candidate_pairs": "pairs compared",
    "entities": "entities out",
    "duplicates_merged": "duplicates merged",
    "review_pairs": "pairs waiting for review",
    "truth_precision": "precision against the truth",
    "truth_recall": "recall against the truth",
}


@dataclass(frozen=True)
class DemoResult:
    """A build of the demo: value and unit of metrics by name, tests passed, seconds, and the database file."""

    metrics: dict[str, tuple[float, str]]
    tests_passed: int
    seconds: float
    database: Path


def run_demo(project: DbtProject) -> DemoResult:
    """Seed, build and test the demo project, and read its metrics.

    Raises:
        DedupError: the project is not the demo, a node failed, or the metrics table lacks a metric.
    """
    start = time.monotonic()
    project.node(f"{ENTITY}_metrics")  # another project is told at once, not after its build
    results = project.run("build", "--exclude", LEFT_OUT).results
    passed = sum(r.node.resource_type in ("test", "unit_test") and str(r.status) == "pass" for r in results)
    with project.open() as warehouse:
        metrics = _metrics(project, warehouse)
    return DemoResult(metrics, passed, time.monotonic() - start, project.database)


def summary(result: DemoResult) -> str:
    """The result as a table of two columns, and a command that shows a table."""
    rows = [(label, _number(*result.metrics[name])) for name, label in METRICS.items()]
    rows.insert(5, ("tests passed", f"{result.tests_passed:,}"))
    width = max(len(label) for label, _ in rows)
    right = max(len(value) for _, value in rows)
    lines = [f"  {label:<{width}}  {value:>{right}}" for label, value in rows]
    return "\n".join(
        [
            f"Deduplicated {ENTITY} in {result.seconds:.0f} seconds.",
            "",
            *lines,
            "",
            f"The tables are in {_short(result.database)}: {ENTITY} (one row per entity), {ENTITY}_crosswalk (record to"
            f" entity), {ENTITY}_matches (pairs and reasons), {ENTITY}_review_queue.",
            "To see a table:",
            f"  {_look(result.database)}",
        ]
    )


def _metrics(project: DbtProject, warehouse: Warehouse) -> dict[str, tuple[float, str]]:
    table = f"{ENTITY}_metrics"
    rows = warehouse.read(table, ["metric", "value", "unit"]).fetchall()
    metrics = {name: (value, unit) for name, value, unit in rows if value is not None}
    missing = [name for name in METRICS if name not in metrics]
    if missing:
        relation = project.relation(table)
        raise DedupError(f"Table {relation} lacks {', '.join(missing)}: was {table} replaced?")
    return metrics


def _number(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:,.0f}"


def _look(database: Path) -> str:
    """A command that shows a table with what is installed, from the folder the user is in."""
    show = f"import duckdb; duckdb.connect('{_short(database)}', read_only=True).table('{ENTITY}').show()"
    return f'{_short(Path(sys.executable))} -c "{show}"'


def _short(path: Path) -> str:
    """The path relative to the working directory if it is inside it, else the whole path."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
