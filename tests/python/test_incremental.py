"""An entity with `incremental: true` ends where a full build with its counts ends, whatever changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from project import MODELS_ONLY, Project, problems
from small_shop import CITIES, FAMILY, GIVEN, Row, change_spec, copied_shop, dedup, people, row, write_rows, write_shop

from dbt_dedup.warehouse import DbtProject, close_connections

SEQUENCES = int(os.environ.get("DEDUP_SEQUENCES", "1"))
STEPS = 2
EVERY_NTH_MODEL = int(os.environ.get("DEDUP_KILLED_MODELS", "15"))  # 1 kills a build at every model
# without what is made of the public relations of records, pairs and entities
SELECTED = ("--select", "+people", "+people_matches", "+people_crosswalk", "+people_profile", *MODELS_ONLY)
# of these, what is known before any pair is compared, which builds in a third of the time
RECORDS = ("--select", "+int_people__keyed_records", "+people_profile", "+people_quality_issues", *MODELS_ONLY)
OVERRIDES = ("override_id", "action", "record_id_l", "record_id_r", "field", "value", "decided_at")
# What a build adds to and never makes anew, and the counts: a full build to compare with begins with them.
STATE = (
    "int_people__record_keys",
    "int_people__value_counts",
    "int_people__token_counts",
    "int_people__record_memory",
    "people_entity_history",
    "people_history_issues",
    "people_quality_history",
)
# is_scored is whether the last build had the score
OF_THE_RUN = ("run_id", "last_event", "changed_at", "created_at", "ended_at", "found_at", "is_scored")
# They also say which count of the values a row is of, and so differ where both databases counted.
OF_THE_COUNT = ("counted_by", "row_hash", "definition")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built shop with a cap on blocks that a few records cross."""
    folder = write_shop(
        tmp_path_factory.mktemp("incremental"), incremental=True, max_block_size=14, overrides="people_overrides"
    )
    (folder / "models/people_overrides.sql").write_text(
        f"select * from read_csv('{folder / 'people_overrides'}.csv', all_varchar = true)\n"
    )
    write_overrides(folder, [])
    dedup(folder, "train", "people", "--kind", "logistic")
    Project(folder).dbt("build", *MODELS_ONLY)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Project:
    """A copy of it that reads its own files."""
    return Project(copied_shop(built, tmp_path / "shop"))


def write_overrides(folder: Path, pairs: Iterable[tuple[str, str, str]]) -> None:
    rows = [
        dict.fromkeys(OVERRIDES, "")
        | {"override_id": f"o{n:03}", "action": action, "record_id_l": left, "record_id_r": right}
        | {"decided_at": "2026-01-01 00:00:00"}
        for n, (action, left, right) in enumerate(pairs)
    ]
    write_rows(folder, rows or [dict.fromkeys(OVERRIDES, "")], "people_overrides")


def fresh(project: Project, folder: Path) -> Project:
    """The same project with a database that has only the state of the other one."""
    folder.mkdir(parents=True)
    other = project.with_database(folder / "dedup.duckdb")
    with duckdb.connect(str(other.database)) as connection:
        connection.execute(f"attach '{project.database}' as before (read_only)")
        for table in STATE:
            connection.execute(f"create table {table} as select * from before.{table}")
    return other


def relations(
    project: Project, without: Collection[str] = (), known: Collection[str] | None = None
) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every relation, or of those that are `known`, sorted, without the columns that name the run."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        names = "select table_name from information_schema.tables where table_name like '%people%' order by 1"
        found = {}
        for (name,) in connection.execute(names).fetchall():
            if known is not None and name not in known:
                continue
            columns = sorted(set(connection.table(name).columns) - {*OF_THE_RUN, *without})
            listed = ", ".join(f'"{column}"' for column in columns)
            rows = connection.sql(f"select {listed} from {name}").fetchall()
            found[name] = sorted(rows, key=lambda values: tuple(map(repr, values)))
    return found


