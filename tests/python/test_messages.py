"""What people are told: failures of dbt and DuckDB, findings of the doctor, and the schema of the spec."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from dbt_dedup import __version__
from dbt_dedup.doctor.checks import examine
from dbt_dedup.doctor.finding import ERROR, OK, UNKNOWN, WARNING, Finding, findings_text
from dbt_dedup.errors import DedupError
from dbt_dedup.spec_reference import project_schema, with_tables
from dbt_dedup.warehouse.messages import VERBOSE_HINT, NotBuiltError, failure, in_one_line, plain_errors, unreadable
from dbt_dedup.warehouse.running import as_yaml, chosen_project_directory

# --- failures


def test_of_a_list_of_errors_the_first_is_the_line() -> None:
    assert in_one_line(DedupError(f"dbt build: 2 of 9 nodes failed:\n  a: x\n  b: y\n{VERBOSE_HINT}")) == (
        "dbt build: 2 of 9 nodes failed: a: x"
    )
    assert in_one_line(DedupError("it is wrong\nand this is why")) == "it is wrong"


def test_errors_of_a_read_say_the_way_out() -> None:
    def said(sql: str) -> str:
        with pytest.raises(DedupError) as error, plain_errors(Path("x.duckdb")), duckdb.connect() as connection:
            connection.query(sql).fetchall()
        assert isinstance(error.value, NotBuiltError) == ("no_such" in sql)
        return str(error.value)

    for sql in ("select * from no_such_table", "select no_such_column from (select 1 as a)"):
        assert said(sql).startswith("The tables in x.duckdb are not those that this command reads: ")
        assert said(sql).endswith("Run `dbt build`, and run this again.")
    assert said("select cast('x' as integer)").startswith("The spec asks for what cannot be computed: ")


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("Could not set lock on file", "If another process has it open"),
        ("different configuration than existing connections", "If another process has it open"),
        ("file with version number 99", "Install the version of DuckDB that wrote it"),
        ("not a valid DuckDB database file", "It is no database of DuckDB, or damaged."),
        ("Permission denied", "See who may read it"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_by_its_reason(tmp_path: Path, reason: str, remedy: str) -> None:
    (tmp_path / "x").touch()
    assert unreadable(str(tmp_path / "x"), reason).startswith(f"The database {tmp_path / 'x'} cannot be read: {reason}")
    assert remedy in unreadable(str(tmp_path / "x"), reason)
    assert unreadable(str(tmp_path / "y"), reason).endswith("Run `dbt build` first, which creates it.")


def node(name: str, status: str, message: str | None, kind: str = "model") -> Any:
    return SimpleNamespace(node=SimpleNamespace(name=name, resource_type=kind), status=status, message=message)


def failed(*results: Any, exception: Exception | None = None, database: str | None = None) -> str:
    outcome = SimpleNamespace(result=SimpleNamespace(results=results), exception=exception)
    text = failure("build", outcome, database)
    assert text.startswith("dbt build: ")
    assert text.endswith(f"\n{VERBOSE_HINT}")
    return text.removeprefix("dbt build: ").removesuffix(f"\n{VERBOSE_HINT}")


def test_the_nodes_that_failed_are_listed_with_their_errors() -> None:
    assert failed(
        node("a", "success", "OK"),
        node("b", "error", "Runtime Error\n  Traceback: x\n  DedupError: no model in production\n"),
        node("c", "fail", None),
        node("d", "error", "Compilation Error in m\n  dbt_dedup: unknown key\n  > in macro y\n  more"),
        node("e", "runtime error", "\x1b[31mParser Error:\x1b[0m x\nLINE 1: select\n^"),
        node("s", "partial success", "Binder Error", "seed"),
    ) == (
        "5 of 6 nodes failed:\n  b: no model in production\n  c: fail\n  d: unknown key\n  e: Parser Error: x\n"
        "  s: Binder Error If the file has other columns than before, run `dbt seed --full-refresh --select s`."
    )


def test_a_command_without_results_is_told_by_its_exception(tmp_path: Path) -> None:
    assert failed() == "no reason given"
    assert failed(exception=ValueError("it is wrong")) == "it is wrong"
    inline = RuntimeError("Error parsing inline query")
    inline.__context__ = ValueError("the reason")
    assert failed(exception=inline) == "the reason"
    gone = str(tmp_path / "gone.duckdb")
    assert failed(exception=ValueError("IO Error: no file"), database=gone).startswith(f"The database {gone} cannot be")
    assert failed(exception=ValueError("IO Error: no file")) == "IO Error: no file"


def test_variables_are_one_line_and_the_project_folder_may_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_yaml({"b": 1, "a": ["x" * 200]}) == f"{{b: 1, a: [{'x' * 200}]}}\n"
    monkeypatch.chdir(tmp_path)
    assert chosen_project_directory() == tmp_path
    monkeypatch.setenv("DBT_PROJECT_DIR", str(tmp_path / "shop"))
    assert chosen_project_directory() == tmp_path / "shop"


# --- the doctor


def test_findings_are_lines_with_what_to_do_and_a_count() -> None:
    assert findings_text([Finding(OK, "fine")]) == "ok       fine\n\nNothing to do."
    assert findings_text([Finding(ERROR, "bad", "mend it"), Finding(WARNING, "a"), Finding(WARNING, "b")]) == (
        "error    bad\n         -> mend it\nwarning  a\nwarning  b\n\n1 error, 2 warnings."
    )
    assert findings_text(
        [Finding(UNKNOWN, "a"), Finding(UNKNOWN, "b"), Finding(ERROR, "c"), Finding(ERROR, "d")]
    ).endswith("\n2 errors, 2 unknown.")


class AProject:
    """A project without entities, whose database is a file or not."""

    has_database_file = True

    def __init__(self, folder: Path, error: str = "") -> None:
        self.directory, self.database, self._error = folder, folder / "shop.duckdb", error

    @property
    def entities(self) -> list[str]:
        if self._error:
            raise DedupError(self._error)
        return []

    def connect(self) -> Any:
        return duckdb.connect(str(self.database), read_only=True)


def findings(project: AProject) -> list[Finding]:
    return [finding for finding in examine(project) if finding.what.split()[0] not in _INSTALLED]  # type: ignore[arg-type]


_INSTALLED = ("dbt-core", "dbt-duckdb", "duckdb", "scikit-learn", "dbt-dedup")


def test_the_doctor_says_what_a_project_lacks(tmp_path: Path) -> None:
    assert [(finding.state, finding.what[:20]) for finding in findings(AProject(tmp_path))] == [
        (ERROR, "the dbt package dbt_"),
        (WARNING, "the project has no e"),
        (WARNING, "there is no database"),
    ]
    broken = findings(AProject(tmp_path, "dbt parse: it is wrong"))
    assert [finding.what for finding in broken[1:]] == ["the project cannot be parsed: dbt parse: it is wrong"]
    elsewhere = AProject(tmp_path)
    elsewhere.has_database_file = False
    assert findings(elsewhere)[-1] == Finding(OK, f"the database is {tmp_path / 'shop.duckdb'}")


@pytest.mark.parametrize(("version", "state"), [("v1.2.0", OK), ("v1.3.0", WARNING), ("v1.0.0", OK)])
def test_the_doctor_says_whether_others_can_read_the_database(tmp_path: Path, version: str, state: str) -> None:
    project = AProject(tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{project.database}' as shop (storage_version '{version}')")
        connection.execute("create table shop.t as select 1 as a")
    found = findings(project)[-1]
    assert found.state == state
    assert found.what.startswith(f"the database {project.database} has storage version v1.")


@pytest.mark.parametrize("folder", ["dbt_packages/dbt_dedup", "."])
def test_the_doctor_compares_the_halves_of_the_package(tmp_path: Path, folder: str) -> None:
    file = tmp_path / folder / "dbt_project.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"name: dbt_dedup\nversion: {__version__}\n")
    assert findings(AProject(tmp_path))[0] == Finding(OK, f"dbt_dedup {__version__}, both halves")
    file.write_text("name: dbt_dedup\nversion: 0.0.1\n")
    found = findings(AProject(tmp_path))[0]
    assert (found.state, found.what.split(",")[0]) == (ERROR, "the dbt package dbt_dedup is of version 0.0.1")
    for other in ("name: shop\n", "- 1\n", "a: [\n"):
        file.write_text(other)
        assert findings(AProject(tmp_path))[0].what == "the dbt package dbt_dedup is not installed in the project"


# --- the schema and the tables of the spec

KEYS: dict[str, dict[str, dict[str, Any]]] = {
    "entity": {
        "input": {"is": "table", "about": "[the table](x.md) it reads", "required": True},
        "mode": {"is": "choice", "of": ["a", "b"], "about": "a | b", "default": "a"},
        "size": {"is": "whole number", "from": 1, "about": "records", "default": 9},
        "match": {"is": "share", "auto": True, "about": "probability", "otherwise": "`auto`"},
        "fields": {"is": "fields", "about": "by name"},
        "rules": {"is": "list", "each": "never", "about": "all"},
        "thresholds": {"is": "mapping", "each": "thresholds", "about": "both"},
    },
    "field": {"type": {"is": "type", "about": "of it", "required": True}, "flag": {"is": "boolean", "about": "x"}},
    "never": {"sql": {"is": "sql", "about": "condition", "required": True}},
    "thresholds": {"match": {"is": "share", "about": "x"}},
    "targets": {"recall": {"is": "share", "about": "y", "default": 0.9}},
    "feature": {"name": {"is": "name", "about": "z"}},
}


def test_the_schema_says_what_each_key_may_be() -> None:
    schema = project_schema(KEYS, ["text", "date"])
    entity = schema["properties"]["vars"]["properties"]["dedup_entities"]["additionalProperties"]
    assert (entity["required"], entity["additionalProperties"]) == (["input"], False)
    found = entity["properties"]
    assert found["input"] == {"description": "the table it reads", "type": "string", "pattern": r"\S"}
    assert found["mode"] == {"description": "a | b", "anyOf": [{"enum": ["a", "b"]}, {"type": "null"}], "default": "a"}
    assert found["size"]["anyOf"][0] == {"type": "integer", "minimum": 1}
    assert found["match"]["anyOf"][0] == {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"const": "auto"}]}
    fields = found["fields"]["anyOf"][0]
    (field,) = fields["patternProperties"].values()
    assert fields["additionalProperties"] is False
    assert field["properties"]["type"] == {"description": "of it", "enum": ["text", "date"]}
    assert field["required"] == ["type"]
    assert found["rules"]["anyOf"][0]["items"]["required"] == ["sql"]
    assert set(found["thresholds"]["anyOf"][0]["properties"]) == {"match"}
    without = project_schema(KEYS, [])["properties"]["vars"]["properties"]["dedup_entities"]["additionalProperties"]
    (field,) = without["properties"]["fields"]["anyOf"][0]["patternProperties"].values()
    assert field["properties"]["type"]["pattern"] == "^[A-Za-z][A-Za-z0-9_]*$"


def test_the_tables_of_the_page_are_made_of_the_keys_and_the_rest_stays() -> None:
    old = "| old |\n| --- |\n| x |\n"
    page = (
        f"# Spec\n\n{old}\n## Keys of an entity\n\nText.\n\n{old}\nMore.\n\n{old}\n## Options of a field\n\n{old}\n"
        f"## Rules that rule a match out\n\n{old}\n## Features of your own\n\n{old}\nThe end.\n"
    )
    found = with_tables(page, KEYS)
    assert found.startswith(f"# Spec\n\n{old}\n## Keys of an entity\n\nText.\n\n| key | default | meaning and allowed")
    assert found.endswith("| key | default | meaning |\n| --- | --- | --- |\n| `name` | none | z |\n\nThe end.\n")
    for line in (
        "| `input` | required | [the table](x.md) it reads |",
        r"| `mode` | `a` | a \| b |",
        "| `size` | `9` | records |",
        "| `match` | `auto` | probability |",
        "| thresholds.match | none | x |",
        "| targets.recall | `0.9` | y |",
        "| option | default | meaning and allowed values |",
        "| `sql` | required | condition |",
    ):
        assert f"{line}\n" in found
    assert found.count("| old |") == 1
    assert "\n\nMore.\n\n" in found
