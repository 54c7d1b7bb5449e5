"""Decisions that hold whatever the model says: labels, rules of `never`, sources without duplicates, the size bound."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import MODELS_ONLY, Project, copy_reference_project

NAME_ALONE = {"given_name": "Ottilie", "family_name": "Vandersteen"}
MAIL_ALONE = {"email": "office@harbour-clinic.test"}
NAME_AND_MAIL = {**NAME_ALONE, "email": "o.vandersteen@quillmail.test"}


def build(
    folder: Path,
    spec: Mapping[str, Any],
    labels: list[tuple[str, str, str]] | None = None,
    records: Mapping[str, Mapping[str, str]] | None = None,
) -> Project:
    """The demo with other keys in its spec, more labels and more records by id, built without tests."""
    copy_reference_project(folder)
    file = folder / "dbt_project.yml"
    project = yaml.safe_load(file.read_text(encoding="utf-8"))
    project["vars"]["dedup_entities"]["customers"].update(spec)
    file.write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
    if labels:
        with (folder / "seeds/customers/customers_labels.csv").open("a", encoding="utf-8", newline="") as seed:
            csv.writer(seed, lineterminator="\n").writerows([*label, "", "", "", ""] for label in labels)
    if records:
        raw = folder / "seeds/customers/raw_customers.csv"
        columns = raw.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        with raw.open("a", encoding="utf-8", newline="") as more:
            writer = csv.DictWriter(more, columns, restval="", lineterminator="\n")
            writer.writerows({"customer_id": name, "source_system": "crm", **row} for name, row in records.items())
    built = Project(folder)
    built.dbt("build", *MODELS_ONLY)
    return built


@pytest.fixture(scope="module")
def unlike(demo: Project) -> list[str]:
    """Three records of three entities."""
    return [
        record
        for (record,) in demo.rows(
            "select min(record_id) from customers_crosswalk group by entity_id order by 1 limit 3"
        )
    ]


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory, unlike: list[str]) -> Project:
    """The demo with rules, a source without duplicates, and labels that join and contradict."""
    first, second, third = unlike
    return build(
        tmp_path_factory.mktemp("decided"),
        {"duplicate_free": ["billing"], "never": [{"name": "other_city", "sql": "l.city <> r.city"}]},
        [(first, second, "match"), (second, third, "match"), (first, third, "no_match")],
        {
            **{f"name{n}": NAME_ALONE for n in (1, 2)},
            **{f"mail{n}": MAIL_ALONE for n in (1, 2)},
            **{f"both{n}": NAME_AND_MAIL for n in (1, 2)},
        },
    )


def test_labels_decide(decided: Project, unlike: list[str]) -> None:
    entities = dict(decided.rows("select record_id, entity_id from customers_crosswalk"))
    with (decided.folder / "seeds/customers/customers_labels.csv").open(encoding="utf-8", newline="") as seed:
        labels = [row for row in csv.DictReader(seed) if row["record_id_l"] in entities]
    wrong = [
        row
        for row in labels
        if row["label"] in ("match", "no_match")
        and (entities[row["record_id_l"]] == entities[row["record_id_r"]]) != (row["label"] == "match")
    ]
    first, _, third = unlike
    assert [(row["record_id_l"], row["record_id_r"]) for row in wrong] == [(first, third)]
    assert decided.rows("select count(*) > 100 from customers_matches where decided_by = 'label'") == [(True,)]


def test_a_contradiction_is_listed_with_its_chain(decided: Project, unlike: list[str]) -> None:
    first, second, third = unlike
    assert decided.rows("select * from customers_cluster_issues where issue = 'contradicting_labels'") == [
        (
            "contradicting_labels",
            first,
            third,
            2,
            f"labelled no_match, but labels match: {first} = {second} = {third}",
        )
    ]


def test_a_rule_of_never_holds_for_every_pair_of_an_entity_but_for_labels(decided: Project) -> None:
    against = """
        select count(*)
        from int_customers__entities as a
        inner join int_customers__entities as b on a.cluster_key = b.cluster_key and a.record_key < b.record_key
        inner join int_customers__keyed_records as l on a.record_key = l.record_key
        inner join int_customers__keyed_records as r on b.record_key = r.record_key
        left join int_customers__links as links
            on a.record_key = links.record_key_l and b.record_key = links.record_key_r and links.decision = 'match'
        where l.city <> r.city and links.record_key_l is null
    """
    in_chains_of_labels = decided.rows(against)[0][0]
    assert in_chains_of_labels <= 20
    ruled_out = "select distinct decision from customers_matches where decided_by = 'never other_city'"
    assert decided.rows(ruled_out) == [("no_match",)]


@pytest.mark.parametrize(("value", "entities"), [("name", 2), ("mail", 2), ("both", 1)])
def test_a_name_or_a_mailbox_alone_makes_no_entity(decided: Project, value: str, entities: int) -> None:
    both = f"('{value}1', '{value}2')"
    found = decided.rows(f"select count(distinct entity_id) from customers_crosswalk where record_id in {both}")
    assert found == [(entities,)]
    decided_by = decided.rows(f"select decided_by from customers_matches where (record_id_l, record_id_r) = {both}")
    assert decided_by == [("never lone_evidence" if entities == 2 else "copy",)]


def test_copies_of_a_distinctive_record_are_one_entity_whatever_the_model_says(tmp_path: Path) -> None:
    """With thresholds that no pair reaches; `common` and its copy have values that any record may have."""
    project = build(
        tmp_path,
        {"labels_decide": False, "thresholds": {"match": 1, "review": 1, "floor": 0}},
        records={f"common{n}": {"given_name": "Michael", "city": "Houston"} for n in (1, 2)},
    )
    rows = project.dicts("select * from int_customers__keyed_records order by record_key")

    def bits(row: Mapping[str, Any], *fields: str) -> float:
        return sum(row[f"{field}__rarity"] or 0 for field in fields)

    for row in rows:
        kinds = [
            bits(row, "given_name", "family_name"),
            *(bits(row, kind) for kind in ("birth_date", "email", "phone")),
        ]
        place = max(bits(row, field) for field in ("street", "city", "postcode"))
        assert row["is_distinctive"] == (sum(kinds) + place >= math.log2(20 * len(rows)))
    copies = [
        (row, rows[row["representative_key"] - 1]) for row in rows if row["representative_key"] != row["record_key"]
    ]
    cluster = dict(project.rows("select record_key, cluster_key from int_customers__clusters"))
    decided = project.rows("select record_id_l, record_id_r, decision, decided_by from customers_matches")
    of_pair = {pair[:2]: pair[2:] for pair in decided}
    assert len(copies) > 100
    for copy, original in copies:
        is_common = copy["record_id"] == "common2"
        assert copy["is_distinctive"] is not is_common
        assert (cluster[copy["record_key"]] == cluster[original["record_key"]]) is not is_common
        expected = ("no_match", "model") if is_common else ("match", "copy")
        assert of_pair[original["record_id"], copy["record_id"]] == expected
    assert len(set(cluster.values())) > 0.9 * (len(rows) - len(copies))


def test_a_source_without_duplicates_has_one_record_in_an_entity_and_its_duplicates_are_listed(
    demo: Project, decided: Project
) -> None:
    twice = """
        select entity_id from customers_crosswalk where source = 'billing' group by entity_id having count(*) > 1
    """
    by_label = """
        select distinct l.entity_id
        from int_customers__links as links
        inner join int_customers__entities as l on links.record_key_l = l.record_key
        where links.decision = 'match'
    """
    assert len(demo.rows(twice)) > 20
    assert set(decided.rows(twice)) <= set(decided.rows(by_label))
    listed = decided.rows(
        "select count(*), min(detail) from customers_cluster_issues where issue = 'duplicate_in_source'"
    )
    assert listed[0][0] > 20
    assert listed[0][1] == "both are of source billing, which duplicate_free lists"


def test_components_are_bounded_and_the_cut_is_listed(tmp_path: Path) -> None:
    project = build(tmp_path, {"max_cluster_size": 2, "labels_decide": False})
    largest = """
        select max(records)
        from (
            select count(*) as records
            from int_customers__entities as entities
            inner join int_customers__keyed_records as records on entities.record_key = records.record_key
            where records.record_key = records.representative_key
            group by entities.cluster_key
        )
    """
    assert project.rows(largest) == [(2,)]
    parted = project.rows("select count(*), min(records) from customers_cluster_issues where issue = 'too_large'")
    assert parted[0][0] > 20
    assert parted[0][1] > 2
    assert project.rows("select count(*) from int_customers__links") == [(0,)]
