"""The copy that a plan builds in, what it keeps of the past, and what a command publishes; dbt is not run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from examples import make_spec, spec_json

from dbt_dedup.errors import DedupError
from dbt_dedup.files import try_to_lock
from dbt_dedup.plan.changes import BEFORE, _check_place, _keep_past, _names
from dbt_dedup.plan.scratch import scratch_database
from dbt_dedup.publish import model
from dbt_dedup.publish.command import PUBLISHED, publish_built
from dbt_dedup.warehouse import Warehouse


class Databases:
    """A project with a database file, or none."""

    def __init__(self, database: Path, *, is_file: bool = True) -> None:
        self.database, self.has_database_file = database, is_file
        self.connected = 0

    @contextmanager
    def connect(self) -> Iterator[None]:
        self.connected += 1
        yield


def scratch(project: Databases) -> Any:
    any_project: Any = project
    return scratch_database(any_project)


def test_a_copy_has_the_database_and_its_log_and_is_gone_in_the_end(tmp_path: Path) -> None:
    database = tmp_path / "people.duckdb"
    database.write_text("data")
    (tmp_path / "people.duckdb.wal").write_text("log")
    project = Databases(database)
    with scratch(project) as copy:
        assert copy.name == "people.duckdb"
        assert copy.parent.parent == tmp_path
        assert copy.read_text() == "data"
        assert copy.with_name("people.duckdb.wal").read_text() == "log"
        assert project.connected == 1
        if os.name != "nt":
            assert copy.parent.stat().st_mode & 0o777 == 0o700
        assert Path(f"{copy.parent}.lock").exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["people.duckdb", "people.duckdb.wal"]


def test_where_there_is_no_database_yet_there_is_nothing_to_copy(tmp_path: Path) -> None:
    project = Databases(tmp_path / "people.duckdb")
    with scratch(project) as copy:
        assert not copy.exists()
        assert copy.parent.is_dir()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), scratch(project):
        _ = 1 / 0  # as a build that fails
    assert list(tmp_path.iterdir()) == []
    assert project.connected == 0


@pytest.mark.parametrize(("folder", "is_file"), [("missing", True), (".", False)])
def test_a_database_that_is_no_file_cannot_be_planned(tmp_path: Path, folder: str, is_file: bool) -> None:
    project = Databases(tmp_path / folder / "people.duckdb", is_file=is_file)
    with pytest.raises(DedupError, match="A plan needs a database in a file"), scratch(project):
        pass


def test_a_copy_that_the_system_refuses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "people.duckdb"
    database.write_text("data")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    refused = r"people.duckdb cannot be copied to .*: No space left on device"
    with pytest.raises(DedupError, match=refused), scratch(Databases(database)):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["people.duckdb"]
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: full())
    refused = f"No copy can be made in {tmp_path}: No space left on device"
    with pytest.raises(DedupError, match=refused), scratch(Databases(database)):
        pass


def test_what_a_process_left_that_has_ended_is_removed_and_what_another_holds_stays(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f".dedup_plan-{name}.lock").touch()
        (tmp_path / f".dedup_plan-{name}").mkdir()
        (tmp_path / f".dedup_plan-{name}/people.duckdb").touch()
    (tmp_path / ".dedup_plan-d.lock").mkdir()  # nobody can lock a folder
    (tmp_path / "other.lock").touch()
    held = os.open(tmp_path / ".dedup_plan-b.lock", os.O_RDWR)
    assert try_to_lock(held)
    with scratch(Databases(tmp_path / "people.duckdb")):
        pass
    os.close(held)
    left = [".dedup_plan-b", ".dedup_plan-b.lock", ".dedup_plan-d.lock", "other.lock"]
    assert sorted(file.name for file in tmp_path.iterdir()) == left


def past(database: Path, *statements: str) -> tuple[int, list[Any]]:
    """The last event and the golden records that are kept of a database."""
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)
    copy: Any = SimpleNamespace(relation=lambda name: f"main.{name}")
    last = _keep_past(database, copy, make_spec())
    with duckdb.connect(str(database)) as connection:
        return last, connection.table(BEFORE).fetchall()


def test_the_golden_records_and_the_last_event_are_kept(tmp_path: Path) -> None:
    golden = "create table customers as select 'e1' as entity_id, 'Anna' as name"
    history = "create table customers_entity_history as select unnest([3, 7, 5]) as event_number"
    assert past(tmp_path / "a.duckdb", golden, history) == (7, [("e1", "Anna")])
    assert past(tmp_path / "b.duckdb", golden) == (0, [("e1", "Anna")])
    assert past(tmp_path / "c.duckdb") == (0, [])
    empty = "create table customers_entity_history (event_number integer)"
    assert past(tmp_path / "d.duckdb", golden, empty)[0] == 0
    other = "create table customers_entity_history as select 1 as n"
    assert past(tmp_path / "e.duckdb", golden, other)[0] == 0


def test_entities_are_named_as_they_will_be_and_as_they_were_if_they_go() -> None:
    with duckdb.connect() as connection:
        before = "(values ('e1', 'Ana', 'x'), ('e2', 'Berta', 'x')) as t (entity_id, name, other)"
        after = "(values ('e1', 'Anna', 'Graz'), ('e3', 'Cara', null)) as t (entity_id, name, phone)"
        connection.execute(f"create table {BEFORE} as select * from {before}")
        connection.execute(f"create table customers as select * from {after}")
        warehouse = Warehouse(lambda name: name, connection)
        assert _names(warehouse, make_spec(), ["e3", "e1", "e2"]) == {"e1": "Anna, Graz", "e2": "Berta", "e3": "Cara"}
        assert _names(warehouse, make_spec(), ["e2"]) == {"e2": "Berta"}
        assert _names(warehouse, make_spec(), []) == {}


def test_tables_that_a_plan_compares_are_in_the_database_that_is_copied() -> None:
    elsewhere = [SimpleNamespace(name="raw_customers", database="other")]
    _check_place(make_spec(), elsewhere)
    for name in ("customers", "customers_crosswalk", "customers_entity_history"):
        with pytest.raises(DedupError, match=f"and {name} is in database other"):
            _check_place(make_spec(), [*elsewhere, SimpleNamespace(name=name, database="other")])


class Published:
    """A project whose tables are tested by a list, and read from memory."""

    def __init__(self, directory: Path, publish: str | None) -> None:
        self.directory, self.spec = directory, make_spec(publish=publish)
        self.done: list[tuple[str, ...]] = []

    def entity_spec(self, entity: str) -> Any:
        self.done.append(("read", entity))
        return self.spec

    def run(self, *arguments: str) -> None:
        self.done.append(arguments)

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        with duckdb.connect() as connection:
            for ending in PUBLISHED:
                connection.execute(f"create table customers{ending} as select unnest([1, 2, 3]) as n")
            yield Warehouse(lambda name: name, connection)


def project(directory: Path, publish: str | None) -> Any:
    (directory / "dbt_project.yml").write_text("name: people\nprofile: people\n")
    (directory / "models").mkdir()
    return Published(directory, publish)


@pytest.mark.parametrize("is_named", [True, False])
def test_tables_are_tested_and_then_published_to_the_folder_that_is_named(tmp_path: Path, is_named: bool) -> None:
    tables = project(tmp_path, None if is_named else "for bi")
    wanted = tmp_path / "elsewhere" if is_named else tmp_path / "for bi"
    folder, published = publish_built(tables, "customers", wanted if is_named else None)
    assert folder == wanted
    assert {table.name: table.rows for table in published} == {f"customers{ending}": 3 for ending in PUBLISHED}
    assert tables.done == [("read", "customers"), ("test", "--select", "+customers_published")]
    for table in published:
        assert duckdb.read_parquet(str(table.path)).fetchall() == [(1,), (2,), (3,)]


def test_without_a_folder_or_into_the_project_nothing_is_published(tmp_path: Path) -> None:
    tables = project(tmp_path, None)
    with pytest.raises(DedupError, match="Entity 'customers' has no folder to publish to: set `publish: published`"):
        publish_built(tables, "customers")
    assert tables.done == [("read", "customers")]
    with pytest.raises(DedupError, match="Publish to another folder"):
        publish_built(tables, "customers", tmp_path / "models")
    assert tables.done == [("read", "customers")]  # refused before anything is read
    tables.spec = make_spec(publish="models")
    with pytest.raises(DedupError, match="Publish to another folder"):
        publish_built(tables, "customers")
    assert len(tables.done) == 2


SHOWN = (("customers", 3), ("customers_crosswalk", 0))
LEFT_OUT = "the tests were left out of this run"


def published_rows(
    directory: Path, monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any], **flags: Any
) -> list[dict[str, Any]]:
    """What the model `customers_published` returns in a run of dbt with these flags."""
    monkeypatch.setattr(model, "running_project_directory", lambda: directory)
    monkeypatch.setitem(sys.modules, "dbt.flags", SimpleNamespace(get_flags=lambda: SimpleNamespace(**flags)))
    with duckdb.connect() as connection:
        connection.execute("create table spec as select ? as spec", [spec_json(**spec)])
        relations = {name: connection.sql(f"select unnest(range({rows})) as n") for name, rows in SHOWN}
        found: list[dict[str, Any]] = model.publish(connection.table("spec"), relations).to_pylist()
    return found


def test_a_run_that_tests_publishes_each_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: people\nprofile: people\n")
    for flags in ({"WHICH": "build"}, {"WHICH": "retry", "RESOURCE_TYPES": ["model", "test"]}):
        rows = published_rows(tmp_path, monkeypatch, {"publish": "for bi"}, **flags)
        assert rows == [
            {"relation": name, "is_published": True, "row_count": count, "path": f"for bi/customers/{name}.parquet",
             "reason": None}
            for name, count in SHOWN
        ]  # fmt: skip
    assert (tmp_path / "for bi/customers.duckdb").is_file()


@pytest.mark.parametrize(
    ("spec", "flags", "reason"),
    [
        ({}, {"WHICH": "build"}, "the spec names no folder: set publish"),
        ({"publish": "x"}, {"WHICH": "run"}, "dbt run does not test: run dbt build"),
        ({"publish": "x"}, {}, "dbt None does not test: run dbt build"),
        (
            {"publish": "x"},
            {"WHICH": "build", "EXCLUDE_RESOURCE_TYPES": ["test"]},
            LEFT_OUT,
        ),
        ({"publish": "x"}, {"WHICH": "build", "RESOURCE_TYPES": ["model"]}, LEFT_OUT),
        ({"publish": "x"}, {"WHICH": "build", "EMPTY": True}, "this run built a part of the records"),
        ({"publish": "x"}, {"WHICH": "build", "SAMPLE": "1 day"}, "this run built a part of the records"),
    ],
)
def test_a_run_that_does_not_test_the_whole_publishes_nothing_and_says_why(
    spec: dict[str, Any], flags: dict[str, Any], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: people\nprofile: people\n")
    rows = published_rows(tmp_path, monkeypatch, spec, **flags)
    nothing = {"is_published": False, "row_count": None, "path": None, "reason": reason}
    assert rows == [{"relation": name, **nothing} for name, _ in SHOWN]
    assert [file.name for file in tmp_path.iterdir()] == ["dbt_project.yml"]
