"""Published files: who reads them while they are replaced, and what is in their place already. Without dbt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import digests

from dbt_dedup.errors import DedupError
from dbt_dedup.publish.files import write_published

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
