"""What a profile sets for its connections does not change a result."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from project import (
    MODELS_ONLY,
    REPO,
    Project,
    prepare_models,
    problems,
    said_by_dedup,
    write_package_project,
)
from small_shop import SPEC as SHOP
from small_shop import dedup, write_shop
from small_things import BUILT, build_things

ZONES = ("UTC", "America/Los_Angeles", "Asia/Tokyo")


def test_the_order_that_a_profile_prefers_changes_nothing(tmp_path: Path) -> None:
    project = build_things(tmp_path)
    project.dbt("build", *BUILT)
    tables = [name for (name,) in project.rows("select table_name from information_schema.tables")]
    assert len(tables) > 15
    usual = {name: content(project, name) for name in tables}

    other = with_settings(tmp_path, default_order="desc", default_null_order="nulls_first")
    other.dbt("build", *BUILT)
    for name, rows in usual.items():
        assert content(other, name) == rows, name


def test_a_moment_is_the_same_day_and_time_under_every_time_zone(tmp_path: Path) -> None:
    columns = """
        select
            id, born::timestamptz as born, changed::timestamptz as changed, built::timestamptz as built,
            changed::timestamptz as note
        from (values
            ('a', '1980-03-04 00:00:00+00', '2020-01-01 02:03:04+00', '1880-03-04 00:00:00+00'),
            ('b', '1980-03-04 00:00:00+09', '2020-01-01 02:03:04-08', '1880-03-04 23:59:59+00')
        ) as moments (id, born, changed, built)
    """
    spec = {
        "input": "raw",
        "record_id": "id",
        "updated_at": "changed",
        "fields": {"born": {"type": "date"}, "built": {"type": "date"}, "note": {"type": "text"}},
        "blocking": [["born"]],
    }
    write_package_project(tmp_path, {"people": spec}, {"raw.sql": columns, **prepare_models("people")})
    for zone in ZONES:
        project = with_settings(tmp_path, TimeZone=zone)
        project.dbt("build", "--select", "+stg_people__records", *MODELS_ONLY)
        warned = "\n".join(said_by_dedup(project.warnings))
        assert "field 'born' of type date: column 'born'" in warned
        assert "Its days are those of UTC." in warned
        assert "field 'note' of type text: column 'note'" in warned
        assert project.rows(
            "select record_id, born::text, built::text, updated_at::text, born__original from stg_people__records"
            " order by record_id"
        ) == [
            ("a", "1980-03-04", "1880-03-04", "2020-01-01 02:03:04", "1980-03-04 00:00:00"),
            ("b", "1980-03-03", "1880-03-04", "2020-01-01 10:03:04", "1980-03-03 15:00:00"),
        ]


def test_entities_are_the_same_wherever_the_process_runs(tmp_path: Path) -> None:
    """Moments of which the day in Auckland is another one, in the columns of a date and of the last change."""
    shop = write_shop(
        tmp_path / "shop",
        fields={**SHOP["fields"], "born": {"type": "date"}},
        blocking=[["email"], ["name.last_soundex", "born"]],
    )
    records = shop / "models/raw_people.sql"
    records.write_text(
        "select * replace (to_timestamp(1767265200 + row_number() over (order by person_id) * 3600) as updated_at),"
        " to_timestamp(946726200 + 86400 * cast(regexp_extract(person_id, '[0-9]+') as integer)) as born"
        f" from ({records.read_text()})"
    )
    dedup(shop, "train", "people", "--promote")
    tables = ("people", "people_crosswalk", "people_matches", "people_quality_issues")
    built = {}
    for zone in ("UTC", "Pacific/Auckland"):
        database = tmp_path / f"{zone[:3]}.duckdb"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "dbt.cli.main",
                "build",
                "--project-dir",
                str(shop),
                "--profiles-dir",
                str(shop),
                *MODELS_ONLY,
            ],
            env=os.environ | {"TZ": zone, "DEDUP_DATABASE": str(database), "PYTHONPATH": str(REPO / "python")},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        project = Project(shop, database)
        built[zone] = {name: content(project, name) for name in tables}
        assert project.rows("select count(distinct born) from stg_people__records") == [(60,)]
    assert built["UTC"] == built["Pacific/Auckland"]


def test_a_moment_is_no_id(tmp_path: Path) -> None:
    spec = {"input": "raw", "record_id": "id", "fields": {"note": {"type": "text"}}, "blocking": [["note"]]}
    models = {"raw.sql": "select timestamptz '1980-03-04 00:00:00+00' as id, 'x' as note", **prepare_models("people")}
    project = Project(write_package_project(tmp_path, {"people": spec}, models))
    failed = problems(project.dbt("build", "--select", "+stg_people__records", *MODELS_ONLY, fails=True))
    assert list(failed) == ["stg_people__records"]
    assert (
        "is of type timestamp with time zone, whose text depends on the time zone of the session" in failed.popitem()[1]
    )


def with_settings(folder: Path, **settings: str) -> Project:
    """The project with settings in its profile and without its database."""
    profile = yaml.safe_load((folder / "profiles.yml").read_text())
    profile["shop"]["outputs"]["dev"]["settings"] = settings
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    project = Project(folder)
    project.database.unlink(missing_ok=True)
    return project


def content(project: Project, table: str) -> list[str]:
    """The rows of a table as text, without when they were built and by which run."""
    rows = map(str, project.rows(f"select * from {table}"))
    return sorted(
        re.sub(r"datetime\.datetime\([^)]*\)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", row) for row in rows
    )
