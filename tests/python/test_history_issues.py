"""What makes the history doubtful is named: ids that mean something else, and a clock that went back."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import Project, statuses
from small_shop import SPEC, Row, change_spec, dedup, people, write_rows, write_shop

SELECTED = ("--select", "+people_history_issues", "int_people__record_memory", "--exclude-resource-type", "unit_test")
CHECK = "last_run_found_nothing"
TESTED = """
models:
  - name: people_history_issues
    data_tests:
      - dbt_dedup.last_run_found_nothing:
          arguments: {last_run: ref('int_people__record_memory')}
          config: {severity: warn}
"""


@pytest.fixture(params=[False, True], ids=["whole", "incremental"])
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = write_shop(tmp_path, incremental=request.param)
    (folder / "models/history.yml").write_text(TESTED)
    dedup(folder, "train", "people", "--kind", "logistic")
    build(folder)
    return folder


def build(folder: Path, *options: str) -> list[tuple[str, str | None, str | None]]:
    """Build, and return issue, source and record of what this run found; the test warns of just that."""
    project = Project(folder)
    project.dbt("build", *SELECTED, *options)
    found = project.rows(
        "select issue, source, record_id from people_history_issues"
        " where run_id in (select run_id from int_people__record_memory) order by all"
    )
    (warned,) = [status for name, status in statuses(project.result).items() if CHECK in name]
    assert warned == ("warn" if found else "pass")
    return found


def renumbered(rows: list[Row]) -> list[Row]:
    """The same ids, each of another person."""
    ids = [row["person_id"] for row in rows]
    return [row | {"person_id": other} for row, other in zip(rows, ids[5:] + ids[:5], strict=True)]


def test_nothing_is_found_in_what_is_as_it_was_or_corrected(shop: Path) -> None:
    assert build(shop) == []
    corrected = [
        row | {"name": "Anna Corrected", "email": row["email"].upper()} if row["person_id"] == "p0-a" else row
        for row in people()
    ]
    write_rows(shop, corrected[:-3])
    assert build(shop) == []


def test_an_id_that_means_something_else(shop: Path) -> None:
    another = {"name": "Zora Zimmer", "email": "zora@example.org", "city": "ulm"}
    write_rows(shop, [row | another if row["person_id"] == "p4-a" else row for row in people()])
    assert build(shop) == [("reused_record_id", "crm", "p4-a")]
    assert build(shop) == []  # said once, and kept
    assert Project(shop).rows("select count(*) from people_history_issues") == [(1,)]
    build(shop, "--full-refresh")
    assert Project(shop).rows("select count(*) from people_history_issues") == [(1,)]


def test_a_source_whose_ids_all_changed(shop: Path) -> None:
    write_rows(shop, [row | {"person_id": f"x{row['person_id']}"} for row in people()])
    assert build(shop) == [("changed_record_ids", "crm", None)]


def test_a_source_that_numbered_its_records_anew(shop: Path) -> None:
    write_rows(shop, renumbered(people()))
    assert build(shop) == [("changed_record_ids", "crm", None)]


def test_a_clock_that_went_back(shop: Path) -> None:
    Project(shop).change("update people_entity_history set changed_at = changed_at + interval 1 day")
    assert build(shop) == [("clock_went_back", None, None)]


def test_another_spec_compares_the_fields_that_are_known(shop: Path) -> None:
    change_spec(shop, fields={**SPEC["fields"], "postcode": {"type": "text", "column": "city", "compare": False}})
    assert build(shop) == []
