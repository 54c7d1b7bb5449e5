"""The models of the reference entities are what the scaffold writes, and what they build is described and readable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from project import REPO, Project, copy_reference_project

from dbt_dedup.guess.names import RECORD_COLUMNS
from dbt_dedup.registry.production_model import production_model
from dbt_dedup.scaffold import OF_THE_DEMO, entity_yaml, write_models
from dbt_dedup.warehouse import DbtProject, close_connections

ENTITIES = sorted(folder.name for folder in (REPO / "models").iterdir() if folder.is_dir())
LONGEST_LINE = 160


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DbtProject]:
    folder = copy_reference_project(tmp_path_factory.mktemp("reference"), ENTITIES)
    yield DbtProject(folder, folder)
    close_connections()


@pytest.fixture(scope="module")
def built(demo: Project, companies: Project) -> dict[str, Project]:
    return {"customers": demo, "companies": companies}


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_yaml_of_an_entity_is_what_the_scaffold_writes(reference: DbtProject, entity: str) -> None:
    columns, customers = reference.field_columns(entity), reference.field_columns("customers")
    written = entity_yaml(entity, reference.declared(entity), columns, customers)
    assert set(written) == {
        file.relative_to(REPO / "models" / entity).as_posix()
        for file in (REPO / "models" / entity).rglob("*.yml")
        if file.name not in OF_THE_DEMO
    }
    for name, text in written.items():
        assert (REPO / "models" / entity / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_models_of_an_entity_are_what_the_scaffold_writes(tmp_path: Path, entity: str) -> None:
    written = write_models(entity, tmp_path)
    assert {path.relative_to(tmp_path) for path in written} == {
        file.relative_to(REPO / "models" / entity)
        for file in (REPO / "models" / entity).rglob("*")
        if file.suffix in (".sql", ".py")
    }
    promoted = next(path for path in written if path.name == f"int_{entity}__production.sql")
    assert promoted.read_text(encoding="utf-8") == production_model(entity, None)
    for path in set(written) - {promoted}:
        assert path.read_bytes() == (REPO / "models" / entity / path.relative_to(tmp_path)).read_bytes()


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_column_of_every_relation_is_described(built: dict[str, Project], entity: str) -> None:
    project = built[entity]
    described = {
        node.name: {name for name, column in node.columns.items() if column.description}
        for node in project.manifest.nodes.values()
        if node.resource_type in ("model", "seed")
    }
    columns_of: dict[str, set[str]] = {}
    columns = "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
    for relation, column in project.rows(columns):
        columns_of.setdefault(relation, set()).add(column)
    undescribed = {name: columns - described.get(name, set()) for name, columns in columns_of.items()}
    assert {name: columns for name, columns in undescribed.items() if columns} == {}
    assert {name: columns - columns_of[name] for name, columns in described.items() if columns - columns_of[name]} == {}


@pytest.mark.parametrize("entity", ENTITIES)
def test_no_line_of_the_compiled_sql_is_longer_than_a_screen(built: dict[str, Project], entity: str) -> None:
    compiled = built[entity].folder / "target" / "compiled" / "dbt_dedup" / "models"
    # dbt itself writes the rows of unit tests
    files = [file for file in compiled.rglob("*.sql") if "_unit_tests.yml" not in file.parts]
    assert len(files) > 20
    lines = ((file, line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    assert [(Path(file).name, len(line)) for file, line in lines if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("entity", ENTITIES)
def test_no_step_of_a_model_has_a_column_next_to_the_fields_that_a_field_may_be_named_as(
    built: dict[str, Project], reference: DbtProject, entity: str
) -> None:
    """Every CTE of the compiled models, as `describe` shows it: columns of one name would be ambiguous, or mixed up."""
    assert json.loads(reference.compiled("tojson(dbt_dedup._record_columns())")) == sorted(RECORD_COLUMNS)
    fields, steps, unlisted = set(reference.declared(entity)["fields"]), 0, {}
    with duckdb.connect(str(built[entity].database), read_only=True) as connection:
        for file in sorted((built[entity].folder / "target/compiled").rglob(f"models/{entity}/**/*.sql")):
            if "_unit_tests.yml" in file.parts:
                continue
            for name, query in ctes(file.read_text(encoding="utf-8")):
                columns = {column for column, *_ in connection.execute(f"describe {query}").fetchall()}
                steps += 1
                own = {column for column in columns - fields - RECORD_COLUMNS if "__" not in column}
                is_of_fields = columns & fields and file.stem != f"{entity}_metrics"  # it has a column `description`
                # tables of the user have columns of their own, which nothing reads that the spec does not name
                if own and is_of_fields and name not in ("input", "truth_values"):
                    unlisted[f"{file.stem}: {name}"] = own
    assert steps > 400
    assert unlisted == {}


def ctes(sql: str) -> Iterator[tuple[str, str]]:
    """The name of each common table expression of a query, and a query that selects all of it."""
    start, depth = None, 0
    for token in re.finditer(r"'[^']*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|[()]", sql, re.DOTALL):
        if token[0] == "(":
            if depth == 0:
                named = re.search(r"(\w+) as (not )?(materialized )?$", sql[: token.start()])
                start = named[1] if named else None
            depth += 1
        elif token[0] == ")":
            depth -= 1
            if depth == 0 and start:
                yield start, f"{sql[: token.end()]} select * from {start}"
