"""The plan says what the next build does, and changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from project import MODELS_ONLY, Project, write_yaml
from small_shop import Row, change_spec, copied_shop, dedup, people, production, row, write_rows, write_shop

from dbt_dedup.plan.scratch import scratch_database
from dbt_dedup.warehouse import DbtProject, close_connections

BUILT = ("--select", "+people", "+people_entity_history", *MODELS_ONLY)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built shop with two models, the first in production."""
    folder = write_shop(tmp_path_factory.mktemp("plan"))
    dedup(folder, "train", "people", "--kind", "logistic")
    dedup(folder, "train", "people", "--kind", "additive")
    Project(folder).dbt("build", *BUILT)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Path:
    """A copy of it that reads its own files."""
    return copied_shop(built, tmp_path / "shop")


def database(folder: Path) -> Path:
    return folder / "dedup.duckdb"


def digest(folder: Path) -> str:
    return hashlib.sha256(database(folder).read_bytes()).hexdigest()


def planned(folder: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """The plan as JSON; the database is as it was, and nothing is left next to it."""
    before = digest(folder)
    result: dict[str, Any] = json.loads(dedup(folder, "plan", "people", "--json", *options, code=code).output)
    assert digest(folder) == before
    assert not list(folder.glob(".dedup_plan-*"))
    return result


def events(folder: Path) -> Counter[str]:
    """What the last run wrote to the history, counted as a plan counts."""
    with duckdb.connect(str(database(folder)), read_only=True) as connection:
        rows = connection.sql(
            "select event, entity_id, other_entity_id from people_entity_history"
            " where run_id = (select max_by(run_id, event_number) from people_entity_history)"
        ).fetchall()
    split = {entity_id for event, entity_id, _ in rows if event == "split"}
    kinds = {"merged": "merge", "split": "split", "retired": "retire", "record_left": "lost_record"}
    found = Counter(kinds[event] for event, _, _ in rows if event in kinds)
    for event, entity_id, other in rows:
        if event == "record_added":
            found["moved_record" if other else "new_record"] += 1
        if event in ("created", "returned") and entity_id not in split:
            found["appear"] += 1
    return found


def golden(folder: Path) -> dict[str, tuple[Any, ...]]:
    with duckdb.connect(str(database(folder)), read_only=True) as connection:
        rows = connection.sql("select entity_id, name, email, city from people").fetchall()
    return {entity_id: tuple(values) for entity_id, *values in rows}


def changed(rows: list[Row]) -> list[Row]:
    """A day later: two people gone, one record gone, one person new, a record that says another e-mail and city."""
    kept = [r for r in rows if not r["person_id"].startswith(("p7-", "p9-")) and r["person_id"] != "p2-c"]
    joined = [
        r | {"email": "anna.ackermann.0@example.org", "name": "Anna Ackermann", "city": "berlin"}
        if r["person_id"] == "p13-a"
        else r
        for r in kept
    ]
    return [*joined, row("p90-a", "Zora Zimmer", "zora@example.org", "ulm")]


def test_nothing_changes(shop: Path) -> None:
    plan = planned(shop, "--exit-code")
    assert not any(plan["counts"].values())
    assert plan["changed_values"] == 0
    assert plan["entities_before"] == plan["entities_after"] > 0
    said = dedup(shop, "plan", "people").output
    assert said.splitlines()[0] == f"The next build of people with {production(shop)}, which is in production:"
    assert said.splitlines()[1].startswith("  nothing changes (")


def test_the_build_does_what_the_plan_says(shop: Path) -> None:
    write_rows(shop, changed(people()))
    plan = planned(shop, "--exit-code", "--limit", "1000", code=3)
    before = golden(shop)
    Project(shop).dbt("build", *BUILT)
    after = golden(shop)
    assert events(shop) == {kind: number for kind, number in plan["counts"].items() if number}
    assert plan["counts"]["new_record"] == 1
    assert plan["counts"]["lost_record"] == 4
    assert plan["counts"]["retire"] >= 2
    assert (plan["entities_before"], plan["entities_after"]) == (len(before), len(after))
    assert {(value["entity_id"], value["after"]) for value in plan["values"]} == {
        (entity_id, new)
        for entity_id in before.keys() & after.keys()
        for old, new in zip(before[entity_id], after[entity_id], strict=True)
        if old != new
    }
    new = [change["entity_id"] for change in plan["changes"] if change["change"] == "appear"]
    assert set(new) == after.keys() - before.keys()


def test_what_another_model_would_change(shop: Path) -> None:
    write_rows(shop, changed(people()))
    Project(shop).dbt("build", *BUILT)
    (other,) = (f.name for f in (shop / "dedup_models/people").iterdir() if f.is_dir() and f.name != production(shop))
    plan = planned(shop, "--model", other)
    assert (plan["version"], plan["is_in_production"]) == (other, False)
    shown = dedup(shop, "promote", "people", other, "--dry-run", "--force", "--reason", "trial").output
    assert production(shop) != other
    said = dedup(shop, "promote", "people", other, "--force", "--reason", "trial").output
    assert said.splitlines()[0] == shown.splitlines()[0]
    Project(shop).dbt("build", *BUILT)
    happened = events(shop) if any(plan["counts"].values()) else {}
    assert happened == {kind: number for kind, number in plan["counts"].items() if number}
    if happened:
        assert f"{plan['counts']['merge']} merged into another, {plan['counts']['split']} split off another" in said
    else:
        assert said.startswith(f"With {other} no entity of people changes.")


def test_a_first_build(shop: Path) -> None:
    database(shop).unlink()
    said = dedup(shop, "plan", "people").output
    assert "(0 before, " in said
    assert not database(shop).exists()
    assert not list(shop.glob(".dedup_plan-*"))


def test_compiled_scoring_tries_a_model_that_is_not_compiled(shop: Path) -> None:
    dedup(shop, "compile", "people")
    change_spec(shop, scoring="sql")
    Project(shop).dbt("build", *BUILT)
    (other,) = (f.name for f in (shop / "dedup_models/people").iterdir() if f.is_dir() and f.name != production(shop))
    assert planned(shop, "--model", other)["version"] == other
    assert not any(planned(shop)["counts"].values())


def test_a_build_that_fails_leaves_nothing(shop: Path) -> None:
    (shop / "models/raw_people.sql").write_text("select nothing from nowhere")
    before = digest(shop)
    said = dedup(shop, "plan", "people", code=1).output
    assert "raw_people" in said
    assert digest(shop) == before
    assert not list(shop.glob(".dedup_plan-*"))


def test_tables_of_another_version_do_not_keep_from_a_promotion(shop: Path) -> None:
    (other,) = (f.name for f in (shop / "dedup_models/people").iterdir() if f.is_dir() and f.name != production(shop))
    Project(shop).change(
        "alter table int_people__pair_features drop column name_rarity",
        "alter table int_people__match_thresholds drop column match_threshold",
        "alter table people_entity_history rename column event_number to number",
        "alter table people rename column entity_id to id",
    )
    said = dedup(shop, "promote", "people", other, "--dry-run", "--force", "--reason", "trial").output.splitlines()[0]
    assert said.startswith("What becomes of the entities is unknown: dbt build: ")
    assert re.search(r"int_people__pair_scores\w*: .*\bname_rarity\b", said)
    assert said.endswith(f". `dbt-dedup plan people --model {other}` tells it: it builds from the input.")
    said = dedup(shop, "why", "people", "p1-a", "p1-b", code=1).output
    assert f"The tables in {database(shop)} are not those that this command reads: " in said
    assert 'Referenced column "match_threshold" not found' in said
    assert "another version of the package or another spec. Run `dbt build`, and run this again." in said
    said = dedup(shop, "find", "people", "name=Anna Ackermann", code=1).output
    assert 'are not built, or not from the spec as it is now: Binder Error: Referenced column "entity_id" not' in said


def test_tables_in_another_database_are_not_planned(shop: Path) -> None:
    duckdb.connect(str(shop / "other.duckdb")).close()
    profile = yaml.safe_load((shop / "profiles.yml").read_text())
    profile["shop"]["outputs"]["dev"]["attach"] = [{"path": str(shop / "other.duckdb"), "alias": "other"}]
    write_yaml(shop / "profiles.yml", profile)
    project = yaml.safe_load((shop / "dbt_project.yml").read_text())
    project["models"]["shop"]["people"] = {"+database": "other"}
    write_yaml(shop / "dbt_project.yml", project)
    said = dedup(shop, "plan", "people", code=1).output
    assert "cannot be said" in said
    assert "is in database other" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_reads_the_copy_who_may_not_read_the_database(shop: Path) -> None:
    with scratch_database(DbtProject(shop, shop)) as copy:
        assert copy.is_file()
        assert copy.parent.stat().st_mode & 0o777 == 0o700
    close_connections()


def test_what_a_killed_plan_left_is_removed(shop: Path) -> None:
    left = shop / ".dedup_plan-abc"
    left.mkdir()
    (shop / ".dedup_plan-abc.lock").touch()
    (left / "dedup.duckdb").write_bytes(b"half")
    (shop / ".dedup_plan-def.lock").touch()  # killed before it made its folder
    planned(shop)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--model", "logistic-00000000"), "logistic-00000000"),
        (("--limit", "-1"), "-1"),
    ],
)
def test_bad_options(shop: Path, options: tuple[str, ...], said: str) -> None:
    result = dedup(shop, "plan", "people", *options, code=2 if "--limit" in options else 1)
    assert said in result.output


def test_a_database_that_another_process_writes(shop: Path) -> None:
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    writer = context.Process(target=hold, args=(str(database(shop)), held, done))
    writer.start()
    try:
        assert held.wait(60)
        assert "dedup.duckdb" in dedup(shop, "plan", "people", code=1).output
    finally:
        done.set()
        writer.join()
    assert not list(shop.glob(".dedup_plan-*"))


def hold(path: str, held: Any, done: Any) -> None:
    """Keep a database open for writing until it is told to end."""
    with duckdb.connect(path):
        held.set()
        done.wait(120)
