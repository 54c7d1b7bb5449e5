"""A project that others made: its own packages, databases, targets and files, and names that SQL has to quote."""

from __future__ import annotations

import csv
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner
from project import REPO, Project, problems, statuses, write_yaml
from small_shop import people

from dbt_dedup.cli import main
from dbt_dedup.warehouse import close_connections

COLUMNS = {"Customer ID": "person_id", "Full Name": "name", "E-Mail (private)": "email", "Order": "city"}


class Options(Project):
    """A project with options of its own for each command of dbt."""

    def __init__(self, project: Project, *more: str) -> None:
        super().__init__(project.folder, project.database)
        self.more = more

    @property
    def options(self) -> list[str]:
        return [*super().options, *self.more]


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """An entity that `init` wrote. Its input is a source that is a file; another package brings dbt_dedup."""
    folder = tmp_path_factory.mktemp("guest") / "app"
    file = folder.parent / "people.csv"
    rows = people(120)
    assert set(COLUMNS.values()) <= set(rows[0])
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows([row[name] for name in COLUMNS.values()] for row in rows)
    write_yaml(folder.parent / "base/dbt_project.yml", {"name": "base", "version": "1.0.0"})
    write_yaml(folder.parent / "base/packages.yml", {"packages": [{"local": str(REPO)}]})
    write_yaml(folder / "packages.yml", {"packages": [{"local": "../base"}]})
    write_yaml(folder / "dbt_project.yml", {"name": "app", "version": "1.0.0", "profile": "app"})
    mart = {"path": str(folder / "mart.duckdb"), "alias": "mart"}
    outputs: dict[str, Any] = {
        "dev": {"type": "duckdb", "path": str(folder / "dev.duckdb"), "threads": 2, "attach": [mart]},
        "prod": {"type": "duckdb", "path": str(folder / "prod.duckdb"), "threads": 2},
    }
    write_yaml(folder / "profiles.yml", {"app": {"target": "dev", "outputs": outputs}})
    location = {"meta": {"external_location": f"read_csv('{file}', all_varchar = true)"}}
    source = {"name": "crm", "tables": [{"name": "people", "config": location}]}
    write_yaml(folder / "models/sources.yml", {"sources": [source]})
    project = Project(folder, folder / "dev.duckdb")
    deps = project._invoke("deps")
    assert deps.success, deps.exception
    done = CliRunner().invoke(main, ["init", "guests", "--input", "crm.people", "--no-train", *project.options])
    close_connections()
    assert done.exit_code == 0, done.output
    content = yaml.safe_load((folder / "dbt_project.yml").read_text())
    database = "{{ 'mart' if target.name == 'dev' else target.database }}"
    content["models"]["app"]["dedup_guests"] |= {"+database": database, "+schema": "clean"}
    write_yaml(folder / "dbt_project.yml", content)
    return Project(folder, folder / "dev.duckdb")


def test_names_that_sql_quotes_are_read(guest: Project) -> None:
    declared = yaml.safe_load((guest.folder / "dbt_project.yml").read_text())["vars"]["dedup_entities"]["guests"]
    assert declared["input"] == ["crm", "people"]
    assert declared["record_id"] == "Customer ID"
    assert {field.get("column", name) for name, field in declared["fields"].items()} == COLUMNS.keys() - {"Customer ID"}


def test_relations_lie_in_the_database_and_schema_that_the_project_names(guest: Project) -> None:
    guest.dbt("build", "--select", "+dedup_guests.prepare", "+dedup_guests.block", "--indirect-selection", "cautious")
    found = set(statuses(guest.result).values())
    assert found <= {"success", "pass", "no-op"}, problems(guest.result)
    assert places(guest) == {("mart", "main_clean")}
    with duckdb.connect(str(guest.folder / "mart.duckdb"), read_only=True) as connection:
        counted = connection.query("select count(*), count(order_value) from main_clean.stg_guests__records").fetchall()
    assert counted == [(len(people(120)),) * 2]


def test_another_target_has_its_own(guest: Project) -> None:
    other = Options(guest, "--target", "prod")
    other.dbt("build", "--select", "+stg_guests__records", "--indirect-selection", "cautious")
    assert set(statuses(other.result).values()) <= {"success", "pass"}
    assert places(other) == {("prod", "main_clean")}


def test_variables_of_the_command_line_count(guest: Project) -> None:
    field = {"name": {"type": "full_name", "column": "Fll Name"}}
    given = {"input": ["crm", "people"], "record_id": "Customer ID", "fields": field, "blocking": [["name"]]}
    variables = yaml.safe_dump({"dedup_entities": {"guests": given}}, default_flow_style=True, width=10**6)
    other = Options(guest, "--target", "prod", "--vars", variables)
    other.dbt("run", "--select", "stg_guests__records", fails=True)
    (said,) = problems(other.result).values()
    assert "key 'fields.name'" in said
    assert "has no column 'Fll Name'" in said
    assert "Did you mean 'Full Name'?" in said


def places(project: Project) -> set[tuple[str, str]]:
    """Database and schema of the models."""
    return {(n.database, n.schema) for n in project.manifest.nodes.values() if n.resource_type == "model"}
