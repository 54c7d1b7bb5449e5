"""Entity ids that stay: each day's clusters are given, and dbt makes the history, the crosswalk and the ids of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from project import Project, write_package_project

Groups = Iterable[Iterable[str]]

SPEC = {
    "input": "raw",
    "record_id": "id",
    "fields": {"name": {"type": "text"}},
    "blocking": [["name"]],
}
OWN_MODELS = {
    "raw.sql": "select 'a' as id, 'a' as name",
    "int_things__keyed_records.sql": ("select record_key, record_id, cast(null as text) as source from clustered"),
    "int_things__clusters.sql": "select record_key, cluster_key from clustered",
    "int_things__pair_scores.sql": "select model_version from model",
    "things_entity_history.sql": "{{ dbt_dedup.entity_history('things') }}",
    "int_things__entities.sql": "{{ dbt_dedup.entities('things') }}",
    "things_crosswalk.sql": "{{ dbt_dedup.crosswalk('things') }}",
    "things_entity_ids.sql": "{{ dbt_dedup.entity_ids('things') }}",
}


class Days:
    """A project in which each day's clusters are given, and the tables that dbt makes of them."""

    def __init__(self, folder: Path) -> None:
        self.project = Project(write_package_project(folder, {"things": SPEC}, OWN_MODELS, seeds=()))

    def build(self, groups: Groups, *arguments: str, model: str = "m1") -> dict[str, str]:
        """Build a day of clusters of record ids; the entity of each record."""
        rows = [
            f"({key}, '{record}', {cluster})"
            for key, (record, cluster) in enumerate(
                (record, n) for n, records in enumerate(groups) for record in records
            )
        ]
        filled = [f"insert into clustered values {', '.join(rows)}"] if rows else []
        self.project.change(
            "create or replace table clustered (record_key integer, record_id text, cluster_key integer)",
            *filled,
            f"create or replace table model as select '{model}' as model_version",
        )
        self.project.dbt("run", *arguments)
        return self.crosswalk()

    def crosswalk(self) -> dict[str, str]:
        """The entity of each record."""
        return dict(self.project.rows("select record_id, entity_id from things_crosswalk"))

    def events(self, *columns: str) -> list[tuple[Any, ...]]:
        """What happened in the last run, in order."""
        return self.project.rows(
            f"""
            select {", ".join(columns or ("event", "entity_id", "record_id", "other_entity_id"))}
            from things_entity_history
            where run_id = (select max_by(run_id, event_number) from things_entity_history)
            order by event_number
            """
        )

    def ids(self) -> dict[str, tuple[str, str | None]]:
        """Status and current entity of each id that was ever given."""
        rows = self.project.rows("select entity_id, status, current_entity_id from things_entity_ids")
        return {entity: (status, current) for entity, status, current in rows}


@pytest.fixture
def days(tmp_path: Path) -> Days:
    """A new project."""
    return Days(tmp_path)


def test_ids_stay_while_records_join_leave_and_come_back(days: Days) -> None:
    first = days.build(["bc", "d"])
    assert first["b"] == first["c"] != first["d"]
    assert days.build(["bc", "d"]) == first
    joined = days.build(["abc", "d"])  # a is smaller than any record of the entity
    assert joined == {**first, "a": first["b"]}
    assert days.events() == [("record_added", first["b"], "a", None)]
    left = days.build(["ac", "d"])  # so does b, of whose id the entity's is made
    assert left == {"a": first["b"], "c": first["b"], "d": first["d"]}
    days.build(["ac"])
    assert days.ids()[first["d"]] == ("retired", None)
    assert days.build(["abc", "d"], "--full-refresh") == joined
    assert days.ids() == {entity: ("live", entity) for entity in first.values()}


