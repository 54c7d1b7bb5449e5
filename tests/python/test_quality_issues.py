"""What is wrong in the data: the times of a change, what other records say about a value, and how it goes on by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pytest
from project import MODELS_ONLY, Project, prepare_models, write_package_project, write_parquet
from type_cases import text_table

FIELDS = {
    "given_name": {"type": "given_name"},
    "family_name": {"type": "family_name"},
    "born": {"type": "date"},
    "email": {"type": "email"},
    "city": {"type": "city"},
    "postcode": {"type": "postcode"},
}
COLUMNS = [*FIELDS, "source", "updated_at"]
SPEC = {
    "input": "raw",
    "record_id": "id",
    "source": "source",
    "updated_at": "updated_at",
    "fields": FIELDS,
    "blocking": [["email"]],
}
Row = Mapping[str, Any]

# as written, as read, the problem
CHANGE_TIMES = [
    ("2026-03-04T10:15:00", datetime(2026, 3, 4, 10, 15), None),
    ("2026-03-04 10:15:00.5", datetime(2026, 3, 4, 10, 15, 0, 500000), None),
    ("2026-03-04", datetime(2026, 3, 4), None),
    ("2026-03-04T10:15:00Z", datetime(2026, 3, 4, 10, 15), None),
    ("2026-03-04T10:15:00+02:00", datetime(2026, 3, 4, 8, 15), None),
    ("2026-03-04 10:15:00-05", datetime(2026, 3, 4, 15, 15), None),
    ("3/4/2026 10:15 AM", datetime(2026, 3, 4, 10, 15), None),
    ("3/4/2026 10:15:09 PM", datetime(2026, 3, 4, 22, 15, 9), None),
    ("12/31/2026 12:05 am", datetime(2026, 12, 31, 0, 5), None),
    ("03/04/2026 12:05 p.m.", datetime(2026, 3, 4, 12, 5), None),
    ("3/4/26 9:05", datetime(2026, 3, 4, 9, 5), None),
    ("03/04/2026", datetime(2026, 3, 4), None),
    ("25.12.2026 10:15", datetime(2026, 12, 25, 10, 15), None),
    ("Mittwoch, 4. März 2026, 10.15 Uhr", datetime(2026, 3, 4, 10, 15), None),
    ("4 mars 2026 à 10h15", datetime(2026, 3, 4, 10, 15), None),
    ("Wed, 04 Mar 2026 10:15:00 +0100", datetime(2026, 3, 4, 9, 15), None),
    ("Wed Mar 04 2026 10:15:00 GMT+0100 (CET)", datetime(2026, 3, 4, 9, 15), None),
    ("Mar 4 2026 10:15PM", datetime(2026, 3, 4, 22, 15), None),
    ("04-MAR-26 10.15.30.000000 PM", datetime(2026, 3, 4, 22, 15, 30), None),
    ("20260304", datetime(2026, 3, 4), None),
    ("20260304101530", datetime(2026, 3, 4, 10, 15, 30), None),
    ("20260304T101530Z", datetime(2026, 3, 4, 10, 15, 30), None),
    ("1772619300", datetime(2026, 3, 4, 10, 15), None),
    ("1772619300000", datetime(2026, 3, 4, 10, 15), None),
    ("46085.25", datetime(2026, 3, 4, 6), None),
    ("", None, None),
    (None, None, None),
    ("n/a", None, "placeholder"),
    ("last week", None, "unreadable"),
    ("2026-02-30 10:15", None, "no_such_day"),
    ("March 2026", None, "incomplete"),
    ("1900-01-01", None, "default date"),
    ("9999-12-31", None, "default date"),
    ("9999-12-31T23:59:59", None, "default date"),
    ("1066-10-14", None, "too_early"),
    ("2826-03-04", None, "too_late"),
]


def person(**values: Any) -> dict[str, Any]:
    return {"source": "crm", "updated_at": "2026-01-01", **values}


def build(folder: Any, rows: Iterable[Row], spec: Mapping[str, Any] = SPEC) -> Project:
    source = write_parquet(folder / "input.parquet", text_table([dict(row) for row in rows], COLUMNS))
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("people")}
    project = Project(write_package_project(folder, {"people": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A record for each time of a change."""
    rows = [{"source": "crm", "updated_at": written, "city": "Boston"} for written, *_ in CHANGE_TIMES]
    return build(tmp_path_factory.mktemp("changed"), rows)


@pytest.mark.parametrize(
    ("number", "written", "expected", "problem"),
    [pytest.param(number, *case, id=str(case[0])) for number, case in enumerate(CHANGE_TIMES)],
)
def test_a_time_of_a_change_is_read(
    changed: Project, number: int, written: str | None, expected: datetime | None, problem: str | None
) -> None:
    assert changed.rows(
        "select updated_at__original, updated_at, updated_at__problem from stg_people__records"
        f" where record_id = '{number:05}'"
    ) == [(written or None, expected, problem)]


def test_a_time_that_cannot_be_read_is_an_issue(changed: Project) -> None:
    expected = [
        (
            f"{number:05}",
            problem,
            "dedup_placeholders" if problem in ("placeholder", "default date") else "prepare_date",
        )
        for number, (_, _, problem) in enumerate(CHANGE_TIMES)
        if problem
    ]
    assert (
        changed.rows("select record_id, problem, rule from people_quality_issues where field = 'updated_at'")
        == expected
    )


