"""The spec of an entity is read without a lock on the database, and without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from examples import make_spec, train_example
from mini_project import write_mini_project
from project import Project

from dbt_dedup.cli import main
from dbt_dedup.registry.artefact import write_artefact
from dbt_dedup.registry.promotion import promote
from dbt_dedup.warehouse import DbtProject, close_connections

READER = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def read_by_another() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that hold a database open; they end with the test."""
    readers: list[subprocess.Popen[str]] = []
    yield readers
    for reader in readers:
        reader.communicate()
    close_connections()


WRITER = READER.replace("read_only=True", "read_only=False")


def hold_open(database: Path, readers: list[subprocess.Popen[str]], code: str = READER) -> None:
    close_connections()
    command = [sys.executable, "-c", code, str(database)]
    readers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    assert readers[-1].stdout
    assert readers[-1].stdout.readline() == "open\n"


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def two_versions(tmp_path: Path) -> tuple[str, str]:
    """Two versions of the mini project's model, the first in production. There is no database."""
    write_mini_project(tmp_path, targets={"precision": 0.1, "recall": 0.1, "review_budget": 500})
    spec = DbtProject(tmp_path).entity_spec("customers")
    first, second = (write_artefact(train_example(kind), spec, tmp_path).name for kind in ("additive", "logistic"))
    promote(spec, tmp_path, first)
    return first, second


def test_the_spec_is_the_declared_one(tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    assert DbtProject(tmp_path).entity_spec("customers") == make_spec()
    close_connections()
    assert not list(tmp_path.glob("*.duckdb*"))


@pytest.mark.parametrize("database", ["none", "read by another"])
def test_versions_are_managed(
    tmp_path: Path, two_versions: tuple[str, str], read_by_another: list[subprocess.Popen[str]], database: str
) -> None:
    first, second = two_versions
    if database == "read by another":
        DbtProject(tmp_path).run("run", "--select", "int_customers__spec")
        hold_open(tmp_path / "mini.duckdb", read_by_another)
    there = ("--project-dir", tmp_path)
    for args in (("models", "customers"), ("promote", "customers", second), ("rollback", "customers")):
        result = run(*args, *there)
        assert result.exit_code == 0, result.output
    assert f"In production: {first} again" in result.output
    compiled = run("compile", "customers", *there)
    assert compiled.output.startswith(f"Compiled {first} to ")
    close_connections()
    assert (tmp_path / "mini.duckdb").exists() == (database == "read by another")


def test_a_card_cannot_command_the_terminal(tmp_path: Path, two_versions: tuple[str, str]) -> None:
    path = tmp_path / "dedup_models/customers" / two_versions[0] / "card.json"
    card = json.loads(path.read_text()) | {"trained_by": "\x1b]0;owned\x07\u202eeve"}
    path.write_text(json.dumps(card))
    result = run("models", "customers", "--project-dir", tmp_path)
    assert "?]0;owned??eve" in result.output
    assert not set("\x1b\x07\u202e") & set(result.output)
    failed = run("promote", "customers", "\x1b[31mred", "--project-dir", tmp_path)
    assert failed.exit_code == 1
    assert "\x1b" not in failed.output


def test_a_report_does_not_take_the_place_of_another_file(
    demo: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = demo.copied_to(tmp_path)
    monkeypatch.setenv("DEDUP_DATABASE", str(copy.database))
    page = tmp_path / "mine.html"
    page.write_text("mine")
    args = ("report", "customers", "--output", page, "--project-dir", copy.folder, "--profiles-dir", copy.folder)
    refused = run(*args)
    assert refused.exit_code == 1
    assert f"{page} is not a report, so it is not overwritten: name another file, or add --force." in refused.output
    assert page.read_text() == "mine"
    for more in (("--force",), ()):  # a report may be written again
        assert run(*args, *more).exit_code == 0
        assert "<html" in page.read_text()


def test_the_report_is_written_while_another_process_reads(
    demo: Project, tmp_path: Path, read_by_another: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = demo.copied_to(tmp_path)
    monkeypatch.setenv("DEDUP_DATABASE", str(copy.database))
    hold_open(copy.database, read_by_another)
    page = tmp_path / "page.html"
    result = run("report", "customers", "--output", page, "--project-dir", copy.folder, "--profiles-dir", copy.folder)
    assert result.exit_code == 0, result.output
    assert "<html" in page.read_text()


def test_a_report_on_a_database_that_another_process_writes_is_one_error(
    two_versions: list[str], read_by_another: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    missing = run("report", "customers", "--project-dir", tmp_path)
    database = tmp_path / "mini.duckdb"
    start = f"Error: The database {database} cannot be read: IO Error: "
    assert missing.exit_code == 1
    assert missing.output.splitlines()[-1].startswith(start)
    assert missing.output.endswith("Run `dbt build` first, which creates it.\n")
    DbtProject(tmp_path).run("seed")
    hold_open(database, read_by_another, WRITER)
    locked = run("report", "customers", "--project-dir", tmp_path)
    assert locked.exit_code == 1
    assert locked.output.splitlines()[-1].startswith(start)
    assert locked.output.endswith("wait for its end or close it, and run this again.\n")
