"""Golden values and their provenance for an entity whose survivorship groups are spread over its fields."""

from __future__ import annotations

import json
import re
from typing import Any

import duckdb
import pytest
from project import REPO, Project, write_package_project

from dbt_dedup.warehouse import DbtProject, close_connections

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
    "targets": {"review_budget": 1},
}
# a field of each type and of each rule, each a choice of its own
TYPES = re.findall(r"^### `(\w+)`$", (REPO / "docs/spec.md").read_text(encoding="utf-8"), re.MULTILINE)
RULES = ("most_frequent", "most_recent", "longest", "source_priority")
CHOICES: dict[str, Any] = {
    "input": "raw_shops",
    "record_id": "shop_id",
    "source": "system",
    "source_priority": ["crm", "web"],
    "fields": {
        **{f"of_{kind}": {"type": kind, "group": f"alone_{kind}"} for kind in TYPES},
        **{rule: {"type": "text", "survivorship": rule} for rule in RULES},
    },
    "blocking": [["of_email"]],
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


# two pairs of two entities, of which the second is the more doubtful, one inside an entity, one that is no match
MATCHES = [("a", "b", 0.6, 0.58, "review"), ("a", "c", 0.45, -0.29, "review"), ("b", "c", 0.9, 3.17, "match")]


def match_sql(match: tuple[str, str, float, float, str]) -> str:
    left, right, probability, weight, decision = match
    return (
        f"select '{left}' as record_id_l, '{right}' as record_id_r, {probability} as match_probability,"
        f" {weight} as match_weight, '{decision}' as decision, 'model' as decided_by, 'email' as reasons_for,"
        " 'name' as reasons_against, 'v1' as model_version"
    )


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
        "shops_matches.sql": "\nunion all\n".join(map(match_sql, MATCHES)),
        "shops_review_queue.sql": "{{ dbt_dedup.review_queue('shops') }}",
    }
    entities = {"shops": SPEC, "choices": CHOICES}
    folder = write_package_project(tmp_path_factory.mktemp("serve"), entities, models, seeds=())
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


def test_the_review_queue_has_as_many_pairs_within_the_budget_as_it_allows(shops: Project) -> None:
    queue = shops.rows("select record_id_l, record_id_r, queue_position, within_budget from shops_review_queue")
    assert sorted(queue, key=lambda row: row[2]) == [("a", "c", 1, True), ("a", "b", 2, False)]


def compiled(project: Project, call: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        project.environment(patch)
        text = DbtProject(project.folder, project.folder).compiled(call)
    close_connections()
    return text


def test_a_pair_at_a_threshold_is_above_it(shops: Project) -> None:
    decision = compiled(shops, "dbt_dedup._decision('match_probability')")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select match_probability, {decision}
            from (values (0.9::double), (0.8999), (0.5), (0.4999)) as scored (match_probability)
            cross join (select 0.9::double as match_threshold, 0.5::double as review_threshold) as match_thresholds
            """
        ).fetchall()
    assert dict(rows) == {0.9: "match", 0.8999: "review", 0.5: "review", 0.4999: "no_match"}


def test_each_type_survives_by_the_rule_that_its_page_names(shops: Project) -> None:
    page = (REPO / "docs/spec.md").read_text(encoding="utf-8")
    named = re.findall(r"^\*\*Golden value\*\*: `(\w+)`", page, re.MULTILINE)
    rules = json.loads(
        compiled(shops, "tojson(dbt_dedup._survivorship(dbt_dedup.entity('choices')) | map(attribute='rule') | list)")
    )
    assert len(named) == len(TYPES) > 10
    assert dict(zip(TYPES, rules, strict=False)) == dict(zip(TYPES, named, strict=True))


# how docs/serve.md says what comes first, and the SQL of it
FIRST = {
    r"most records have|most frequent": "records desc",
    r"changed last|most recent": "last_updated_at desc nulls last",
    r"most characters|longest": "length({field}) desc",
    r"first source|source priority": "source_rank asc",
}


@pytest.mark.parametrize("rule", RULES)
def test_a_strict_rule_decides_in_the_order_that_its_page_names(shops: Project, rule: str) -> None:
    page = (REPO / "docs/serve.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{rule}` \| (.*) \|$", page, re.MULTILINE)
    places = {found.start(): sql for words, sql in FIRST.items() for found in re.finditer(words, row)}
    named = [places[place].format(field=rule) for place in sorted(places)]
    choices = "dbt_dedup._survivorship(dbt_dedup.entity('choices'))"
    order = compiled(
        shops, f"tojson(dbt_dedup._survivorship_order(({choices} | selectattr('name', 'equalto', '{rule}') | list)[0]))"
    )
    assert len(named) == 4
    assert json.loads(order) == [*named, "value_number asc"]
