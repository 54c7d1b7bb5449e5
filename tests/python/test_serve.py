"""Golden values and their provenance for an entity whose survivorship groups are spread over its fields."""

from __future__ import annotations

from typing import Any

import pytest
from project import Project, write_package_project

SPEC: dict[str, Any] = {
    "input": "raw_shops",
    "record_id": "shop_id",
    "fields": {
        "street": {"type": "address"},
        "name": {"type": "company"},
        "postcode": {"type": "postcode"},
        "email": {"type": "email"},
        "city": {"type": "city"},
    },
    "blocking": [["email"]],
}
FIELDS = tuple(SPEC["fields"])
RECORDS = {
    # alone: one record that is an entity of its own
    "a": ("1 elm st", "acme", "02139", "a@acme.com", "boston"),
    # shared: b has the name without a slip and the whole address, c the later e-mail
    "b": ("2 oak ave", "widget works", "10001", None, "new york"),
    "c": (None, "widgt works", None, "c@widget.com", None),
}
ENTITIES = {"a": (1, "alone", 1), "b": (2, "shared", 2), "c": (2, "shared", 2)}
ORIGINS = {
    "alone": dict.fromkeys(FIELDS, "a"),
    "shared": {"street": "b", "name": "b", "postcode": "b", "email": "c", "city": "b"},
}


def literal(value: object) -> str:
    return "cast(null as varchar)" if value is None else repr(value)


def record_sql(record_id: str) -> str:
    """A prepared record whose values are as they were written."""
    values = zip(FIELDS, RECORDS[record_id], strict=True)
    columns = ", ".join(f"{literal(value)} as {name}, {literal(value)} as {name}__original" for name, value in values)
    return f"select '{record_id}' as record_id, 'crm' as source, timestamp '2026-01-01' as updated_at, {columns}"


def entity_sql(record_id: str) -> str:
    cluster_key, entity_id, records_in_entity = ENTITIES[record_id]
    return (
        f"select '{record_id}' as record_id, {cluster_key} as cluster_key, '{entity_id}' as entity_id,"
        f" {records_in_entity} as records_in_entity"
    )


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Project:
    models = {
        "stg_shops__records.sql": "\nunion all\n".join(map(record_sql, RECORDS)),
        "int_shops__entities.sql": "\nunion all\n".join(map(entity_sql, ENTITIES)),
        "int_shops__value_counts.sql": "{{ dbt_dedup.value_counts('shops') }}",
        "int_shops__token_counts.sql": "{{ dbt_dedup.token_counts('shops') }}",
        "int_shops__golden_values.sql": "{{ dbt_dedup.golden_values('shops') }}",
        "shops_provenance.sql": "{{ dbt_dedup.provenance('shops') }}",
        "shops.sql": "{{ dbt_dedup.golden_records('shops') }}",
    }
    folder = write_package_project(tmp_path_factory.mktemp("serve"), {"shops": SPEC}, models, seeds=())
    project = Project(folder)
    project.dbt("run", "--select", "package:shop")
    return project


@pytest.mark.parametrize("relation", ["int_shops__golden_values", "shops"])
def test_each_golden_value_is_in_the_column_of_its_field(shops: Project, relation: str) -> None:
    rows = {row["entity_id"]: row for row in shops.dicts(f"select * from {relation}")}
    assert rows.keys() == ORIGINS.keys()
    for entity_id, origins in ORIGINS.items():
        golden = {field: rows[entity_id][field] for field in FIELDS}
        assert golden == {field: RECORDS[origins[field]][FIELDS.index(field)] for field in FIELDS}


def test_each_golden_value_names_the_record_it_comes_from(shops: Project) -> None:
    for row in shops.dicts("select * from int_shops__golden_values"):
        assert {field: row[f"{field}__record_id"] for field in FIELDS} == ORIGINS[row["entity_id"]]


def test_provenance_gives_value_and_origin_of_each_field(shops: Project) -> None:
    provenance = {(row["entity_id"], row["field"]): row for row in shops.dicts("select * from shops_provenance")}
    assert provenance.keys() == {(entity_id, field) for entity_id in ORIGINS for field in FIELDS}
    for (entity_id, field), row in provenance.items():
        origin = ORIGINS[entity_id][field]
        assert (row["record_id"], row["value"]) == (origin, RECORDS[origin][FIELDS.index(field)])