def test_of_a_merge_the_larger_entity_keeps_its_id_and_of_a_split_the_larger_part(days: Days) -> None:
    first = days.build(["ab", "cde", "f"])
    merged = days.build(["abcde", "f"], model="m2")
    assert set(merged.values()) == {first["c"], first["f"]}
    assert days.events()[0] == ("merged", first["a"], None, first["c"])
    assert {reason for (reason,) in days.events("reason")} == {"another model"}
    assert days.ids()[first["a"]] == ("merged", first["c"])
    split = days.build(["abf", "cde"], model="m2")
    assert split["c"] == first["c"]
    assert split["a"] == split["f"] == first["f"]  # the only entity that goes on there
    assert first["a"] not in split.values()  # an id that was merged never comes back
    again = days.build(["ab", "cde", "f"], model="m2")
    assert again["f"] != first["f"] == again["a"]  # the larger part keeps it
    assert days.events()[-1] == ("split", again["f"], None, first["f"])


def test_of_equal_entities_the_older_keeps_its_id(days: Days) -> None:
    days.build(["z"])
    old = days.build(["z", "a"])
    assert set(days.build(["za"]).values()) == {old["z"]}


def test_an_id_is_never_given_again(days: Days) -> None:
    first = days.build(["abc"])["a"]
    given = {first}
    for _ in range(3):  # a is the smallest record, and always the one that goes
        alone = days.build(["a", "bc"])
        assert alone["b"] == first
        assert alone["a"] not in given
        given.add(alone["a"])
        days.build(["abc"])


def test_a_lost_history_is_recovered_from_the_crosswalk(days: Days) -> None:
    days.build(["ab", "c"])
    before = days.build(["b", "c"])
    days.project.change("drop table things_entity_history")
    assert days.build(["b", "ac"]) == {**before, "a": before["c"]}
    assert ("recovered from the crosswalk", "created") in days.events("reason", "event")
    again = days.build(["b", "c", "a"])  # the entity of b has the id that would be that of a
    assert {record: again[record] for record in "bc"} == before
    assert again["a"] not in before.values()


def test_an_empty_build_changes_nothing(days: Days) -> None:
    first = days.build(["ab", "c"])
    days.project.dbt("run", "--empty")
    assert days.build(["ab", "c"]) == first


def test_a_month_of_changes(days: Days) -> None:
    """No id ever means two things, and the history gives the crosswalk of every day."""
    random = np.random.default_rng(0)
    records = {f"r{n:03}": int(random.integers(30)) for n in range(60)}
    seen: set[str] = set()
    crosswalks = []
    for day in range(30):
        for record in random.choice(sorted(records), 6):
            change = random.random()
            if change < 0.3:
                records.pop(record, None)
            elif change < 0.6:
                records[f"r{random.integers(200):03}"] = int(random.integers(30))
            else:
                records[record] = int(random.integers(30))
        groups = [[r for r in records if records[r] == cluster] for cluster in range(30)]
        today = days.build([group for group in groups if group], model=f"m{day // 10}")
        assert {frozenset(group) for group in groups if group} == {
            frozenset(r for r in today if today[r] == entity) for entity in today.values()
        }
        crosswalks.append(today)
    history = days.project.dicts("select * from things_entity_history order by event_number")
    runs = list(dict.fromkeys(event["run_id"] for event in history))
    assert len(runs) == 30
    now: dict[str, str] = {}
    ended: set[str] = set()
    live: set[str] = set()
    for run, crosswalk in zip(runs, crosswalks, strict=True):
        for event in (event for event in history if event["run_id"] == run):
            record, entity = event["record_id"], event["entity_id"]
            match event["event"]:
                case "record_added":
                    now[record] = entity
                case "record_left":
                    assert now.pop(record) == entity
                case "created":
                    assert entity not in seen
                    seen.add(entity)
                    live.add(entity)
                case "returned":
                    assert entity not in live
                    assert entity not in ended
                    live.add(entity)
                case "merged":
                    ended.add(entity)
                    live.remove(entity)
                case "retired":
                    live.remove(entity)
        assert now == crosswalk
        assert live == set(crosswalk.values())
    ids = days.ids()
    assert {entity for entity, (status, _) in ids.items() if status == "live"} == live
    assert {entity for entity, (status, _) in ids.items() if status == "merged"} == ended
    assert all(current in live for entity, (_, current) in ids.items() if entity in live)