def test_a_time_is_read_in_the_order_of_the_first_date(tmp_path_factory: pytest.TempPathFactory) -> None:
    fields = {**FIELDS, "born": {"type": "date", "date_order": "dmy"}}
    project = build(
        tmp_path_factory.mktemp("dmy"),
        [person(updated_at="03/04/2026 10:15", born="03/04/1980")],
        {**SPEC, "fields": fields},
    )
    assert project.rows("select updated_at, born from stg_people__records") == [
        (datetime(2026, 4, 3, 10, 15), date(1980, 4, 3))
    ]


def crowd() -> list[dict[str, Any]]:
    """Thirty people of Springfield whose names occur often enough to be known as given or family names."""
    given, family = ["Anna", "Peter"], ["Huber", "Schmidt"]
    return [
        person(given_name=given[n % 2], family_name=family[n // 2 % 2], city="Springfield", postcode="62701")
        for n in range(60)
    ]


ISSUES: dict[str, tuple[Row, list[tuple[str, str, str, str | None]]]] = {
    "postcode of another city": (
        {"city": "Chicago", "postcode": "62701"},
        [("postcode", "postcode_of_another_city", "62701", None)],
    ),
    "misspelled city": (
        {"city": "Sprinfield", "postcode": "62701"},
        [("city", "misspelled", "Sprinfield", "Springfield")],
    ),
    "a longer name of the city": ({"city": "Springfield Lake", "postcode": "62701"}, []),
    "a postcode that few have": ({"city": "Chicago", "postcode": "60601"}, []),
    "names in each other's column": (
        {"given_name": "Huber", "family_name": "Anna"},
        [("family_name", "swapped_names", "Anna", "Huber"), ("given_name", "swapped_names", "Huber", "Anna")],
    ),
    "family name alone in the given name's column": (
        {"given_name": "Huber"},
        [("given_name", "name_of_other_field", "Huber", None)],
    ),
    "a rare given name that is a family name": ({"given_name": "Huber", "family_name": "Novak"}, []),
    "address of another person": (
        {"given_name": "Zoltan", "family_name": "Novak", "email": "anna.huber@example.org"},
        [("email", "email_of_another_person", "anna.huber@example.org", None)],
    ),
    "address of another person, family name first": (
        {"given_name": "Zoltan", "family_name": "Novak", "email": "huber_anna7@example.org"},
        [("email", "email_of_another_person", "huber_anna7@example.org", None)],
    ),
    "address of her own": ({"given_name": "Anna", "family_name": "Huber", "email": "anna.huber@example.org"}, []),
    "address of before": ({"given_name": "Anna", "family_name": "Novak", "email": "anna.huber@example.org"}, []),
    "address of the household": (
        {"given_name": "Zoltan", "family_name": "Huber", "email": "anna.huber@example.org"},
        [],
    ),
    "address of nobody known": ({"given_name": "Zoltan", "family_name": "Novak", "email": "lea.berg@example.org"}, []),
    "first of January": ({"born": "01/01/1990"}, [("born", "first_of_january", "01/01/1990", None)]),
    "other order of day and month": ({"born": "25/12/1990"}, [("born", "other_date_order", "25/12/1990", None)]),
}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The crowd, then a record for each entry of ISSUES."""
    return build(tmp_path_factory.mktemp("compared"), [*crowd(), *(person(**values) for values, _ in ISSUES.values())])


@pytest.mark.parametrize("number", range(len(ISSUES)), ids=list(ISSUES))
def test_what_other_records_say_is_an_issue_of_a_value_in_use(compared: Project, number: int) -> None:
    record_id = f"{len(crowd()) + number:05}"
    assert compared.rows(
        "select field, problem, original_value, proposed_value, is_used from people_quality_issues"
        f" where record_id = '{record_id}'"
    ) == [(*issue, True) for issue in list(ISSUES.values())[number][1]]


def test_the_crowd_has_no_issues(compared: Project) -> None:
    assert compared.rows(f"select * from people_quality_issues where record_id < '{len(crowd()):05}'") == []


def test_the_history_has_a_row_for_each_day(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("history")
    wrong = [person(city="n/a"), person(city="n/a"), person(city="Boston", source="shop"), person(born="1980-02-30")]
    project = build(folder, wrong)
    history = "select source, field, problem, records, records_in_source from people_quality_history"
    first = [("crm", "born", "no_such_day", 1, 3), ("crm", "city", "placeholder", 2, 3)]
    assert project.rows(history) == first
    today = project.rows("select distinct built_on from people_quality_history")

    # a second build of the day, and one that throws everything away, replace the rows of the day
    for option in ([], ["--full-refresh"]):
        project.dbt("build", *MODELS_ONLY, *option)
        assert project.rows(history) == first

    # the next day the city is known: its problem is gone, and said to be so once
    project.change("update people_quality_history set built_on = built_on - 1")
    write_parquet(folder / "input.parquet", text_table([{**row, "city": "Boston"} for row in wrong], COLUMNS))
    solved = [("crm", "born", "no_such_day", 1, 3), ("crm", "city", "placeholder", 0, 3)]
    for _ in range(2):
        project.dbt("build", *MODELS_ONLY)
        assert project.rows(f"{history} where built_on = date '{today[0][0]}' order by all") == solved
    assert project.rows(f"{history} where built_on < date '{today[0][0]}' order by all") == first
    project.change("update people_quality_history set built_on = built_on - 1")
    project.dbt("build", *MODELS_ONLY)
    assert project.rows(f"{history} where built_on = date '{today[0][0]}'") == solved[:1]


def test_the_history_starts_without_issues(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = build(tmp_path_factory.mktemp("nothing"), [person(city="Boston")])
    assert project.rows("select * from people_quality_history") == []
