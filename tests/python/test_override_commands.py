"""People overrule the model: what is written to the override log, what it changes, and that nothing of it is lost."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from project import MODELS_ONLY, Project, prepare_models, write_package_project
from small_things import RECORDS, build_things, write_csv

from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.explain.tables import open_tables
from dbt_dedup.graph import Joined
from dbt_dedup.overrides import decide
from dbt_dedup.overrides.log import COLUMNS, Override, OverrideLog, in_force, signed
from dbt_dedup.overrides.reading import check_pinned
from dbt_dedup.warehouse import DbtProject, close_connections

Run = Callable[..., Result]
SELECTED = ("--select", "+things", "+things_override_issues", "+things_cluster_issues", *MODELS_ONLY)


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("overruled")
    project = build_things(folder, COLUMNS)
    project.dbt("build", *SELECTED)
    return project


@pytest.fixture
def run(things: Project) -> Iterable[Run]:
    write_csv(things.folder / "seeds/things_overrides.csv", [COLUMNS])

    def command(*args: str) -> Result:
        options = ["--project-dir", str(things.folder), "--profiles-dir", str(things.folder)]
        return CliRunner().invoke(main, [*args, *options], catch_exceptions=False)

    yield command
    close_connections()


def entities(project: Project) -> dict[str, str]:
    return dict(project.rows("select record_id, entity_id from things_crosswalk"))


def log(project: Project) -> list[Override]:
    return OverrideLog(project.folder / "seeds/things_overrides.csv").rows()


def test_an_afternoon_of_a_steward(things: Project, run: Run) -> None:
    """Undo a wrong merge, merge two entities, pin a value, see that it held, and take one decision back."""
    before = entities(things)
    assert before["c1"] == before["c3"]
    assert before["r1"] != before["r3"]

    parted = run("unmerge", "things", "c3", "--reason", "another Bert", "--as", "ana")
    assert parted.exit_code == 0, parted.output
    assert re.search(
        r"After the next build:\n  one entity\n    c1  .*\n    c2  .*\n  one entity\n    c3", parted.output
    )
    merged = run("merge", "things", before["r1"], "r3")
    assert "    r3  sam sun" in merged.output
    pinned = run("pin", "things", "c1", "town", "Roma")
    assert f"town of entity {before['c1']}:" in pinned.output
    assert "becomes 'Roma'." in pinned.output
    assert [row.action for row in log(things)] == ["cannot_link", "cannot_link", "must_link", "pin"]
    link = log(things)[2]
    assert (link.record_id_l, link.record_id_r) == (min(id for id, of in before.items() if of == before["r1"]), "r3")
    assert {row.reason for row in log(things) if row.action == "cannot_link"} == {"another Bert"}
    assert entities(things) == before  # nothing moves before the build

    things.dbt("build", *SELECTED)
    after = entities(things)
    assert after["c1"] == after["c2"] != after["c3"]
    assert after["r1"] == after["r3"]
    assert {after["c1"], after["c3"]} >= {before["c1"]}
    assert things.rows(f"select town from things where entity_id = '{after['c1']}'") == [("Roma",)]
    assert things.rows("select * from things_override_issues") == []

    undone = run("undo", "things", log(things)[0].command_id)
    assert undone.output.count("No longer in force: c") == 2
    assert "c3 are not one entity (by ana, on " in undone.output
    things.dbt("build", *SELECTED)
    assert entities(things)["c1"] == entities(things)["c3"] == before["c1"]
    assert (
        run("undo", "things", log(things)[0].command_id).output.count("is undone already. The latest in force: ") == 1
    )


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_it_is_with_a_warning(things: Project, run: Run) -> None:
    harmless = run("pin", "things", "c1", "town", "Roma = Rome")
    assert "Warning" not in harmless.output
    warned = run("pin", "things", "c1", "name", "=1+1", "--reason", "-", "--as", "@ana")
    path = things.folder / "seeds/things_overrides.csv"
    assert warned.stderr == (
        f"Warning: 3 cells written to {path} would be run as a formula by a spreadsheet, for example '=1+1'."
        " Open the file there only by importing every column as text.\n"
    )
    assert log(things)[-1].value == "=1+1"


def test_dry_run_writes_nothing(things: Project, run: Run) -> None:
    shown = run("merge", "things", "x1", "x2", "--dry-run")
    assert shown.exit_code == 0
    assert "x1  ?[31mxena xu" in shown.output  # no control character reaches the terminal
    assert "Nothing was written: --dry-run." in shown.output
    assert log(things) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("merge", "things", "d1", "d9"), r"has no record 'd9'\. The nearest ids are .*'d1'"),
        (("merge", "things", "x1", "x1"), "there is nothing to merge"),
        (("unmerge", "things", "z1"), r"has no other record than z1: there is nothing to part\."),
        (("unmerge", "things", "x1", "z1"), "The records are of several entities: x1 of .*, z1 of "),
        (("pin", "things", "z1", "twon", "York"), r"has no field 'twon'\. Did you mean 'town'\?"),
        (("pin", "things", "z1", "town", " "), "A pinned value cannot be empty"),
        (("undo", "things"), "No override of entity 'things' is in force"),
        (("undo", "things", "abc"), "Override abc of entity 'things' does not exist"),
    ],
)
def test_bad_input(things: Project, run: Run, command: tuple[str, ...], said: str) -> None:
    refused = run(*command)
    assert refused.exit_code == 1
    assert re.search(said, refused.output), refused.output
    assert log(things) == []


def test_a_decision_against_an_earlier_one_is_refused(things: Project, run: Run) -> None:
    seed = OverrideLog(things.folder / "seeds/things_overrides.csv")
    seed.append(signed([Override("must_link", record_id_l="d1", record_id_r="d2")], "ana", "the same passport"))
    parted = run("unmerge", "things", "d1")
    assert parted.exit_code == 1
    assert "d1 and d2 are one entity (by ana, on 20" in parted.output
    assert "the same passport). Undo it first." in parted.output
    # A = B and B != C, so A is not C
    seed.append(signed([Override("cannot_link", record_id_l="d2", record_id_r="z1")], "bo", ""))
    merged = run("merge", "things", "d1", "z1")
    assert merged.exit_code == 1
    assert "keeps d2 and z1 apart (by bo, on 20" in merged.output


def test_records_that_an_override_keeps_apart_are_not_taken_out_together(things: Project, run: Run) -> None:
    """By a chain, too: k1 is to leave together with k3, which is not x1, which is k1."""
    seed = OverrideLog(things.folder / "seeds/things_overrides.csv")
    links = [("must_link", "k1", "x1"), ("cannot_link", "k3", "x1")]
    rows = [Override(action, record_id_l=left, record_id_r=right) for action, left, right in links]
    seed.append(signed(rows, "ana", ""))
    before = log(things)
    refused = run("unmerge", "things", "k3", "k1")
    assert refused.exit_code == 1
    assert "keeps k3 and x1 apart (by ana, on 20" in refused.output
    assert f"Undo it first: `dbt-dedup undo things {before[1].override_id}`." in refused.output
    assert log(things) == before
    assert run("unmerge", "things", "k1").exit_code == 0
    assert run("merge", "things", "k1", "x1").exit_code == 0  # although another record is kept apart from them


@pytest.mark.parametrize("seed", range(3))
def test_decisions_in_any_order_never_contradict_each_other(things: Project, seed: int) -> None:
    """Without a build in between; and an undo takes back what it names and no more."""
    random = np.random.default_rng(seed)
    project, rows = DbtProject(things.folder, things.folder), list[Override]()
    with open_tables(project, project.entity_spec("things")) as tables:
        ids = [record[0] for record in RECORDS if record[0][0] in "dckrx"]
        members: dict[str, list[str]] = {}
        for record in tables.by_id(ids).values():
            members.setdefault(record.entity_id, []).append(record.record_id)
        groups = [sorted(group) for group in members.values() if len(group) > 1]
        done = Counter[str]()
        for _ in range(60):
            force, command = in_force(rows), str(random.choice(["merge", "unmerge", "pin", "undo"]))
            group = groups[int(random.integers(len(groups)))]
            some = [str(name) for name in random.choice(group, int(random.integers(1, len(group) + 1)), replace=False)]
            left, right = (str(name) for name in random.choice(ids, 2, replace=False))
            try:
                if command == "merge":
                    change = decide.merge(tables, force, left, right)
                elif command == "unmerge":
                    change = decide.unmerge(tables, force, some)
                elif command == "pin":
                    change = decide.pin(tables, left, "town", "Roma")
                else:
                    change = decide.undo(tables, rows, force, None)
            except DedupError:
                done["refused"] += 1
                continue
            done[command] += 1
            added = signed(change.rows, "ana", "", force)
            rows += added
            if command == "undo":
                taken = [row for row in force if row.command_id == force[-1].command_id]
                assert in_force(rows) == [row for row in force if row not in taken]
            else:
                assert in_force(rows) == [*force, *added]
            links = {frozenset((row.record_id_l, row.record_id_r)): row for row in in_force(rows) if row.is_link}
            joined: Joined[str] = Joined()
            for row in links.values():
                if row.action == "must_link":
                    joined.join(row.record_id_l, row.record_id_r)
            for row in in_force(rows):
                if row.is_link:
                    are_joined = joined.root(row.record_id_l) == joined.root(row.record_id_r)
                    assert are_joined == (row.action == "must_link"), (seed, row)
    assert len(done) == 5
    close_connections()


def test_eight_writers_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "overrides.csv"
    write_csv(file, [COLUMNS])

    def write(name: str) -> None:
        for number in range(25):
            OverrideLog(file).append(signed([Override("pin", record_id_l=str(number), field="f", value="v")], name, ""))

    writers = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = OverrideLog(file).rows()
    assert len({(row.decided_by, row.record_id_l) for row in rows}) == len(rows) == 200
    assert len({row.override_id for row in rows}) == 200
    assert [path.name for path in tmp_path.iterdir()] == ["overrides.csv"]


@pytest.mark.parametrize(
    ("earlier", "decided_at"),
    [
        (Override("pin", record_id_l="b", field="town", decided_at="2026-03-04T05:06:07"), "2026-03-04T05:06:08"),
        (Override("pin", record_id_l="b", field="town", decided_at="2026-03-04T07:06:07+02:00"), "2026-03-04T05:06:08"),
        (Override("pin", record_id_l="b", field="town", decided_at="2026-03-03T00:00:00Z"), "2026-03-04T05:06:07"),
        (Override("pin", record_id_l="b", field="town", decided_at="9999-12-31T23:59:59"), "2026-03-04T05:06:07"),
        (Override("pin", record_id_l="b", field="town", decided_at="yesterday"), "2026-03-04T05:06:07"),
        (Override("pin", record_id_l="b", field="name", decided_at="2026-03-05"), "2026-03-04T05:06:07"),
        (Override("must_link", record_id_l="a", record_id_r="b", decided_at="2026-03-05"), "2026-03-04T05:06:07"),
    ],
)
def test_a_decision_is_later_than_those_it_overrules_although_the_clock_was_set_back(
    earlier: Override, decided_at: str
) -> None:
    now = datetime(2026, 3, 4, 5, 6, 7)
    (row,) = signed([Override("pin", record_id_l="a", field="town", value="Roma")], "ana", "", [earlier], now)
    assert row.decided_at == decided_at


def test_the_command_writes_a_decision_that_is_later_than_those_before(things: Project, run: Run) -> None:
    ahead = ["o1", "pin", "c1", "", "town", "Pisa", "", "bo", "2126-03-04T05:06:07", ""]
    write_csv(things.folder / "seeds/things_overrides.csv", [COLUMNS, ahead])
    assert run("pin", "things", "c1", "town", "Roma").exit_code == 0
    assert log(things)[-1].decided_at == "2126-03-04T05:06:08"


def test_a_link_is_later_than_the_one_on_the_same_pair() -> None:
    earlier = Override("cannot_link", record_id_l="b", record_id_r="a", decided_at="2026-03-05")
    links = [Override("must_link", record_id_l="a", record_id_r=other) for other in ("b", "c")]
    same, other = signed(links, "ana", "", [earlier], datetime(2026, 3, 4))
    assert (same.decided_at, other.decided_at) == ("2026-03-05T00:00:01", "2026-03-04T00:00:00")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """What is said of a value pinned for a field that has the name of its type, of record `a`, `b` (DE) or `c` (Oz)."""
    folder = tmp_path_factory.mktemp("pinned")
    types = ("email", "postcode", "date", "given_name", "city", "company", "identifier", "url", "number", "address")
    fields: dict[str, Any] = {name: {"type": name} for name in types}
    fields["phone"] = {"type": "phone", "country": {"column": "land"}}
    fields["full_name"] = {"type": "full_name", "column": ["first", "last"]}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [["email"]]}
    write_package_project(folder, {"people": spec}, prepare_models("people"))
    columns = ["id", *types, "phone", "land", "first", "last"]
    rows = [
        [record, *[""] * (len(columns) - 4), land, "", ""] for record, land in (("a", ""), ("b", "DE"), ("c", "Oz"))
    ]
    write_csv(folder / "seeds/raw.csv", [columns, *rows])
    Project(folder).dbt("seed")
    project = DbtProject(folder, folder)
    project.compiled = cache(project.compiled)  # type: ignore[method-assign]

    def read(field: str, value: str, record_id: str = "a", *, force: bool = False) -> list[str]:
        return check_pinned(project, "people", record_id, field, value, force=force)

    return read


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("email", "no mail", "not an address"),
        ("email", "n/a", "placeholder"),
        ("email", "123", "not an address"),
        ("postcode", "abc", "no digits"),
        ("postcode", "00000", "dummy code"),
        ("phone", "abc", "no digits"),
        ("phone", "123", "wrong length"),
        ("date", "1900-01-01", "default date"),
        ("given_name", "unknown", "placeholder"),
        ("full_name", "test test", "test value"),
        ("city", "123", "no letters"),
        ("company", "#REF!", "spreadsheet error"),
        ("identifier", "none", "placeholder"),
        ("url", "-", "placeholder"),
        ("address", "tbd", "placeholder"),
    ],
)
def test_a_value_that_a_build_leaves_out_is_not_pinned(
    reader: Callable[..., list[str]], field: str, value: str, problem: str
) -> None:
    with pytest.raises(DedupError) as error:
        reader(field, value)
    said, _, hint = str(error.value).rpartition(" Correct it, or ")
    assert said.startswith(f"{value!r} is no value of {field} that a build would use: ")
    assert problem in said
    assert hint == "add --force if it is right as it is."
    assert reader(field, value, force=True) == [said]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "Anna.Arp@Example.org"),
        ("postcode", "12346"),
        ("date", "1980-03-04"),
        ("given_name", "Anna-Lena"),
        ("full_name", "Anna Arp"),
        ("city", "York"),
        ("company", "Test & Söhne GmbH"),
        ("identifier", "A-1"),
        ("number", "0"),
        ("address", "Hauptstr. 5"),
        ("phone", "+49 30 1234567"),
    ],
)
def test_a_value_that_a_build_uses_is_pinned_without_a_word(
    reader: Callable[..., list[str]], field: str, value: str
) -> None:
    assert reader(field, value) == []


def test_a_pinned_value_is_read_by_the_country_of_the_record(reader: Callable[..., list[str]]) -> None:
    assert reader("phone", "030 1234567", "b") == []
    assert reader("phone", "030 1234567", "c") == ["Of '030 1234567' a build would remark: unknown country."]
    # a record that left the input after the build says nothing of its country
    assert reader("phone", "n/a", "gone") == []


def test_pin_refuses_a_placeholder_and_writes_it_when_it_is_forced(things: Project, run: Run) -> None:
    refused = run("pin", "things", "c1", "town", "n/a")
    assert refused.exit_code == 1
    assert "'n/a' is no value of town that a build would use: placeholder." in refused.output
    assert log(things) == []
    forced = run("pin", "things", "c1", "town", "n/a", "--force")
    assert "'n/a' is no value of town that a build would use: placeholder.\nWritten to " in forced.output
    assert [row.value for row in log(things)] == ["n/a"]


def test_an_undone_row_is_not_in_force() -> None:
    rows = [Override("pin", "a.1"), Override("pin", "a.2"), Override("undo", "b", undoes="a.1")]
    assert [row.override_id for row in in_force(rows)] == ["a.2"]


def test_a_row_of_an_unknown_action_decides_nothing(things: Project, run: Run) -> None:
    """As in a build, where it is an issue: also the half of a row that an editor left behind."""
    seed = things.folder / "seeds/things_overrides.csv"
    with seed.open("a", encoding="utf-8") as file:
        file.write("zz9,eat,d1,d2,,,,ann,2026-01-01T00:00:00,\nhalf,must_")
    assert in_force(log(things)) == []
    assert "No override of entity 'things' is in force" in run("undo", "things").output
    by_id = run("undo", "things", "zz9").output
    assert by_id == "Error: Override zz9 of entity 'things' decides nothing. None is in force.\n"


@pytest.mark.parametrize("cell", ["x" * 200_000, "x\n" * 100_000])
def test_a_cell_of_any_length_is_read(tmp_path: Path, cell: str) -> None:
    file = tmp_path / "overrides.csv"
    write_csv(file, [COLUMNS, ["o1", "pin", cell, *[""] * 7]])
    assert [row.record_id_l for row in OverrideLog(file).rows()] == [cell]


def test_a_missing_log_is_created(run: Run, things: Project) -> None:
    log = things.folder / "seeds/things_overrides.csv"
    properties = things.folder / "seeds/_seeds.yml"
    declared = properties.read_text()
    log.unlink()
    properties.unlink()
    result = run("merge", "things", "x1", "x2")
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Created {log} and the YAML next to it.\n")
    assert [row.action for row in OverrideLog(log).rows()] == ["must_link"]
    things.dbt("seed", "--select", "things_overrides", "--full-refresh")
    (things.folder / "seeds/things_overrides.yml").unlink()
    properties.write_text(declared)
