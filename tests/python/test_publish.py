"""Published files: readers never see a part of a build, and a build whose tests fail publishes nothing."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import MODELS_ONLY, Project, problems, statuses, write_yaml
from small_shop import SPEC, change_spec, dedup, write_shop

from dbt_dedup.errors import DedupError
from dbt_dedup.publish.command import PUBLISHED
from dbt_dedup.publish.files import write_published
from dbt_dedup.publish.model import check_target
from dbt_dedup.warehouse import close_connections

ROUNDS = 20
# Reads the three files again and again; every table has one version, and both tables of the DuckDB file the same.
READER = """
import sys, duckdb
folder, seen = sys.argv[1], set()
print("ready", flush=True)
while not (versions := set()) and len(seen) < 10_000:
    with duckdb.connect(folder + "/shop.duckdb", read_only=True) as connection:
        for table in ("shop", "shop_crosswalk"):
            versions |= {row[0] for row in connection.sql(f"select distinct version from {table}").fetchall()}
    assert len(versions) == 1, versions
    for table in ("shop", "shop_crosswalk"):
        counts = "count(*), count(distinct version), max(version)"
        found = duckdb.sql(f"select {counts} from '{folder}/shop/{table}.parquet'")
        ((rows, distinct, version),) = found.fetchall()
        assert (rows, distinct) == (5000, 1), (rows, distinct)
    seen |= versions
    if version == int(sys.argv[2]):
        break
print(len(seen))
"""


def tables(connection: Any, version: int) -> dict[str, Any]:
    sql = f"select {version} as version, i from range(5000) as numbers (i)"
    return {name: connection.query(sql) for name in ("shop", "shop_crosswalk")}


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_readers_see_the_old_or_the_new_tables_while_they_are_replaced(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 0))
        with subprocess.Popen(
            [sys.executable, "-c", READER, str(tmp_path), str(ROUNDS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as reader:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n"
            for version in range(1, ROUNDS + 1):
                write_published(tmp_path, "shop", tables(connection, version))
            said, error = reader.communicate(timeout=60)
    assert reader.returncode == 0, error
    assert int(said) >= 1
    assert sorted(digests(tmp_path)) == ["shop.duckdb", "shop/shop.parquet", "shop/shop_crosswalk.parquet"]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    for name in (".shop.duckdb-7", ".shop.duckdb-7.wal", "shop/.shop_crosswalk.parquet-7"):
        (tmp_path / name).write_text("half")
    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 1))
    assert sorted(digests(tmp_path)) == ["shop.duckdb", "shop/shop.parquet", "shop/shop_crosswalk.parquet"]


def test_a_table_that_cannot_be_read_leaves_all_as_it_was(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 1))
        before = digests(tmp_path)
        broken = {**tables(connection, 2), "shop_matches": connection.query("select error('no') as x")}
        with pytest.raises(DedupError, match="cannot be published"):
            write_published(tmp_path, "shop", broken)
        (tmp_path / "file").write_text("")
        with pytest.raises(DedupError, match="cannot be published"):
            write_published(tmp_path / "file", "shop", tables(connection, 2))
        (tmp_path / "file").unlink()
    assert digests(tmp_path) == before


KILLED_WRITER = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("insert into shop values (99, 99)")
os._exit(9)
"""


def test_what_a_killed_program_had_written_to_the_old_file_is_not_added_to_the_new_one(tmp_path: Path) -> None:
    database = tmp_path / "shop.duckdb"
    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 1))
        assert subprocess.run([sys.executable, "-c", KILLED_WRITER, str(database)]).returncode == 9
        assert (tmp_path / "shop.duckdb.wal").exists()
        write_published(tmp_path, "shop", tables(connection, 2))
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select version, count(*) from shop group by all").fetchall() == [(2, 5000)]


def test_links_keep_pointing_to_their_files(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "published"
    elsewhere.mkdir()
    (folder / "shop").mkdir(parents=True)
    for link in (folder / "shop.duckdb", folder / "shop/shop.parquet"):
        link.symlink_to(elsewhere / link.name)
    with duckdb.connect() as connection:
        for version in (1, 2):
            written = write_published(folder, "shop", tables(connection, version))
        assert [table.path.name for table in written] == ["shop.parquet", "shop_crosswalk.parquet"]
    assert (folder / "shop.duckdb").is_symlink()
    assert sorted(digests(elsewhere)) == ["shop.duckdb", "shop.parquet"]
    assert duckdb.sql(f"select max(version) from '{elsewhere}/shop.parquet'").fetchall() == [(2,)]
    with duckdb.connect(str(elsewhere / "shop.duckdb"), read_only=True) as connection:
        assert connection.execute("select max(version) from shop").fetchall() == [(2,)]


@pytest.mark.parametrize("name", ["shop.duckdb", "shop/shop_crosswalk.parquet"])
def test_a_folder_in_the_place_of_a_file_leaves_all_as_it_was(tmp_path: Path, name: str) -> None:
    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 1))
        (tmp_path / name).unlink()
        (tmp_path / name).mkdir()
        before = digests(tmp_path)
        with pytest.raises(DedupError, match=r"s a (folder|directory)\. What was published before is unchanged"):
            write_published(tmp_path, "shop", tables(connection, 2))
    assert digests(tmp_path) == before


@pytest.mark.parametrize("refused", range(3))
def test_a_file_that_cannot_be_replaced_is_said_with_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """As Windows refuses it for a file that a program has open."""
    replace, places = Path.replace, []

    def replace_some(file: Path, place: Path) -> Path:
        places.append(place)
        if len(places) > refused:
            raise PermissionError(13, "Permission denied")
        return replace(file, place)

    with duckdb.connect() as connection:
        write_published(tmp_path, "shop", tables(connection, 1))
        before = digests(tmp_path)
        monkeypatch.setattr(Path, "replace", replace_some)
        with pytest.raises(DedupError) as error:
            write_published(tmp_path, "shop", tables(connection, 2))
    changed = [name for name, digest in digests(tmp_path).items() if before.get(name) != digest]
    assert len(changed) == refused
    said = f"{places[-1]} cannot be replaced: Permission denied. {refused} of 3 files" if refused else "is unchanged."
    assert said in str(error.value)
    assert sorted(before) == sorted(digests(tmp_path))


@pytest.mark.parametrize("is_open", [False, True])
def test_the_warehouse_and_files_of_others_are_not_overwritten(tmp_path: Path, is_open: bool) -> None:
    """As with `--output .` where the database of the project has the name of the entity."""
    warehouse, other = tmp_path / "shop.duckdb", tmp_path / "person.duckdb"
    other.write_text("mine")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table shop as select 1 as n")
        connection.execute("create table raw_shop as select 1 as n")
    given = duckdb.connect(str(warehouse)) if is_open else duckdb.connect()
    with given as connection:
        for entity, kept in (("shop", warehouse), ("person", other)):
            with pytest.raises(DedupError, match=f"holds other things than published tables of '{entity}'"):
                write_published(tmp_path, entity, tables(connection, 1))
            assert kept.exists()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert len(connection.execute("select * from duckdb_tables()").fetchall()) == 2
    assert other.read_text() == "mine"
    assert not list((tmp_path / "shop").iterdir())


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
