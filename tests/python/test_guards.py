"""A table that melts into a few entities never passes a build, whatever its size and with or without labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import Project, copy_reference_project, statuses, write_package_project, write_parquet
from test_build import customers, text_table

SPEC: dict[str, Any] = {
    "input": "raw",
    "record_id": "id",
    "fields": {"email": {"type": "email"}},
    "blocking": [["email"]],
}
ENTITIES = {
    "people": SPEC,
    "links": {**SPEC, "source": "source", "source_mode": "link_only"},
    "labelled": {**SPEC, "labels": "given_labels"},
    "groups": {
        **SPEC,
        "targets": {
            "large_entity": 100,
            "max_entity_share": 0.5,
            "warn_entity_share": 0.9,
            "min_transitivity": 0.9,
            "max_large_entity_share": 0.1,
        },
    },
}
MODELS = {
    "int_{}__entities": "select * from given_records",
    "int_{}__keyed_records": "select *, '' as input_digest from given_records",
    "int_{}__candidate_pairs": "select *, 0 as record_key_l, 0 as record_key_r, 1 as rule_mask from given_pairs",
    "{}_matches": "select * from given_pairs",
    "int_{}__pair_scores": "select 0 as record_key_l, 0 as record_key_r, 0.0 as match_probability",
    "int_{}__closure_scores": "select * from given_closure",
    "int_{}__match_thresholds": "select 0.9 as match_threshold, 0.5 as review_threshold",
    "int_{}__links": "select * from given_links",
    "{}_review_queue": "select * from given_pairs where false",
    "{}_quality_issues": "select record_id, false as is_used from given_records where false",
    "int_{}__golden_checks": "select 'name' as field, false as is_right, false as any_right where false",
    "{}_metrics": "{{{{ dbt_dedup.metrics('{}') }}}}",
}
TESTS = (
    "data_tests: [dbt_dedup.targets_are_met, dbt_dedup.targets_are_safe: {config: {severity: warn}},"
    " dbt_dedup.targets_are_measured: {config: {severity: warn}}]"
)
GUARDS = ("largest_entity_share", "large_entity_share", "large_entity_record_share", "transitivity")
WHOLE, CHAIN, CLOSED, COPIES = "whole", "chain", "closed", "copies"
Groups = list[tuple[int, int, str]]
Measure = Callable[..., Project]
Labels = Sequence[tuple[int, int, str, bool]]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """A project that measures entities which a test gives as (how many, records in each, how they hold together)."""
    folder = tmp_path_factory.mktemp("guards")
    models = {
        f"{name.format(entity)}.sql": "{{ config(materialized='view') }}\n" + sql.format(entity)
        for entity in ENTITIES
        for name, sql in MODELS.items()
    }
    models["given_labels.sql"] = "{{ config(materialized='view') }}\nselect * from people_labels"
    write_package_project(folder, ENTITIES, models, seeds=())
    yaml = "".join(f"  - name: {entity}_metrics\n    {TESTS}\n" for entity in ENTITIES)
    (folder / "models/tests.yml").write_text(f"models:\n{yaml}")
    project = Project(folder)

    def measure(entity: str, groups: Groups, fails: bool = False, labels: Labels = ()) -> Project:
        with duckdb.connect(str(project.database)) as connection:
            give(connection, groups)
            give_labels(connection, labels)
        project.dbt("build", "--select", f"+{entity}_metrics", fails=fails)
        return project

    return measure


def give(connection: duckdb.DuckDBPyConnection, groups: Groups) -> None:
    """Write the tables given_records and given_pairs. The first record of an entity is of source a, the others of b."""
    connection.execute("create or replace temp table groups (entities int, size int, shape varchar)")
    if groups:
        connection.executemany("insert into groups values (?, ?, ?)", groups)
    connection.execute(
        """
        create or replace table given_records as
        with entities as (
            select shape, size, row_number() over () as entity
            from (select shape, size, unnest(range(entities)) from groups)
        ), places as (
            select *, unnest(range(size)) as place
            from entities
        )
        select
            entity * 10000 + place as record_key,
            (entity * 10000 + place)::varchar as record_id,
            case when place = 0 then 'a' else 'b' end as source,
            entity * 10000 as cluster_key,
            entity * 10000 + case when shape = 'copies' then 0 else place end as representative_key,
            size as records_in_entity,
            shape,
            place
        from places
        """
    )
    connection.execute(
        """
        create or replace table given_pairs as
        select l.record_id as record_id_l, r.record_id as record_id_r, 'match' as decision
        from given_records as l
        inner join given_records as r
            on l.cluster_key = r.cluster_key and l.place < r.place
            and case l.shape when 'whole' then true when 'copies' then l.place = 0 else l.place = r.place - 1 end
        union all
        select '10000', record_id, 'review' from given_records where cluster_key <> 10000 and place = 0
        """
    )
    # the pairs of a chain that blocking did not propose are compared, too: in a closed one they match
    connection.execute(
        """
        create or replace table given_closure as
        select
            l.record_key as record_key_l,
            r.record_key as record_key_r,
            case l.shape when 'closed' then 0.9 else 0.1 end as match_probability
        from given_records as l
        inner join given_records as r on l.cluster_key = r.cluster_key and l.place < r.place - 1
        where l.shape in ('chain', 'closed') and l.records_in_entity < 100
        """
    )


def give_labels(connection: duckdb.DuckDBPyConnection, labels: Labels) -> None:
    """Write people_labels and given_links, from two record keys, the label, and whether it decides the pair."""
    connection.execute("create or replace table people_labels (record_id_l text, record_id_r text, label text)")
    connection.execute("create or replace table given_links (record_key_l int, record_key_r int)")
    for left, right, label, decides in labels:
        connection.execute("insert into people_labels values (?, ?, ?)", [str(left), str(right), label])
        if decides:
            connection.execute("insert into given_links values (?, ?)", [left, right])


def levels(project: Project, entity: str = "people") -> dict[str, str]:
    """The guards that are not ok, and their level."""
    rows = project.rows(f"select metric, level from {entity}_metrics where level <> 'ok'")
    return {metric: level for metric, level in rows if metric in GUARDS}


SMALL = [(400, 1, WHOLE), (250, 2, WHOLE), (20, 5, WHOLE)]  # 1,000 records
MILLION = [(600_000, 1, WHOLE), (188_000, 2, WHOLE), (3_000, 8, WHOLE)]  # 1,000,000 records


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([(1, 1, WHOLE)], {}),
        ([(3, 1, WHOLE)], {}),
        ([(1, 3, CHAIN)], {}),
        ([(1, 10, WHOLE)], {}),
        ([(1, 10, CHAIN)], {"transitivity": "warning"}),
        ([(1, 10, CLOSED)], {}),
        ([(1, 5000, COPIES)], {}),
        ([(60, 3, WHOLE)], {}),
        (
            [(3, 60, WHOLE)],
            {
                "largest_entity_share": "failure",
                "large_entity_share": "failure",
                "large_entity_record_share": "failure",
            },
        ),
        (SMALL, {}),
        ([*SMALL, (1, 25, WHOLE)], {"largest_entity_share": "warning"}),
        ([*SMALL, (1, 40, WHOLE)], {"largest_entity_share": "failure"}),
        ([*SMALL, (1, 25, CHAIN)], {"largest_entity_share": "warning"}),
        ([*SMALL, (20, 15, CHAIN)], {"transitivity": "warning"}),
        ([(600, 1, WHOLE), (20, 15, CHAIN)], {"transitivity": "failure"}),
        # two in five entities have over 10 records, as in historical registers, and some have 50
        (
            [(3000, 6, CHAIN), (1900, 15, WHOLE), (20, 50, WHOLE)],
            {"large_entity_record_share": "warning"},
        ),
        # each town has become one entity, but one record in five names no town
        ([(6000, 1, WHOLE), (300, 80, WHOLE)], {"large_entity_record_share": "warning"}),
        (
            [(1000, 1, WHOLE), (362, 80, WHOLE)],
            {"large_entity_record_share": "failure"},
        ),
        (MILLION, {}),
        ([*MILLION, (1, 1200, WHOLE)], {"largest_entity_share": "failure"}),
        ([*MILLION, (1, 3000, CHAIN)], {"largest_entity_share": "failure", "transitivity": "failure"}),
    ],
    ids=lambda value: (
        " ".join(f"{entities}x{size}{shape[0]}" for entities, size, shape in value) if isinstance(value, list) else ""
    ),
)
def test_the_defaults_are_right_for_tables_of_any_size(
    measured: Measure, groups: Groups, expected: dict[str, str]
) -> None:
    fails = "failure" in expected.values()
    project = measured("people", groups, fails)
    assert {metric: level for metric, level in levels(project).items() if metric not in expected} == {}
    found = {
        name: status
        for name, status in statuses(project.result).items()
        if status not in ("success", "pass") and "targets_are_measured" not in name
    }
    assert levels(project) == expected
    assert set(found.values()) == ({"fail"} if fails else set()) | (
        {"warn"} if "warning" in expected.values() else set()
    )


def test_guards_by_hand(measured: Measure) -> None:
    project = measured("people", [(2, 12, CHAIN), (1, 3, WHOLE), (1, 4, COPIES), (5, 1, WHOLE)], fails=True)
    values = dict(project.rows("select metric, value from people_metrics"))
    assert values["largest_entity"] == 12
    assert {name: values[name] for name in GUARDS} == pytest.approx(
        {
            "largest_entity_share": 12 / 33,
            "large_entity_share": 2 / 9,
            "large_entity_record_share": 24 / 33,
            "transitivity": (2 * 11 + 3) / (2 * 66 + 3),
        }
    )


def test_nothing_is_known_of_an_empty_table(measured: Measure) -> None:
    project = measured("people", [])
    assert levels(project) == dict.fromkeys(GUARDS[:3], "unknown")
    unlabelled = project.rows("select metric from people_metrics where level = 'unknown' and metric like 'label%'")
    assert sorted(unlabelled) == [("label_precision",), ("label_recall",)]


def test_records_that_are_never_compared_do_not_count_against_transitivity(measured: Measure) -> None:
    project = measured("links", [(5, 4, WHOLE), (5, 1, WHOLE)])
    project.change("delete from given_pairs where record_id_l not like '%0'")
    assert project.rows("select value from links_metrics where metric = 'transitivity'") == [(1.0,)]


@pytest.mark.parametrize(
    ("labels", "precision", "recall"),
    [
        # records 10000 and 10001 are one entity, 20000 is another
        (
            [(10000, 10001, "match", True), (10000, 20000, "match", True)],
            "unknown",
            "unknown",
        ),
        ([(10000, 10001, "match", False), (10000, 20000, "match", True)], "ok", "ok"),
        (
            [(10000, 10001, "match", False), (10000, 20000, "match", False)],
            "ok",
            "failure",
        ),
        ([(10000, 10001, "no_match", False)], "failure", "unknown"),
    ],
    ids=["all decided", "one decided", "a match is missed", "a wrong merge"],
)
def test_a_label_that_decides_its_pair_measures_nothing(
    measured: Measure, labels: Labels, precision: str, recall: str
) -> None:
    project = measured("labelled", [(2, 2, WHOLE)], "failure" in (precision, recall), labels)
    by_metric = dict(project.rows("select metric, level from labelled_metrics"))
    assert (by_metric["label_precision"], by_metric["label_recall"]) == (precision, recall)
    assert project.rows("select value from labelled_metrics where metric = 'labelled_pairs'") == [(len(labels),)]
    warned = [name for name, status in statuses(project.result).items() if status == "warn"]
    assert any("targets_are_measured" in name for name in warned) == ("unknown" in (precision, recall))


def test_a_level_of_the_spec_replaces_the_default(measured: Measure) -> None:
    project = measured("groups", [(3, 60, CHAIN)], fails=True)
    assert levels(project, "groups") == {"transitivity": "failure"}
    targets = project.rows("select metric, target, warn_target from groups_metrics where warn_target is not null")
    # a level that warns later than the target counts as equal to it; an entity of 100 records is allowed
    assert targets == [
        ("largest_entity_share", 100 / 180, 100 / 180),
        ("large_entity_share", 0.1, 0.1),
        ("large_entity_record_share", 0.1, 0.1),
        ("transitivity", 0.9, 0.9),
    ]


def test_a_table_melted_into_its_cities_fails_the_build(tmp_path: Path) -> None:
    """Thresholds so low that whoever shares a given name and a postcode is merged: 3 entities of 180 people."""
    folder = copy_reference_project(tmp_path / "project")
    (folder / "seeds/customers/raw_customers.csv").unlink()
    people = customers(180, given_name="Ann")
    for number, person in enumerate(people):
        person |= {
            "family_name": f"{chr(97 + number % 26)}{chr(97 + number // 26)}son",
            "birth_date": f"{1930 + number % 60}-0{1 + number % 9}-11",
            "email": f"ann{number}@mail.example.com",
            "postcode": ("02139", "60601", "94105")[number % 3],
        }
    write_parquet(folder / "raw_customers.parquet", text_table(people))
    (folder / "models/raw_customers.sql").write_text(f"select * from read_parquet('{folder}/raw_customers.parquet')\n")
    project_file = folder / "dbt_project.yml"
    declared = re.sub(r"      (labels|overrides|truth|truth_values): customers_\w+\n", "", project_file.read_text())
    low = "      thresholds: {match: 0, review: 0, floor: 0}\n      targets: {precision: 0.98"
    project_file.write_text(declared.replace("      targets: {precision: 0.98", low))
    project = Project(folder)
    project.dbt("build", "--exclude-resource-type", "unit_test", "--exclude", "test_name:relationships", fails=True)
    assert project.rows("select record_count from customers") == [(60,)] * 3
    failed = [name for name, status in statuses(project.result).items() if status in ("fail", "error")]
    assert failed == ["dbt_dedup_targets_are_met_customers_metrics_"]
    unmeasured = project.rows("select metric from customers_metrics where level = 'unknown' order by metric")
    assert unmeasured == [("label_precision",), ("label_recall",)]
    assert levels(project, "customers") == dict.fromkeys(GUARDS[:3], "failure")
