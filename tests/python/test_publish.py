"""Publishing: a build whose tests fail publishes nothing, and nothing is published into the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from project import MODELS_ONLY, Project, digests, problems, statuses, write_yaml
from small_shop import SPEC, change_spec, dedup, write_shop

from dbt_dedup.errors import DedupError
from dbt_dedup.publish.command import PUBLISHED
from dbt_dedup.publish.model import _untested, check_target
from dbt_dedup.warehouse import close_connections


def test_the_demo_publishes_what_it_built(demo: Project) -> None:
    published = demo.rows("select relation, row_count, path from customers_published where is_published")
    assert {relation for relation, *_ in published} == {f"customers{ending}" for ending in PUBLISHED}
    file = demo.folder / "published/customers.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        for relation, rows, path in published:
            assert connection.execute(f"select * from {relation} order by all").fetchall() == sorted_rows(
                demo, relation
            )
            assert rows == demo.rows(f"select count(*) from {relation}")[0][0]
            assert connection.execute(f"select count(*) from '{demo.folder / path}'").fetchall() == [(rows,)]
        ((version,),) = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()
    assert version.startswith("v1.2")


def sorted_rows(project: Project, relation: str) -> list[tuple[Any, ...]]:
    return project.rows(f"select * from {relation} order by all")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("publish")
    write_shop(folder, publish="for bi")
    tested = {"name": "people_profile", "data_tests": ["dbt_dedup.fields_are_good_enough"]}
    write_yaml(folder / "models/people_profile.yml", {"models": [tested]})
    dedup(folder, "train", "people")
    Project(folder).dbt("build")
    yield folder
    close_connections()


def test_a_build_that_tests_nothing_or_fails_publishes_nothing(shop: Path) -> None:
    before = digests(shop / "for bi")
    assert "people.duckdb" in before
    project = Project(shop)
    for command in (("run",), ("build", *MODELS_ONLY)):
        project.dbt(*command)
        assert project.rows("select distinct is_published, path from people_published") == [(False, None)]
    assert digests(shop / "for bi") == before
    fields = {"name": {"type": "full_name"}, "email": {"type": "email", "min_complete": 1.0}, "city": {"type": "city"}}
    failing = change_spec(shop, fields=fields)
    failing.dbt("build", fails=True)
    assert statuses(failing.result)["people_published"] == "skipped"
    assert digests(shop / "for bi") == before
    assert "fields_are_good_enough" in dedup(shop, "publish", "people", code=1).output
    assert digests(shop / "for bi") == before
    change_spec(shop, fields=SPEC["fields"]).dbt("build")
    assert set(digests(shop / "for bi")) == set(before)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ({}, None),
        ({"WHICH": "retry"}, None),
        ({"WHICH": "run"}, "dbt run does not test: run dbt build"),
        ({"EXCLUDE_RESOURCE_TYPES": ["test"]}, "the tests were left out of this run"),
        ({"EXCLUDE_RESOURCE_TYPES": ["seed"], "RESOURCE_TYPES": ["model", "test"]}, None),
        ({"RESOURCE_TYPES": ["model"]}, "the tests were left out of this run"),
        ({"EMPTY": True}, "this run built a part of the records"),
        ({"SAMPLE": "1 day"}, "this run built a part of the records"),
    ],
)
def test_a_run_that_does_not_test_the_whole_says_why(
    flags: dict[str, Any], why: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dbt.flags.get_flags", lambda: SimpleNamespace(**{"WHICH": "build"} | flags))
    assert _untested() == why


def test_the_command_publishes_the_last_build_anywhere(shop: Path, tmp_path: Path) -> None:
    said = dedup(shop, "publish", "people", "--output", str(tmp_path / "out")).output
    assert "people_crosswalk" in said
    with duckdb.connect(str(tmp_path / "out/people.duckdb"), read_only=True) as connection:
        found = connection.execute("select * from people_crosswalk order by all").fetchall()
    assert found == Project(shop).rows("select * from people_crosswalk order by all")


@pytest.mark.parametrize("output", [".", "seeds", "for bi/../models", "target", "dbt_packages/dbt_dedup/out"])
def test_a_folder_of_the_project_is_refused_before_dbt_runs(shop: Path, output: str) -> None:
    before = digests(shop)
    said = dedup(shop, "publish", "people", "--output", str(shop / output), code=1).output
    assert "so nothing is written there. Publish to another folder, such as " in said
    assert digests(shop) == before


def test_tables_are_not_published_into_the_project_by_the_name_of_the_entity(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(DedupError, match="is the folder of the dbt project itself"):
        check_target(shop.parent, shop.name, shop)
    check_target(tmp_path, "people", shop)


def test_a_spec_that_names_a_folder_of_the_project_fails_the_build(shop: Path) -> None:
    before = digests(shop / "models")
    project = change_spec(shop, publish="models/out")
    project.dbt("build", "--select", "int_people__spec", "people_published", fails=True)
    assert "models/out is in" in problems(project.result)["people_published"]
    assert digests(shop / "models") == before


def test_without_a_folder_nothing_is_published_and_the_table_says_so(shop: Path) -> None:
    project = change_spec(shop, publish=None)
    project.dbt("build")
    assert project.rows("select distinct is_published, reason from people_published") == [
        (False, "the spec names no folder: set publish")
    ]
    assert "set `publish: published` in its spec" in dedup(shop, "publish", "people", code=1).output
