"""What the README shows is what the demo builds and what the benchmarks measured."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from project import REPO, Project, statuses

from dbt_dedup.demo import METRICS, DemoResult, summary

README = (REPO / "README.md").read_text(encoding="utf-8")
TEXT = re.compile(r"(?P<before>[^\n]+(?:\n[^\n]+)*)\n\n```text\n(?P<block>.*?)```", re.DOTALL)


def text_blocks() -> list[tuple[str, str]]:
    """The paragraph before each block of output, and the block."""
    return [(found["before"], found["block"]) for found in TEXT.finditer(README)]


def shown_table(block: str) -> list[dict[str, str]]:
    """The rows of a table whose columns are as wide as its header says, by column."""
    header, *lines = block.splitlines()
    starts = [found.start() for found in re.finditer(r"\S+", header)]
    ends = [*starts[1:], None]
    return [
        {header[start:end].strip(): line[start:end].strip() for start, end in zip(starts, ends, strict=True)}
        for line in lines
    ]


def as_shown(value: object) -> str:
    """A value as the README writes it."""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "" if value is None else str(value)


TABLES = {found[1]: shown_table(block) for before, block in text_blocks() if (found := re.search(r"\(`(\w+)`", before))}


def test_the_summary_is_that_of_the_demo(demo: Project) -> None:
    rows = demo.rows("select metric, value, unit from customers_metrics")
    metrics = {metric: (value, unit) for metric, value, unit in rows if metric in METRICS}
    tests = [name for name, status in statuses(demo.result).items() if status == "pass"]
    said = summary(DemoResult(metrics, len(tests), 39, Path("dedup.duckdb")))
    (shown,) = [block for _, block in text_blocks() if "records in" in block]
    ours = re.findall(r"^  \w.*\d%?$", said, re.MULTILINE)
    assert len(ours) == len(METRICS) + 1
    assert re.findall(r"^  \w.*\d%?$", shown, re.MULTILINE) == ours
    assert shown.splitlines()[-3] == said.splitlines()[-3]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_tables_are_those_of_the_demo(demo: Project, table: str) -> None:
    shown = TABLES[table]
    assert shown
    columns = list(shown[0])
    built = {tuple(map(as_shown, row)) for row in demo.rows(f"select {', '.join(columns)} from {table}")}
    for row in shown:
        assert tuple(row.values()) in built


def test_all_tables_are_compared() -> None:
    assert sorted(TABLES) == ["customers", "customers_matches", "customers_quality_issues"]
    assert len(text_blocks()) == len(TABLES) + 1


def test_the_accuracy_is_what_was_measured() -> None:
    measured = json.loads((REPO / "benchmarks/results/accuracy.json").read_text(encoding="utf-8"))["results"]
    rows = re.findall(r"^\| [^|]+ \| ([\d,]+) \| ([\d,]+) \| (.+) \|$", README, re.MULTILINE)
    assert [(records, labels, *figures.split(" | ")) for records, labels, figures in rows] == [
        (
            f"{result['records']:,}",
            f"{result['labels']:,}",
            *(f"{result[figure]:.4f}" for figure in ("pair_precision", "pair_recall", "pair_f1", "bcubed_f1")),
        )
        for result in measured
    ]


def test_a_wrong_figure_is_found() -> None:
    (row,) = shown_table("record_id  value\nA 1        a, b\n")
    assert row == {"record_id": "A 1", "value": "a, b"}
    assert as_shown(0.98651) == "0.987"
    assert as_shown(date(2024, 1, 2)) == "2024-01-02"