def differences(one: Project, other: Project, without: Collection[str] = ()) -> dict[str, tuple[list[Any], list[Any]]]:
    """What each relation has in one database and not in the other, a few rows of both."""
    right = relations(other, without)
    left = relations(one, without, right)
    assert {"stg_people__records", "int_people__keyed_records"} <= right.keys() <= left.keys()
    found = {}
    for name in right:
        if left[name] != right[name]:
            ours, theirs = set(map(repr, left[name])), set(map(repr, right[name]))
            found[name] = (sorted(ours - theirs)[:3], sorted(theirs - ours)[:3])
    return found


class Changes:
    """Random changes of the input, the labels and the overrides of a shop."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = np.random.default_rng(seed)
        self.folder = folder
        self.rows = people()
        self.gone: list[Row] = []
        self.overrides: list[tuple[str, str, str]] = []
        self.added = 0

    def some(self, most: int = 4) -> list[Row]:
        count = min(int(self.random.integers(1, most + 1)), len(self.rows))
        return [self.rows[i] for i in self.random.choice(len(self.rows), count, replace=False)]

    def word(self, words: Iterable[str]) -> str:
        return str(self.random.choice(list(words))).title()

    def add(self) -> None:
        for _ in range(int(self.random.integers(1, 5))):
            self.added += 1
            name = f"{self.word(GIVEN)} {self.word([*FAMILY, f'new{self.added}'])}"
            email = self.some(1)[0]["email"] if self.random.random() < 0.3 else f"n{self.added}@example.org"
            self.rows.append(row(f"n{self.added}-a", name, email, self.word(CITIES), source=self.word(["crm", "web"])))

    def change(self) -> None:
        for each in self.some():
            field = str(self.random.choice(["name", "email", "city", "updated_at", "source"]))
            values = {"updated_at": "2026-02-03", "source": "web", "email": self.some(1)[0]["email"]}
            each[field] = values.get(field, f"{each[field]}s" if self.random.random() < 0.5 else self.some(1)[0][field])

    def empty(self) -> None:
        for each in self.some(2):
            each |= {"name": "", "email": "", "city": ""}

    def delete(self) -> None:
        gone = {each["person_id"] for each in self.some()}
        self.gone += [each for each in self.rows if each["person_id"] in gone]
        self.rows = [each for each in self.rows if each["person_id"] not in gone]

    def come_back(self) -> None:
        """Records that were deleted."""
        self.rows += self.gone
        self.gone = []

    def reorder(self) -> None:
        self.random.shuffle(self.rows)

    def repeat(self) -> None:
        """Copies of records under ids that sort before or behind theirs."""
        for each in self.some():
            self.added += 1
            self.rows.append(each | {"person_id": f"{self.random.choice(['a', 'z'])}{self.added}-a"})

    def make_identical(self) -> None:
        one, *others = self.some()
        for other in others:
            other |= {field: one[field] for field in ("name", "email", "city")}

    def crowd(self) -> None:
        """Records of one family, or its records gone: a block crosses the cap."""
        family = self.word(FAMILY)
        if self.random.random() < 0.5:
            for given in GIVEN[:6]:
                self.added += 1
                self.rows.append(row(f"c{self.added}-a", f"{given} {family}", f"c{self.added}@example.org", "ulm"))
        else:
            kept = [each for each in self.rows if family not in each["name"]]
            self.rows = kept + [each for each in self.rows if family in each["name"]][:3]

    def lose_source(self) -> None:
        self.rows = [each for each in self.rows if each["source"].lower() != "web"]

    def decide(self) -> None:
        if len(self.rows) > 1:
            left, right = (self.rows[i]["person_id"] for i in self.random.choice(len(self.rows), 2, replace=False))
            self.overrides.append((str(self.random.choice(["must_link", "cannot_link"])), left, right))

    def label(self) -> None:
        pairs = [self.random.choice(len(self.rows), 2, replace=False) for _ in range(3)]
        words = ["match", "no_match", "no_match"]
        with (self.folder / "people_labels.csv").open("a", newline="\r\n") as file:
            for (left, right), word in zip(pairs, words, strict=True):
                file.write(f"{self.rows[left]['person_id']},{self.rows[right]['person_id']},{word}\n")

    def happen(self) -> list[str]:
        """A few of them, written to the files; their names."""
        names: tuple[str, ...] = (
            "add",
            "change",
            "empty",
            "delete",
            "come_back",
            "reorder",
            "repeat",
            "make_identical",
            "crowd",
            "lose_source",
        )
        names += ("decide", "label")
        chosen = [str(name) for name in self.random.choice(names, int(self.random.integers(1, 4)), replace=False)]
        for name in chosen:
            getattr(self, name)()
        write_rows(self.folder, self.rows)
        write_overrides(self.folder, self.overrides)
        return chosen


@pytest.mark.parametrize("selected", [RECORDS, SELECTED], ids=["records", "entities"])
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_builds_end_where_a_full_build_does(
    seed: int, selected: tuple[str, ...], shop: Project, tmp_path: Path
) -> None:
    changes, done = Changes(seed, shop.folder), []
    for step in range(STEPS):
        done.append(changes.happen())
        if step == STEPS - 1:
            full = fresh(shop, tmp_path / "full")
        shop.dbt("build", *selected)
    full.dbt("build", *selected)
    found = differences(shop, full)
    assert not found, (done, found)


def test_a_full_refresh_gives_the_same(shop: Project, tmp_path: Path) -> None:
    refreshed = shop.copied_to(tmp_path / "refreshed")
    refreshed.dbt("build", "--full-refresh", *SELECTED)
    assert differences(shop, refreshed, OF_THE_COUNT) == {}
    counted_by = "select distinct counted_by from int_people__value_counts"
    assert shop.rows(counted_by) != refreshed.rows(counted_by)


def test_counts_stay_until_a_full_refresh(shop: Project) -> None:
    count = (
        "select value, records, is_counted from int_people__value_counts where value in ('aachen', 'ulm') order by 1"
    )
    ((_, records, _),) = shop.rows(count)
    write_rows(shop.folder, [*people(), *(row(f"q{n}", f"Wim{n} Q", f"q{n}@example.org", "Ulm") for n in range(3))])
    shop.dbt("build", "--select", "+int_people__keyed_records", *MODELS_ONLY)
    assert shop.rows(count) == [("aachen", records, True), ("ulm", 1, False)]
    # the profile is of the records that are there
    shop.dbt("build", "--select", "people_profile", *MODELS_ONLY)
    assert shop.rows("select distinct_values from people_profile where field = 'city'") == [(len(CITIES) + 1,)]
    shop.dbt("build", "--full-refresh", "--select", "+int_people__keyed_records", *MODELS_ONLY)
    assert shop.rows(count) == [("aachen", records, True), ("ulm", 3, True)]


TAMPERED = "select record_id from {} where city = 'tampered' order by 1"


def test_only_what_changed_is_read(shop: Project) -> None:
    """Rows that were changed behind the back of dbt show which are computed again."""
    tables = {"stg_people__records": "record_id", "int_people__keyed_records": "record_id", "people": "city__record_id"}
    golden = "int_people__golden_values"
    for table in ("stg_people__records", "int_people__keyed_records", golden):
        shop.change(f"update {table} set city = 'tampered'")
    before = {table: shop.rows(f"select count(*) from {table}") for table in tables}
    rows = people()
    rows[10]["city"] = "Ulm"
    write_rows(shop.folder, [*rows[:20], *rows[21:]])
    shop.dbt("build", *SELECTED)
    entity = shop.rows(f"select entity_id from people_crosswalk where record_id = '{rows[10]['person_id']}'")[0][0]
    for table in ("stg_people__records", "int_people__keyed_records"):
        assert shop.rows(f"select record_id, city from {table} where city <> 'tampered'") == [
            (rows[10]["person_id"], "ulm")
        ]
        assert shop.rows(f"select count(*) from {table}") == [(before[table][0][0] - 1,)]
    again = {each for (each,) in shop.rows(f"select entity_id from {golden} where city <> 'tampered'")}
    without = shop.rows(f"select entity_id from {golden} where city = 'tampered'")
    assert entity in again
    assert len(again) <= 3 < len(without)


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        ("people", "entity_id", "city"),
        ("people_crosswalk", "record_id", "first_entity_id"),
        ("int_people__entities", "record_key", "source"),
    ],
)
def test_rows_that_differ_are_written_and_no_others(shop: Project, table: str, key: str, column: str) -> None:
    rows = people()
    rows[10]["city"] = "Ulm"
    write_rows(shop.folder, [*rows[:20], *rows[21:]])
    shop.dbt("build", *SELECTED)
    (written,) = (done.node.compiled_code for done in shop.result.result.results if done.node.name == table)
    assert shop.rows(written) == []
    ((before,),) = shop.rows(f"select count(*) from {table}")
    ((tampered,),) = shop.rows(f"select min({key}) from {table}")
    shop.change(f"update {table} set {column} = 'tampered' where {key} = '{tampered}'")
    assert [row_key for row_key, *_ in shop.rows(written)] == [tampered]
    shop.dbt("build", *SELECTED)
    assert shop.rows(f"select count(*) filter ({column} = 'tampered'), count(*) from {table}") == [(0, before)]


def test_golden_records_with_other_columns_are_all_written(shop: Project) -> None:
    golden = "select * from people order by entity_id"
    before = shop.rows(golden)
    shop.change("create or replace table people as select * exclude (city), 1 as city from people")
    shop.dbt("build", "--select", "people", *MODELS_ONLY)
    assert shop.rows(golden) == before
    shop.change("create or replace table people as select * exclude (city) from people")
    shop.dbt("build", "--select", "people", *MODELS_ONLY)
    assert shop.rows(golden) == before


@pytest.mark.parametrize("change", ["spec", "list"])
def test_another_spec_or_reference_list_is_noticed(shop: Project, tmp_path: Path, change: str) -> None:
    for table in ("stg_people__records", "int_people__keyed_records", "int_people__golden_values"):
        shop.change(f"update {table} set city = 'tampered'")
    if change == "spec":
        fields = {"name": {"type": "full_name"}, "mail": {"type": "email", "column": "email"}, "city": {"type": "city"}}
        fields["email"] = {"type": "text"}
        shop = change_spec(shop.folder, fields=fields)
    else:
        path = shop.folder / "seeds/reference/dedup_placeholders.csv"
        path.write_text(path.read_text().rstrip() + "\ncity,aachen,placeholder\n")
    shop.dbt("build", *RECORDS)
    refreshed = fresh(shop, tmp_path / "refreshed")
    refreshed.dbt("build", "--full-refresh", *RECORDS)
    assert differences(shop, refreshed, OF_THE_COUNT) == {}
    assert shop.rows("select * from int_people__keyed_records where city = 'tampered'") == []
    if change == "list":
        assert shop.rows("select * from int_people__keyed_records where city = 'aachen'") == []


KILLED_BUILD = """
import os, sys
from dbt.cli.main import dbtRunner

