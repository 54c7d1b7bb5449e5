"""Entity ids that stay: each day's clusters are given, and dbt makes the history, the crosswalk and the ids of them."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
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

    def __init__(self, folder: Path, **spec: Any) -> None:
        self.project = Project(write_package_project(folder, {"things": {**SPEC, **spec}}, OWN_MODELS, seeds=()))
        self.keys: dict[str, int] = {}

    def build(self, groups: Groups, *arguments: str, model: str = "m1") -> dict[str, str]:
        """Build a day of clusters of record ids; the entity of each record."""
        rows = []
        for group in map(list, groups):
            keys = [self.keys.setdefault(record, len(self.keys)) for record in group]
            rows += [f"({key}, '{record}', {min(keys)})" for key, record in zip(keys, group, strict=True)]
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

    def copied_to(self, folder: Path) -> Days:
        """A copy of the project as it is, with its database."""
        days = copy(self)
        days.project, days.keys = self.project.copied_to(folder), dict(self.keys)
        return days

    def history(self) -> list[tuple[Any, ...]]:
        """What ever happened, in order."""
        columns = "event_number, event, entity_id, record_id, other_entity_id, model_version, reason"
        return self.project.rows(f"select {columns} from things_entity_history order by event_number")

    def read_the_whole_past(self) -> bool:
        """Whether the last run made the history from all of it: else it began with the entities of the run before."""
        (sql,) = (
            done.node.compiled_code
            for done in self.project.result.result.results
            if done.node.name == "things_entity_history"
        )
        return "int_things__entities" not in sql

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


def test_only_the_past_of_touched_entities_is_read(tmp_path: Path) -> None:
    """Random days: the history is the one that is made from the whole past."""
    random = np.random.default_rng(4)
    whole, touched = Days(tmp_path / "whole"), Days(tmp_path / "touched", incremental=True)
    homes = {f"r{n:02}": int(random.integers(25)) for n in range(50)}
    records = dict(list(homes.items())[:40])
    for day in range(8):
        for record in random.choice(sorted(homes), 8, replace=False):
            change = random.random()
            if change < 0.4:
                records.pop(record, None)
            else:
                records[record] = homes[record] if change < 0.7 else int(random.integers(25))
        groups = [group for n in range(25) if (group := [r for r in records if records[r] == n])]
        crosswalks = [days.build(groups, model=f"m{day // 4}") for days in (whole, touched)]
        assert crosswalks[0] == crosswalks[1]
        assert whole.history() == touched.history()
        assert touched.read_the_whole_past() == (day == 0)
    assert {event for _, event, *_ in whole.history()} == {
        "created", "merged", "record_added", "record_left", "retired", "returned", "split"
    }  # fmt: skip


def test_a_record_that_comes_back_touches_the_entity_that_it_left(tmp_path: Path) -> None:
    days = Days(tmp_path, incremental=True)
    first = days.build(["abc", "d"])
    days.build(["a", "d"])
    back = days.build(["a", "bc", "d"])
    assert not days.read_the_whole_past()
    assert back["b"] == first["a"] != back["a"]  # most of its records are there
    assert days.events()[-1] == ("split", back["a"], None, first["a"])


ENTITIES, HISTORY = "int_things__entities", "things_entity_history"
OF_D = f"(select {{}} from {ENTITIES} where record_id = 'd')"


@pytest.fixture(scope="module")
def second_day(tmp_path_factory: pytest.TempPathFactory) -> Days:
    """Entities of which some were merged, and one ended."""
    days = Days(tmp_path_factory.mktemp("second_day"), incremental=True)
    days.build(["ab", "c", "de", "f"])
    days.build(["abc", "de"])
    assert not days.read_the_whole_past()
    return days


@pytest.mark.parametrize(
    "tampering",
    [
        f"drop table {ENTITIES}",
        f"delete from {ENTITIES} where record_id = 'b'",
        f"update {ENTITIES} set entity_id = {OF_D.format('entity_id')} where record_id = 'c'",
        f"update {ENTITIES} set cluster_key = {OF_D.format('record_key')} where record_id = 'c'",
        f"update {ENTITIES} set record_key = 4 - record_key, cluster_key = 4 - cluster_key",
        f"delete from {HISTORY} where event = 'record_added' and record_id = 'b'",
        f"delete from {HISTORY} where event = 'retired'",
        f"update {HISTORY} set entity_id = 'another' where record_id = 'c' and event = 'record_added'",
    ],
)
def test_where_history_and_entities_disagree_the_whole_past_is_read(
    second_day: Days, tmp_path: Path, tampering: str
) -> None:
    day = second_day.copied_to(tmp_path / "day")
    day.project.change(tampering)
    full = day.copied_to(tmp_path / "full")
    groups = ["a", "bc", "d", "ef"]
    assert day.build(groups) == full.build(groups, "--full-refresh")
    assert day.read_the_whole_past()
    assert day.history() == full.history()


def test_after_a_build_that_was_killed_behind_the_history_the_whole_past_is_read(
    second_day: Days, tmp_path: Path
) -> None:
    day, full = (second_day.copied_to(tmp_path / name) for name in ("day", "full"))
    for days in (day, full):
        days.build(["ab", "c", "de"], "--select", HISTORY)
    # where the table of the run before shows no change, the history does
    assert day.build(["abc", "de"]) == full.build(["abc", "de"], "--full-refresh")
    assert day.read_the_whole_past()
    assert day.history() == full.history()
    day.build(["ab", "c", "de"])
    assert not day.read_the_whole_past()
