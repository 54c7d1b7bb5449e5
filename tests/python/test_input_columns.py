"""Columns of types that a field does not expect: what is read of them, and the warning that names column and type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from project import (
    MODELS_ONLY,
    Project,
    prepare_models,
    said_by_dedup,
    write_package_project,
    write_parquet,
    write_yaml,
)

SERVED = ("golden_values", "true_values", "golden_checks")

COLUMNS: dict[str, tuple[dict[str, Any], pa.Array, Any]] = {
    # field: options, the column, the value of its first record
    "phone": ({"type": "phone", "country": "US"}, pa.array([6175550142.0, None]), "+16175550142"),
    "fax": ({"type": "phone"}, pa.array([6175550142, 8025550143], pa.int64()), "6175550142"),
    "numbers": ({"type": "phone", "country": "US"}, pa.array([["617-555-0142", "802-555-0143"], []]), "+16175550142"),
    "account": ({"type": "identifier"}, pa.array([70418.0, 70419.0]), "70418"),
    "emails": ({"type": "email"}, pa.array([["mira@hafen.net", "m.voss@hafen.net"], None]), "mira@hafen.net"),
    "web": ({"type": "url"}, pa.array([{"main": "https://hafen.net/", "shop": "hafen.shop"}, None]), "hafen.net"),
    "family_name": ({"type": "family_name"}, pa.array([True, None]), "true"),
    "city": ({"type": "city"}, pa.array([1.5, None]), None),
    "member": ({"type": "category"}, pa.array([True, False]), "true"),
    "amount": ({"type": "number"}, pa.array([1.5, 2.5]), 1.5),
    "note": ({"type": "text"}, pa.array(["blue", "red"]), "blue"),
}
WARNED = {
    "phone": "double",
    "fax": "bigint",
    "numbers": "varchar[]",
    "account": "double",
    "emails": "varchar[]",
    "web": "struct",
    "family_name": "boolean",
    "city": "double",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("input_columns")
    table = pa.table({"id": ["1", "2"], **{name: column for name, (_, column, _) in COLUMNS.items()}})
    source = write_parquet(folder / "input.parquet", table)
    fields = {name: options for name, (options, _, _) in COLUMNS.items()}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [["phone"]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(folder, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project


@pytest.mark.parametrize("field", COLUMNS)
def test_the_best_reading_counts(project: Project, field: str) -> None:
    assert project.rows(f"select {field} from stg_things__records where record_id = '1'") == [(COLUMNS[field][2],)]


@pytest.mark.parametrize("field", COLUMNS)
def test_a_warning_names_column_and_type_once(project: Project, field: str) -> None:
    about = [line for line in said_by_dedup(project.warnings) if f"field '{field}'" in line]
    assert len(about) == (field in WARNED)
    for line in about:
        assert f"column '{field}' of " in line
        assert f" is of type {WARNED[field]}" in line


def test_a_country_of_each_record_is_a_column_of_the_input(tmp_path: Path) -> None:
    source = write_parquet(
        tmp_path / "input.parquet", pa.table({"id": ["1"], "phone": ["089 2345678"], "land": ["DE"]})
    )
    fields = {"phone": {"type": "phone", "country": {"column": "country"}}}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [["phone"]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY, fails=True)
    assert any("key 'fields.phone.country'" in line and "no column 'country'" in line for line in project.errors)


def test_fields_may_be_named_as_methods_and_words_of_dbt(tmp_path: Path) -> None:
    names = ["items", "keys", "values", "get", "input", "entries", "name", "type", "update", "config", "model", "ref"]
    names += ["value", "reason", "field_type"]  # columns of the list of placeholders
    columns = {name: pa.array([f"red {name}", f"red {name}", "blue"]) for name in names}
    source = write_parquet(tmp_path / "input.parquet", pa.table({"id": ["1", "2", "3"], **columns}))
    types = ("category", "text", "identifier", "city")
    fields = {name: {"type": types[place % len(types)]} for place, name in enumerate(names)}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [["items"], ["keys", "values"]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    originals = ", ".join(f"{name}__original" for name in names)
    (row,) = project.rows(f"select {originals} from stg_things__records where record_id = '2'")
    assert row == tuple(f"red {name}" for name in names)
    filled = ", ".join(f"count({name})" for name in names)
    assert project.rows(f"select {filled} from int_things__keyed_records") == [(3,) * len(names)]


def test_a_field_that_reads_reference_lists_is_not_named_as_their_column(tmp_path: Path) -> None:
    spec = {"input": "raw", "record_id": "id", "fields": {"entries": {"type": "city"}}, "blocking": [["entries"]]}
    models = {"raw.sql": "select 'a' as id, 'Bonn' as entries", **prepare_models("things")}
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    parsed = project._invoke("parse")
    assert said_by_dedup([str(parsed.exception)]) == [
        "dbt_dedup: entity 'things', key 'fields.entries': found 'entries', expected another name: this one is a column"
        " of the reference lists that type city reads (give the input's spelling as `column:`)"
    ]


def test_a_table_may_have_a_hundred_columns(tmp_path: Path) -> None:
    names = [f"answer_{number}" for number in range(100)]
    columns = {name: pa.array(["Yes", None]) for name in names}
    source = write_parquet(tmp_path / "input.parquet", pa.table({"id": ["1", "2"], **columns}))
    fields = {name: {"type": "category"} for name in names}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [["answer_0"]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    project.dbt("build", "--select", "+stg_things__records", *MODELS_ONLY)
    assert project.rows("select answer_0, answer_99 from stg_things__records order by record_id")[0] == ("yes", "yes")


def test_golden_values_of_many_fields_are_chosen_and_checked(tmp_path: Path) -> None:
    """Thirty fields where the engine takes as little as it would of a hundred and twenty."""
    names = [f"answer_{number}" for number in range(30)]
    values = ", ".join(f"'Yes {name}' as {name}" for name in names)
    spec = {
        "input": "raw",
        "record_id": "id",
        "fields": {name: {"type": "category"} for name in names},
        "blocking": [["answer_0"]],
        "truth": "truth",
        "truth_values": "truth_values",
    }
    entity = "1 as cluster_key, 'e' as entity_id, 2 as records_in_entity"
    models = {
        "raw.sql": f"select unnest(['1', '2']) as id, {values}",
        "truth.sql": "select unnest(['1', '2']) as record_id, 't' as entity_id",
        "truth_values.sql": f"select 't' as entity_id, {values}",
        "int_things__entities.sql": f"select unnest(['1', '2']) as record_id, {entity}",
        **{f"int_things__{name}.sql": f"{{{{ dbt_dedup.{name}('things') }}}}" for name in SERVED},
        **prepare_models("things"),
    }
    project = Project(write_package_project(tmp_path, {"things": spec}, models))
    profiles = yaml.safe_load((tmp_path / "profiles.yml").read_text())
    profiles["shop"]["outputs"]["dev"]["settings"] = {"max_expression_depth": 250}
    write_yaml(tmp_path / "profiles.yml", profiles)
    project.dbt("build", "--select", "+int_things__golden_checks", *MODELS_ONLY)
    assert project.rows("select count(*), bool_and(is_right) from int_things__golden_checks") == [(30, True)]


def test_ids_that_are_equal_as_another_type_are_different_texts(tmp_path: Path) -> None:
    spec = {"input": "raw", "record_id": "id", "fields": {"note": {"type": "text"}}, "blocking": [["note"]]}
    raw = "select unnest([interval 30 days, interval 1 month]) as id, 'blue' as note"
    project = Project(write_package_project(tmp_path, {"things": spec}, {"raw.sql": raw, **prepare_models("things")}))
    project.dbt("build", "--select", "+int_things__keyed_records", *MODELS_ONLY)
    assert project.rows("select record_id from int_things__keyed_records order by 1") == [("1 month",), ("30 days",)]