model, last_event, *options = sys.argv[1:]

def end(event):
    node = getattr(event.data, "node_info", None)
    if event.info.name == last_event and node is not None and node.node_name == model:
        os._exit(9)

dbtRunner(callbacks=[end]).invoke(["--log-level", "none", *options])
"""


def killed_build(shop: Project, model: str, last_event: str, *args: str) -> None:
    """A build in a process of its own that ends without a word at an event of one model."""
    with pytest.MonkeyPatch.context() as patch:
        shop.environment(patch)
        command = [sys.executable, "-c", KILLED_BUILD, model, last_event, *args, *shop.options]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 9, (model, last_event, done.stdout, done.stderr)


def test_a_build_that_was_killed_is_made_up_for(shop: Project, tmp_path: Path) -> None:
    """For models in the order of a build: changes, and a build that is killed as one commits or behind it."""
    changes = Changes(7, shop.folder)
    shop.dbt("build", *MODELS_ONLY)
    models = [result.node.name for result in shop.result.result.results if result.node.resource_type == "model"]
    killed = models[::EVERY_NTH_MODEL]
    assert len(killed) > 3
    for place, model in enumerate(killed):
        done = changes.happen()
        # a view of records alone is made without a transaction
        for last_event in ("SQLCommit", "NodeFinished"):
            killed_build(shop, model, last_event, "build", "--threads", "1", *MODELS_ONLY)
        if place % 4 == 3 or model == killed[-1]:
            changes.change()
            write_rows(shop.folder, changes.rows)
            full = fresh(shop, tmp_path / f"full{place}")
            shop.dbt("build", *MODELS_ONLY)
            full.dbt("build", *MODELS_ONLY)
            assert differences(shop, full) == {}, (killed[: place + 1], done)


def test_only_pairs_of_records_that_changed_are_scored(shop: Project) -> None:
    """Scores that were changed behind the back of dbt show which are given again."""
    scores = "int_people__pair_scores_python"
    shop.change(f"update {scores} set match_weight = 77 where record_key_l is not null")
    rows = people()
    rows[10]["city"] = "Ulm"
    write_rows(shop.folder, [*rows[:20], *rows[21:]])
    shop.dbt("build", *SELECTED)
    changed, gone = (rows[n]["person_id"] for n in (10, 20))
    key = f"(select record_key from int_people__record_keys where record_id = '{changed}')"
    again = f"select count(*) from {scores} where match_weight <> 77 and {{}} {key} in (record_key_l, record_key_r)"
    ((of_record,),) = shop.rows(again.format(""))
    assert of_record > 0
    assert shop.rows(again.format("not")) == [(0,)]
    assert shop.rows(f"select count(*) > {of_record} from {scores} where match_weight = 77") == [(True,)]
    left = f"select count(*) from {scores} join int_people__record_keys on record_key in (record_key_l, record_key_r)"
    assert shop.rows(f"{left} where record_id = '{gone}'") == [(0,)]


def test_only_pairs_that_differ_are_put_into_words_again(shop: Project) -> None:
    """Reasons that were changed behind the back of dbt show which are written again."""
    shop.change("update people_matches set reasons_for = 'tampered'")
    pairs = "select record_id_l, record_id_r from people_matches where {} order by all"
    decided, (changed, _), (gone, _), *others = shop.rows(pairs.format("decision = 'match'"))
    assert others
    before = set(shop.rows(pairs.format("true")))
    rows = [{**each, "updated_at": "2026-02-03"} if each["person_id"] == changed else each for each in people()]
    write_rows(shop.folder, [each for each in rows if each["person_id"] != gone])
    write_overrides(shop.folder, [("cannot_link", *decided)])
    shop.dbt("build", *SELECTED)
    of_record = set(shop.rows(pairs.format(f"'{changed}' in (record_id_l, record_id_r)")))
    assert of_record
    assert before & set(shop.rows(pairs.format("reasons_for <> 'tampered'"))) == {decided, *of_record}
    assert decided in shop.rows(pairs.format("decision = 'no_match' and decided_by = 'override'"))
    assert shop.rows(pairs.format(f"'{gone}' in (record_id_l, record_id_r)")) == []
    # other thresholds are in every row
    shop = change_spec(shop.folder, thresholds={"review": 0.45, "match": 0.5})
    shop.dbt("build", *SELECTED)
    assert shop.rows(
        "select count(*) from people_matches where reasons_for = 'tampered' or match_threshold <> 0.5"
    ) == [(0,)]


def test_pairs_below_the_floor_are_remembered_and_not_shown(shop: Project) -> None:
    floor = 0.4
    shop = change_spec(shop.folder, thresholds={"floor": floor, "review": 0.45, "match": 0.5})
    shop.dbt("build", *SELECTED)
    remembered, shown = "int_people__pair_scores_python", "int_people__pair_scores"
    below = f"select count(*), count(weight_name) from {remembered} where match_probability < {floor}"
    ((pairs, weights),) = shop.rows(below)
    assert pairs > weights == 0
    assert shop.rows(f"select min(match_probability) >= {floor}, count(*) from {shown}") == [
        (True, shop.rows(f"select count(*) from {remembered}")[0][0] - pairs)
    ]
    assert shop.rows(f"select count(*) from {remembered}") == shop.rows(
        "select count(*) from int_people__candidate_pairs"
    )
    # a lower floor needs the weights of what was below it
    shop = change_spec(shop.folder, thresholds={"floor": 0.0, "review": 0.45, "match": 0.5})
    shop.dbt("build", *SELECTED)
    assert shop.rows(f"select count(*) = count(weight_name) from {shown}") == [(True,)]


def test_an_empty_build_and_a_plan_lose_nothing(shop: Project, tmp_path: Path) -> None:
    shop.dbt("build", *MODELS_ONLY)
    rows = people()
    rows[10]["city"] = "Ulm"
    write_rows(shop.folder, [*rows[:20], *rows[21:]])
    before = relations(shop)
    planned = dedup(shop.folder, "plan", "people")
    close_connections()
    assert relations(shop) == before
    shop.dbt("build", "--empty", *MODELS_ONLY)
    full = fresh(shop, tmp_path / "full")
    shop.dbt("build", *MODELS_ONLY)
    full.dbt("build", *MODELS_ONLY)
    # a build without records leaves no counts: both count again
    assert differences(shop, full, OF_THE_COUNT) == {}, planned


def test_a_new_record_is_looked_up(shop: Project) -> None:
    known = people()[0]
    found = dedup(shop.folder, "find", "people", f"name={known['name']}", f"email={known['email']}").output
    ((entity_id,),) = shop.rows(f"select entity_id from people_crosswalk where record_id = '{known['person_id']}'")
    assert entity_id in found


def test_every_column_that_is_added_is_described(shop: Project, tmp_path: Path) -> None:
    whole = Project(copied_shop(shop.folder, tmp_path / "whole"))
    whole = change_spec(whole.folder, incremental=False)
    whole.dbt("build", *SELECTED)
    columns = "select table_name, column_name, lower(data_type) from duckdb_columns() where not internal"
    added = set(shop.rows(columns)) - set(whole.rows(columns))
    added_to = {(relation, column): data_type for relation, column, data_type in added}
    described = {
        (relation, column["name"]): column
        for relation, listed in DbtProject(shop.folder, shop.folder).field_columns("people").items()
        for column in listed
    }
    close_connections()
    assert len(added_to) > 10
    for place, data_type in added_to.items():
        assert described[place]["description"].endswith(".")
        assert described[place]["data_type"] == {"varchar": "text"}.get(data_type, data_type), place


def test_a_contract_without_the_added_column_names_the_way_out(shop: Project) -> None:
    """As the files are that `init` wrote before `incremental: true` was set."""
    columns = [{"name": "record_id_l", "data_type": "text"}]
    declared = {"name": "people_matches", "config": {"contract": {"enforced": True}}, "columns": columns}
    (shop.folder / "models/contract.yml").write_text(yaml.safe_dump({"models": [declared]}))
    project = Project(shop.folder)
    project.dbt("compile", "--select", "people_matches", fails=True)
    assert "`dbt-dedup init people --update` adds it." in str(problems(project.result))


def test_another_model_scores_every_pair(shop: Project) -> None:
    scores = "select model_version, count(*) from int_people__pair_scores_python group by 1"
    ((version, pairs),) = shop.rows(scores)
    dedup(shop.folder, "train", "people", "--kind", "additive", "--promote")
    shop.dbt("build", *SELECTED)
    ((promoted, rescored),) = shop.rows(scores)
    assert promoted != version
    assert rescored == pairs


def test_a_model_that_fails_leaves_its_table_as_it_was(shop: Project) -> None:
    """The rows of what is gone are deleted before the SQL of the model runs, in the same transaction."""
    table = "select * from int_people__keyed_records order by record_key"
    before = shop.rows(table)
    write_rows(shop.folder, people()[5:])
    shop.dbt("build", "--select", "+stg_people__records", *MODELS_ONLY)
    shop.change("alter table int_people__token_counts rename column weight to weigth")
    shop.dbt("build", "--select", "int_people__keyed_records", *MODELS_ONLY, fails=True)
    assert shop.rows(table) == before
    shop.change("alter table int_people__token_counts rename column weigth to weight")
    shop.dbt("build", "--select", "int_people__keyed_records", *MODELS_ONLY)
    assert len(shop.rows(table)) == len(before) - 5
