"""Whole builds: what comes out, that it comes out the same again, and what strange input and accidents do to it."""

from __future__ import annotations

import csv
import hashlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from project import (
    MARTS,
    MODELS_ONLY,
    Project,
    copied_project,
    copy_reference_project,
    keep_parsed,
    problems,
    statuses,
    write_parquet,
)

COLUMNS = (
    "customer_id",
    "source_system",
    "given_name",
    "family_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "city",
    "postcode",
    "updated_at",
)
FIELDS = COLUMNS[2:10]
ADDRESS = ("street", "city", "postcode")


def seed(project: Project, name: str) -> list[dict[str, str]]:
    with (project.folder / "seeds/customers" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def crosswalk(demo: Project) -> dict[str, str]:
    return dict(demo.rows("select record_id, entity_id from customers_crosswalk"))


# The demo


def test_every_node_of_the_demo_passes(demo: Project) -> None:
    found = statuses(demo.result)
    assert Counter(found.values()).keys() <= {"success", "pass", "no-op"}
    assert {*MARTS, "raw_customers", "int_customers__pair_scores"} <= found.keys()
    assert sum(status == "pass" for status in found.values()) > 90


def test_every_record_is_in_exactly_one_entity(demo: Project, crosswalk: dict[str, str]) -> None:
    ids = [row["customer_id"] for row in seed(demo, "raw_customers")]
    assert len(ids) == 3000
    assert [row[0] for row in demo.rows("select record_id from customers_crosswalk")] == sorted(ids)
    sizes = Counter(crosswalk.values())
    assert dict(demo.rows("select entity_id, record_count from customers")) == sizes
    people = {row["entity_id"] for row in seed(demo, "customers_truth")}
    assert len(sizes) == pytest.approx(len(people), rel=0.05)
    counted = demo.rows("select distinct entity_id, records_in_entity from customers_crosswalk")
    assert dict(counted) == sizes
    assert len(counted) == len(sizes)


def test_an_entity_id_comes_from_its_smallest_record_id(crosswalk: dict[str, str]) -> None:
    members = defaultdict(list)
    for record_id, entity_id in crosswalk.items():
        members[entity_id].append(record_id)
    for entity_id, record_ids in members.items():
        assert entity_id == hashlib.md5(min(record_ids).encode(), usedforsecurity=False).hexdigest()[:16]


def test_an_entity_lies_inside_a_component_of_the_matches(demo: Project, crosswalk: dict[str, str]) -> None:
    """Matches and labels connect records; average linkage only parts what they connect."""
    connected = demo.rows(
        """
        select record_id_l, record_id_r from customers_matches where decision = 'match'
        union
        select l.record_id, r.record_id
        from int_customers__links as links
        inner join int_customers__keyed_records as l on links.record_key_l = l.record_key
        inner join int_customers__keyed_records as r on links.record_key_r = r.record_key
        where links.decision = 'match'
        """
    )
    parent = {record_id: record_id for record_id in crosswalk}

    def root(record_id: str) -> str:
        while parent[record_id] != record_id:
            record_id = parent[record_id]
        return record_id

    for left, right in connected:
        parent[root(left)] = root(right)
    components = {record_id: root(record_id) for record_id in crosswalk}
    entities, joined = len(set(crosswalk.values())), len(set(components.values()))
    assert len(set(zip(components.values(), crosswalk.values(), strict=True))) == entities
    assert joined < entities < joined * 1.05


def sizes_by_hand(project: Project) -> dict[str, float]:
    """The metrics that guard the sizes of entities: a record counts once, however many copies it has."""
    members: dict[str, set[int]] = {}
    place: dict[str, tuple[str, int]] = {}
    for record_id, entity_id, key in project.rows(
        "select record_id, entity_id, representative_key"
        " from customers_crosswalk inner join int_customers__keyed_records using (record_id)"
    ):
        members.setdefault(entity_id, set()).add(key)
        place[record_id] = entity_id, key
    sizes = [len(keys) for keys in members.values()]
    matches = {
        (place[left][0], frozenset((place[left][1], place[right][1])))
        for left, right in project.rows(
            "select record_id_l, record_id_r from customers_matches where decision = 'match'"
            " union all select l.record_id, r.record_id from int_customers__closure_scores as scores"
            " inner join int_customers__keyed_records as l on scores.record_key_l = l.record_key"
            " inner join int_customers__keyed_records as r on scores.record_key_r = r.record_key"
            " where scores.match_probability >= (select match_threshold from int_customers__match_thresholds)"
        )
        if place[left][0] == place[right][0] and place[left][1] != place[right][1]
    }
    large = [size for size in sizes if size > 10]
    return {
        "largest_entity_share": max(sizes) / sum(sizes),
        "large_entity_share": len(large) / len(sizes),
        "large_entity_record_share": sum(large) / sum(sizes),
        "transitivity": len(matches) / sum(size * (size - 1) / 2 for size in sizes),
    }


def missed_by_hand(demo: Project) -> dict[str, float]:
    """Chao's lower bound of four captures: four of the demo's five rules share no field, each is a group of its own.

    What the fifth finds alone, which shares its postcode with another, is not missed.
    """
    scored = demo.rows(
        """
        select rule_mask, match_probability from int_customers__pair_scores
        inner join int_customers__candidate_pairs using (record_key_l, record_key_r)
        where match_probability >= 0.5 and rule_mask < 32
        """
    )
    times: Counter[int] = Counter()
    for mask, probability in scored:
        times[(mask & 0b1111).bit_count()] += probability
    unseen = 3 / 4 * times[1] * (times[1] - 1) / (2 * (times[2] + 1))
    missed = max(0.0, unseen - times[0])
    found = sum(times.values())
    return {"estimated_missed_matches": missed, "estimated_blocking_recall": found / (found + missed)}


def test_metrics_say_what_a_count_by_hand_says(demo: Project, crosswalk: dict[str, str]) -> None:
    metrics = dict(demo.rows("select metric, value from customers_metrics"))
    truth = {row["record_id"]: row["entity_id"] for row in seed(demo, "customers_truth")}
    labels = [row for row in seed(demo, "customers_labels") if row["label"] != "unsure"]
    sizes = Counter(crosswalk.values())
    true, merged, correct = (pairs_by(entity_of, crosswalk) for entity_of in (truth, crosswalk, (truth, crosswalk)))
    ((match, review),) = demo.rows("select match_threshold, review_threshold from int_customers__match_thresholds")
    decided = {frozenset((row["record_id_l"], row["record_id_r"])): row["label"] for row in labels}
    scored = demo.rows("select record_id_l, record_id_r, match_probability from customers_matches")
    undecided = [(left, right, p) for left, right, p in scored if frozenset((left, right)) not in decided]
    matched = [decided[pair] for pair in map(frozenset, (pair[:2] for pair in scored)) if pair in decided]
    by_hand = {
        "records": 3000,
        "records_with_problems": demo.rows(
            "select count(distinct record_id) from customers_quality_issues where not is_used"
        )[0][0],
        "candidate_pairs": demo.rows("select count(*) from int_customers__candidate_pairs")[0][0],
        **missed_by_hand(demo),
        "match_pairs": sum(p >= match for *_, p in undecided) + matched.count("match"),
        "entities": len(sizes),
        "duplicates_merged": 3000 - len(sizes),
        "largest_entity": max(sizes.values()),
        **sizes_by_hand(demo),
        "review_pairs": sum(p >= review and crosswalk[left] != crosswalk[right] for left, right, p in undecided),
        "labelled_pairs": len(labels),
        "label_precision": None,  # every labelled pair is decided by its label
        "label_recall": None,
        "truth_precision": correct / merged,
        "truth_recall": correct / true,
        **golden_shares_by_hand(demo),
    }
    assert metrics == {name: pytest.approx(value) for name, value in by_hand.items()}
    assert metrics["truth_precision"] >= 0.98
    assert metrics["truth_recall"] >= 0.90


def golden_shares_by_hand(demo: Project) -> dict[str, float]:
    """Of the entities in which any record has a right value, the share whose golden value is right."""
    right: dict[str, list[bool]] = defaultdict(list)
    for field, is_right, any_right in demo.rows("select field, is_right, any_right from int_customers__golden_checks"):
        if any_right:
            right[f"golden_{field}_right"].append(is_right)
    assert right.keys() == {f"golden_{field}_right" for field in FIELDS}
    return {metric: sum(answers) / len(answers) for metric, answers in right.items()}


def pairs_by(entity_of: Any, records: Any) -> int:
    """Number of pairs of records that agree in one or several entities."""
    maps = entity_of if isinstance(entity_of, tuple) else (entity_of,)
    sizes = Counter(tuple(each[record] for each in maps) for record in records)
    return sum(size * (size - 1) // 2 for size in sizes.values())


def test_every_golden_value_is_one_of_the_record_it_names(demo: Project, crosswalk: dict[str, str]) -> None:
    records = {row["record_id"]: row for row in demo.dicts("select * from stg_customers__records")}
    filled: dict[str, set[str]] = defaultdict(set)
    for record_id, entity_id in crosswalk.items():
        filled[entity_id] |= {field for field in FIELDS if records[record_id][field] is not None}
    provenance = {
        (entity_id, field): (value, record_id)
        for entity_id, field, value, record_id in demo.rows(
            "select entity_id, field, value, record_id from customers_provenance"
        )
    }
    for golden in demo.dicts("select * from customers"):
        for field in ("birth_date", "email", "phone", "given_name", "family_name"):
            assert (golden[field] is not None) == (field in filled[golden["entity_id"]])
        for field in FIELDS:
            value, record_id = provenance.get((golden["entity_id"], field), (None, None))
            assert value == (None if golden[field] is None else str(golden[field]))
            if record_id is not None:
                assert crosswalk[record_id] == golden["entity_id"]
                assert records[record_id][field] is not None
                written, served = records[record_id][f"{field}__original"], str(golden[field])
                assert served == str(records[record_id][field]) or served.upper() in " ".join(written.split()).upper()
        origins = [provenance.get((golden["entity_id"], field)) for field in ADDRESS]
        for one, other in combinations({origin[1] for origin in origins if origin}, 2):
            assert are_of_one_address(records[one], records[other])


def are_of_one_address(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether what both records say about the address is the same, apart from slips and abbreviations."""
    both = [(one[field], other[field]) for field in ADDRESS if one[field] and other[field]]
    return all(SequenceMatcher(None, *values).ratio() > 0.6 for values in both)


def test_labels_need_only_the_pair_and_the_answer(demo: Project, tmp_path: Path) -> None:
    project = demo.copied_to(tmp_path)
    features = "select * exclude (sampled_by) from int_customers__label_features order by record_id_l, record_id_r"
    given = project.rows(features)
    project.change(
        "create or replace table customers_labels as select record_id_l, record_id_r, label from customers_labels"
    )
    compiled = demo.folder / "target/compiled/dbt_dedup/models/customers/learn/int_customers__label_features.sql"
    text = compiled.read_text()
    project.dbt("run", "--select", "int_customers__label_features")
    assert compiled.read_text() == text
    assert project.rows(features) == given
    assert project.rows("select count(*), count(sampled_by) from int_customers__label_features") == [(len(given), 0)]


def test_the_review_queue_starts_with_the_most_uncertain_pair(demo: Project, crosswalk: dict[str, str]) -> None:
    queue = demo.dicts("select * from customers_review_queue")
    assert [row["queue_position"] for row in queue] == list(range(1, len(queue) + 1))
    distance = [abs(row["match_probability"] - 0.5) for row in queue]
    assert distance == sorted(distance)
    ((review,),) = demo.rows("select review_threshold from int_customers__match_thresholds")
    assert all(row["match_probability"] >= review for row in queue)
    assert all(crosswalk[row["record_id_l"]] != crosswalk[row["record_id_r"]] for row in queue)
    assert all(row["within_budget"] == (row["queue_position"] <= 500) for row in queue)
    originals = {row["customer_id"]: row for row in seed(demo, "raw_customers")}
    for row in queue:
        for side in "lr":
            assert (row[f"email_{side}"] or "") == originals[row[f"record_id_{side}"]]["email"].strip()


def test_the_demo_was_built_beside_its_profile_and_nothing_elsewhere(demo: Project) -> None:
    assert not list((demo.folder.parent / "elsewhere").iterdir())
    made = {path.name for path in demo.folder.iterdir()} - {path.name for path in copy_of_sources(demo)}
    assert made == {"dedup.duckdb", "logs", "published", "target"}


def copy_of_sources(project: Project) -> list[Path]:
    return [
        project.folder / name
        for name in ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests", "dedup_models")
    ]


# The same again


def test_two_builds_give_the_same_rows_in_the_same_order(demo: Project, tmp_path: Path) -> None:
    again = demo.with_database(tmp_path / "dedup.duckdb")
    again.dbt("build", *MODELS_ONLY, "--threads", "1")
    assert again.marts() == demo.marts()


def test_shuffled_input_and_more_threads_give_the_same_tables(demo: Project, varied: Varied) -> None:
    rows = seed(demo, "raw_customers")
    random.Random(1).shuffle(rows)
    assert varied(text_table(rows), "--threads", "4").marts() == demo.marts()


# Strange input

Varied = Callable[..., Project]


@pytest.fixture(scope="module")
def varied(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Varied:
    """The demo with any table in place of the seed raw_customers; call with a table and options of dbt to run all."""
    folder = copy_reference_project(tmp_path_factory.mktemp("varied"))
    keep_parsed(demo.folder, folder / "target")
    (folder / "seeds/customers/raw_customers.csv").unlink()
    source = folder / "raw_customers.parquet"
    (folder / "models/raw_customers.sql").write_text(f"select * from read_parquet('{source}')\n")
    project = Project(folder)
    write_parquet(source, text_table([]))
    project.dbt("seed")

    def run(table: pa.Table, *options: str) -> Project:
        write_parquet(source, table)
        project.dbt("run", *options)
        return project

    return run


def text_table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in COLUMNS})


def customers(count: int, **values: Any) -> list[dict[str, Any]]:
    return [{"customer_id": f"c{number:05}", "source_system": "crm", **values} for number in range(count)]


PERSON = {
    "given_name": "Anna",
    "family_name": "Kowalska",
    "birth_date": "1980-03-04",
    "email": "anna.kowalska@gmail.com",
    "phone": "212-555-0187",
    "street": "12 Main Street",
    "city": "Boston",
    "postcode": "02139",
    "updated_at": "2024-05-06T07:08:09",
}


def sizes(project: Project) -> list[int]:
    return sorted(size for (size,) in project.rows("select record_count from customers"))


def metrics(project: Project) -> dict[str, float]:
    return dict(project.rows("select metric, value from customers_metrics"))


def test_empty_input(varied: Varied) -> None:
    project = varied(text_table([]))
    assert sizes(project) == []
    found = metrics(project)
    assert {found[name] for name in ("records", "entities", "candidate_pairs", "review_pairs", "labelled_pairs")} == {0}
    assert {found[name] for name in ("largest_entity", "label_precision", "truth_recall")} == {None}
    profile = project.dicts("select * from customers_profile")
    assert [row["records"] for row in profile] == [0] * 8
    assert {row["completeness"] for row in profile} == {None}


def test_one_record(varied: Varied) -> None:
    project = varied(text_table(customers(1, **PERSON)))
    assert sizes(project) == [1]
    golden = project.dicts("select * from customers")[0]
    assert {name: golden[name] for name in ("given_name", "email", "phone", "street", "postcode", "sources")} == {
        "given_name": "Anna",
        "email": "annakowalska@gmail.com",
        "phone": "+12125550187",
        "street": "12 Main Street",
        "postcode": "02139",
        "sources": "crm",
    }
    assert project.rows("select distinct record_id from customers_provenance") == [("c00000",)]


def test_records_of_nulls_stay_apart(varied: Varied) -> None:
    project = varied(text_table(customers(500)))
    assert sizes(project) == [1] * 500
    assert metrics(project)["candidate_pairs"] == 0
    assert project.rows("select distinct given_name, email, street from customers") == [(None,) * 3]
    assert project.rows("select count(*) from customers_provenance") == [(0,)]


def test_identical_records_are_one_entity(varied: Varied) -> None:
    project = varied(text_table(customers(5000, **PERSON)))
    assert sizes(project) == [5000]
    assert metrics(project)["candidate_pairs"] == 4999
    stats = project.dicts("select * from customers_block_stats")
    assert [row["records_covered"] for row in stats] == [5000] * 6


def test_unicode_everywhere(varied: Varied) -> None:
    people = [
        ("Иван", "Петров", "улица Ленина 5", "Москва", "101000"),
        ("王", "小明", "南京路 12", "上海", "200000"),
        ("Łukasz", "Żółć", "ul. Ślężańska 1", "Łódź", "90-001"),
        ("José", "Núñez", "Calle Peñón 3", "A Coruña", "15001"),
        ("😀", "🎉", "🏠", "🌍", "🔢"),
        ("n\u0303ame\u0301", "ß", "\u202eevil", "\u200b", "٣٣٣٣٣"),
    ]
    rows = []
    for number, (given, family, street, city, postcode) in enumerate(people):
        person = {
            "given_name": given,
            "family_name": family,
            "street": street,
            "city": city,
            "postcode": postcode,
            "email": f"p{number}@example.org",
            "birth_date": f"1980-01-{number + 10}",
            "phone": f"212 555 01{number}8",
        }
        rows += [{"customer_id": f"日{number}", "source_system": "crm", **person}]
        rows += [{"customer_id": f"é{number}", "source_system": "billing", **person, "city": city.upper()}]
    project = varied(text_table(rows))
    assert sizes(project) == [2] * 6
    assert set(project.rows("select given_name, city from customers")) >= {
        ("Иван", "Москва"),
        ("王", "上海"),
        ("José", "A Coruña"),
    }
    assert {row[0] for row in project.rows("select record_id from customers_crosswalk")} == {
        r["customer_id"] for r in rows
    }


def test_values_of_100_000_characters(varied: Varied) -> None:
    chance = random.Random(1)
    rows = []
    for number in range(20):
        text = "".join(chance.choices("abcdefgh ", k=100_000))
        rows.append(
            {
                "customer_id": f"c{number}" + "x" * 10_000,
                "source_system": text,
                **dict.fromkeys(FIELDS, text),
                "email": "a@example.org",
                "updated_at": text,
            }
        )
    project = varied(text_table(rows))
    assert metrics(project)["candidate_pairs"] == 190
    assert sum(sizes(project)) == 20
    longest = dict(project.rows("select field, longest from customers_profile"))
    assert longest["family_name"] > 99_000
    problems_found = set(project.rows("select field, problem from customers_quality_issues"))
    assert {("birth_date", "unreadable"), ("phone", "no_digits"), ("postcode", "no_digits")} <= problems_found


def test_columns_of_other_types_than_text(varied: Varied) -> None:
    table = pa.table(
        {
            "customer_id": pa.array([10, 9, 100], pa.int64()),
            "source_system": pa.array([1, 1, 2], pa.int8()),
            "given_name": ["Anna", "Anna", "Bob"],
            "family_name": pa.array(["Kowalska", "Kowalska", None]).dictionary_encode(),
            "birth_date": pa.array([date(1980, 3, 4), date(1980, 3, 4), None], pa.date32()),
            "email": ["a@example.org", "a@example.org", None],
            "phone": pa.array([2125550187, 2125550187, 6175550187], pa.int64()),
            "street": pa.array([12, 12, None], pa.int32()),
            "city": pa.array([None, None, None], pa.null()),
            "postcode": pa.array([12139.0, 12139.0, 2139.0], pa.float64()),
            "updated_at": pa.array([datetime(2024, 5, 6), None, datetime(2025, 1, 1)], pa.timestamp("us")),
        }
    )
    project = varied(table)
    assert sizes(project) == [1, 2]
    assert project.rows(
        "select record_id, birth_date, phone, updated_at from stg_customers__records order by record_id"
    ) == [
        ("10", date(1980, 3, 4), "+12125550187", datetime(2024, 5, 6)),
        ("100", None, "+16175550187", datetime(2025, 1, 1)),
        ("9", date(1980, 3, 4), "+12125550187", None),
    ]


# Accidents


@pytest.fixture
def halted_build(demo: Project, tmp_path: Path) -> Any:
    """A build of a copy of the demo in a process of its own, halted in the middle; and the copy."""
    project = Project(copied_project(demo.folder, tmp_path / "project"))
    with pytest.MonkeyPatch.context() as patch:
        project.environment(patch)
        environment = dict(os.environ)
    command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", *MODELS_ONLY, "--threads", "1"]
    command += project.options
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "START python table model main.int_customers__pair_scores" in line:
            break
    os.kill(process.pid, signal.SIGSTOP)
    try:
        assert process.poll() is None, said
        yield project, process
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_a_killed_build_leaves_the_last_good_tables_and_the_next_build_mends_all(
    demo: Project, halted_build: Any
) -> None:
    project, process = halted_build
    process.kill()
    process.wait()
    assert project.marts() == demo.marts()
    project.dbt("build", *MODELS_ONLY)
    assert project.marts() == demo.marts()


def test_a_second_build_at_the_same_time_says_so_and_harms_nothing(demo: Project, halted_build: Any) -> None:
    project, process = halted_build
    done = project.dbt("build", *MODELS_ONLY, fails=True)
    (said,) = problems(done).values()
    assert "Could not set lock on file" in said
    assert f"PID {process.pid}" in said
    os.kill(process.pid, signal.SIGCONT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert project.marts() == demo.marts()
