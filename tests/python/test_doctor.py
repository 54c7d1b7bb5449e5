"""`dbt-dedup doctor` names what is wrong in a project, and what helps."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import MODELS_ONLY, Project
from small_shop import change_spec, copied_shop, dedup, production, write_shop

from dbt_dedup.doctor import checks
from dbt_dedup.doctor.finding import ERROR, OK, UNKNOWN, WARNING, Finding, findings_text
from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import DbtProject, close_connections


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = write_shop(tmp_path_factory.mktemp("doctor"))
    dedup(folder, "train", "people", "--kind", "logistic")
    Project(folder).dbt("build", *MODELS_ONLY)
    yield folder
    close_connections()


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Path:
    return copied_shop(built, tmp_path / "shop")


def test_a_sound_project_has_no_errors(shop: Path) -> None:
    said = dedup(shop, "doctor").output
    assert "error" not in said
    assert "dbt_dedup 0.1.0, both halves" in said
    assert f"people: {production(shop)} is in production" in said


def test_what_is_missing_or_damaged_is_named_with_what_helps(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop / "dedup_models/people"
    (folder / production(shop) / "model.skops").write_bytes(b"no model")
    assert "people: the model in production is unusable" in dedup(shop, "doctor", code=1).output
    (folder / "production").unlink()
    assert "-> `dbt-dedup train people`" in dedup(shop, "doctor", code=1).output
    (shop / "dedup.duckdb").unlink()
    assert "-> run `dbt build`" in dedup(shop, "doctor", code=1).output
    monkeypatch.setattr(checks, "__version__", "9.9.9")
    assert "the Python package of 9.9.9" in dedup(shop, "doctor", code=1).output


@pytest.mark.parametrize("damage", ["empty", "beginning", "text", "folder"])
def test_a_file_that_is_no_database_is_one_message(shop: Path, damage: str) -> None:
    database = shop / "dedup.duckdb"
    beginning = database.read_bytes()[:100]
    database.unlink()
    if damage == "folder":
        database.mkdir()
    else:
        database.write_bytes({"empty": b"", "beginning": beginning, "text": b"no database\n" * 1000}[damage])
    for command in (("doctor",), ("find", "people", "city=rome"), ("plan", "people"), ("train", "people")):
        said = dedup(shop, *command, code=1).output
        assert f"The database {database} cannot be read: IO Error: " in said, command
        assert "It is no database of DuckDB, or damaged. Restore it from a copy" in said, command
        assert "another process" not in said, command


def test_tables_that_are_not_built_next_to_others_are_named(shop: Path) -> None:
    Project(shop).change("drop table people_metrics")
    assert "warning  people: the tables are not built\n         -> run `dbt build`\n" in dedup(shop, "doctor").output


def test_what_a_view_cannot_compute_is_one_message(shop: Path) -> None:
    expected = r"cannot be computed: Conversion Error: Could not convert string 'a' to DOUBLE\. Correct the SQL"
    with pytest.raises(DedupError, match=expected), DbtProject(shop, shop).open() as warehouse:
        warehouse.cursor.query("select cast('a' as double)").fetchall()


def test_a_wrong_spec_is_named(shop: Path) -> None:
    change_spec(shop, blocking=[["emial"]])
    said = dedup(shop, "doctor", code=1).output
    assert "Did you mean 'email'?" in said


def test_files_of_another_version_are_named(shop: Path) -> None:
    state = shop / "models/dedup_people/dedup_init.json"
    state.parent.mkdir()
    state.write_text(json.dumps({"written_by": "dbt-dedup 0.0.1", "files": {}}))
    assert "-> `dbt-dedup init people --check`" in dedup(shop, "doctor").output
    state.write_text("{")
    assert "is damaged" in dedup(shop, "doctor", code=1).output


def test_a_database_that_another_process_writes_is_named(shop: Path) -> None:
    code = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(shop / "dedup.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "open\n"
        said = dedup(shop, "doctor", code=1).output
        writer.communicate("")
    assert f"error    The database {shop / 'dedup.duckdb'} cannot be read: IO Error: " in said
    assert "If another process has it open, wait for its end or close it, and run this again." in said


def test_the_findings_are_counted() -> None:
    assert findings_text([Finding(OK, "a")]).endswith("Nothing to do.")
    found = [Finding(ERROR, "a", "do b"), Finding(ERROR, "c"), Finding(WARNING, "d"), Finding(UNKNOWN, "e")]
    assert findings_text(found).splitlines()[1] == "         -> do b"
    assert findings_text(found).endswith("2 errors, 1 warning, 1 unknown.")
