"""A plan in words, a spec as values, and other small things that commands say and read, without dbt."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click
import duckdb
import pytest
from examples import make_spec, spec_json

from dbt_dedup import demo, seed_files
from dbt_dedup.demo import DemoResult
from dbt_dedup.errors import DedupError, plainly
from dbt_dedup.files import locked, make_folder, read_bytes, remove_file, replace_file, write_file
from dbt_dedup.plan import preview
from dbt_dedup.plan.changes import (
    ENTITY_CHANGES,
    RECORD_CHANGES,
    Change,
    ChangedValue,
    Plan,
    _first,
    _scoring_in_python,
)
from dbt_dedup.plan.text import plan_json, plan_text
from dbt_dedup.progress import TerminalLine, terminal_line
from dbt_dedup.publish.model import _shown
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.terminal import PathToWrite, say

NO_COUNTS = dict.fromkeys((*ENTITY_CHANGES, *RECORD_CHANGES), 0)


def planned(counts: dict[str, int] | None = None, changed_values: int = 0, **more: Any) -> Plan:
    given: dict[str, Any] = {
        "entity": "people",
        "version": "v2",
        "is_in_production": True,
        "entities_before": 1200,
        "entities_after": 1,
        "counts": NO_COUNTS | (counts or {}),
        "changed_values": changed_values,
        "changed_value_entities": 1000,
        "changes": (),
        "values": (),
        "names": {"e1": "Anna, Graz", "e2": "Berta"},
        "as_built": (),
    }
    return Plan(**{**given, **more})


def test_a_plan_is_empty_where_no_entity_record_or_value_changes() -> None:
    assert planned().is_empty
    assert not planned(changed_values=1).is_empty
    assert not any(planned({kind: 1}).is_empty for kind in NO_COUNTS)
    assert plan_text(planned(is_in_production=False, as_built=("raw_people",))).splitlines() == [
        "The next build of people with v2, which is not in production:",
        "  (raw_people is taken as it was built last, because building it writes outside the database)",
        "  nothing changes (1,200 golden records)",
    ]


def test_a_plan_lists_changes_by_kind_with_examples() -> None:
    counts = {"merge": 1, "split": 2, "appear": 1500, "retire": 4, "new_record": 1, "lost_record": 1, "moved_record": 1}
    changes = (
        Change("merge", "e1", "e2", None),
        Change("split", "e1", "e3", None),
        Change("appear", "e4", None, None),
        Change("retire", "e2", None, None),
        Change("new_record", "e1", None, "r1"),
        Change("lost_record", "e2", None, "r2"),
        Change("moved_record", "e1", "e2", "r3\x1b"),
    )
    values = (ChangedValue("e1", "name", "Ana", "Anna"), ChangedValue("e3", "city", None, "Graz"))
    assert plan_text(planned(counts, 1234, changes=changes, values=values)).splitlines() == [
        "The next build of people with v2, which is in production:",
        "  entities       1 merged into another, 2 split off another, 1,500 new, 4 retired (1,200 before, 1 after)",
        "  records        1 new, 1 gone, 1 in another entity",
        "  golden values  1,234 changed, in 1,000 of the entities that stay",
        "",
        "merged into another, all:",
        "  e1 (Anna, Graz) into e2 (Berta)",
        "",
        "split off another, 1 of 2:",
        "  e3 off e1 (Anna, Graz)",
        "",
        "new entities, 1 of 1,500:",
        "  e4",
        "",
        "retired entities, 1 of 4:",
        "  e2 (Berta)",
        "",
        "new records, all:",
        "  r1 in e1 (Anna, Graz)",
        "",
        "gone records, all:",
        "  r2 of e2 (Berta)",
        "",
        "records in another entity, all:",
        "  r3? from e2 (Berta) to e1 (Anna, Graz)",
        "",
        "golden values, 2 of 1,234:",
        "  e1 (Anna, Graz): name 'Ana' becomes 'Anna'",
        "  e3: city no value becomes 'Graz'",
    ]


def test_a_plan_as_json_has_its_attributes() -> None:
    found = json.loads(plan_json(planned({"merge": 1}, changes=(Change("merge", "e1", "e2", None),))))
    assert (found["entity"], found["counts"]["merge"], found["changes"][0]["other_entity_id"]) == ("people", 1, "e2")


def test_what_a_promotion_would_change_in_a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    project, spec = cast(Any, SimpleNamespace()), make_spec()
    asked: list[dict[str, Any]] = []

    def answer(found: Plan | DedupError) -> str:
        def plan(_: Any, spec: Spec, version: str, **options: Any) -> Plan:
            asked.append(options)
            if isinstance(found, DedupError):
                raise found
            return found

        monkeypatch.setattr(preview, "plan", plan)
        return preview.preview(project, spec, "v2")

    assert answer(planned()) == "With v2 no entity of customers changes."
    assert answer(planned({"merge": 1, "moved_record": 1}, 12)) == (
        "With v2, entities of customers: 1 merged into another, 0 split off another, 0 new, 0 retired (1,200 before, 1"
        " after).\n1 record in another entity, 12 golden values changed in entities that stay. Examples: `dbt-dedup"
        " plan customers --model v2`."
    )
    failed = answer(DedupError("no table.\nAnd more"))
    assert failed.startswith("What becomes of the entities is unknown: no table. `dbt-dedup plan customers")
    assert asked[0] == {"limit": 0, "from_scores": True}


def test_a_model_that_is_not_compiled_is_tried_by_scoring_in_python() -> None:
    entities = {"customers": {"input": "raw", "scoring": "sql"}, "others": {"scoring": "sql"}}
    project = cast(Any, SimpleNamespace(variables=lambda: {"dedup_entities": entities, "more": 1}))
    assert _scoring_in_python(project, make_spec()) is None
    assert _scoring_in_python(project, make_spec(scoring="sql")) == {
        "dedup_entities": {"customers": {"input": "raw", "scoring": "python"}, "others": {"scoring": "sql"}},
        "more": 1,
    }


def test_examples_are_the_first_in_order_with_empty_ones_last() -> None:
    with duckdb.connect() as connection:
        rows = connection.sql("select * from (values ('b', 1), (null, 2), ('a', 3), ('a', 1)) as t (id, n)")
        assert _first(rows, ("id", "n"), 3) == [("a", 1), ("a", 3), ("b", 1)]
        assert _first(rows, ("id",), 9)[-1] == (None, 2)
        assert _first(rows, ("id",), 0) == []


def test_a_published_file_is_shown_below_the_project(tmp_path: Path) -> None:
    inside, outside = (SimpleNamespace(path=path) for path in (tmp_path / "a/b.parquet", tmp_path.parent / "c.parquet"))
    assert _shown(cast(Any, inside), tmp_path) == "a/b.parquet"
    assert _shown(cast(Any, outside), tmp_path) == (tmp_path.parent / "c.parquet").as_posix()


def test_a_spec_is_read_with_all_that_python_needs() -> None:
    changes: dict[str, Any] = {
        "labels_decide": False,
        "duplicate_free": ["crm", "web"],
        "max_cluster_size": "30",
        "thresholds": {"match": "auto", "review": 0.4, "floor": "0.02"},
        "targets": {"precision": "0.9", "recall": 1, "review_budget": "7"},
    }
    with duckdb.connect() as connection:
        connection.execute("create table spec as select ? as spec, 'x' as other", [spec_json(**changes)])
        spec = read_spec(connection.table("spec"))
    assert (spec.labels_decide, spec.duplicate_free, spec.max_cluster_size) == (False, ("crm", "web"), 30)
    assert (spec.declared_thresholds.match, spec.declared_thresholds.review, spec.floor) == (None, 0.4, 0.02)
    assert (spec.targets.precision, spec.targets.recall, spec.targets.review_budget) == (0.9, 1.0, 7)
    assert spec.feature_names == ("name_similarity", "birth_days", "email_same", "phone_same")
    assert spec.directions == (1, -1, 1, 1)
    assert spec.weight_fields == ("name", "birth", "email", "phone")
    assert [(field.name, field.type) for field in spec.fields][:2] == [("name", "text"), ("birth", "text")]
    assert spec.features[0].description == ""
    twice = make_spec(features=[{"name": f"a_{n}", "field": "a", "direction": 0, "description": None} for n in (1, 2)])
    assert twice.weight_fields == ("a",)
    assert make_spec(labels_decide=True).labels_decide


@pytest.mark.parametrize(
    ("declared", "given", "filled"),
    [
        (("auto", "auto"), (0.8, 0.3), (0.8, 0.3)),
        ((0.9, "auto"), (0.8, 0.3), (0.9, 0.3)),
        (("auto", 0.6), (0.8, 0.3), (0.8, 0.6)),
        (("auto", 0.6), (0.5, 0.3), (0.5, 0.5)),  # review is never above match
        (("auto", "auto"), (0.1, 0.05), (0.2, 0.2)),  # and none is below the floor
        ((0.0, 0.0), (0.8, 0.3), (0.2, 0.2)),
    ],
)
def test_thresholds_that_are_auto_are_filled(
    declared: tuple[Any, Any], given: tuple[float, float], filled: tuple[float, float]
) -> None:
    spec = make_spec(thresholds={"match": declared[0], "review": declared[1], "floor": 0.2})
    thresholds = spec.fill_thresholds(*given).thresholds
    assert (thresholds.match, thresholds.review, thresholds.floor) == (*filled, 0.2)


@pytest.mark.parametrize("declared", [("auto", 0.5), (0.5, "auto"), ("auto", "auto")])
def test_thresholds_that_nobody_filled_are_not_in_effect(declared: tuple[Any, Any]) -> None:
    spec = make_spec(thresholds={"match": declared[0], "review": declared[1], "floor": 0.2})
    with pytest.raises(ValueError, match="the thresholds of entity 'customers' are auto: take them from a model"):
        _ = spec.thresholds


METRICS = {
    "records": (10_000.0, "records"),
    "candidate_pairs": (45_678.0, "pairs"),
    "entities": (7_000.0, "entities"),
    "duplicates_merged": (3_000.0, "records"),
    "review_pairs": (12.0, "pairs"),
    "truth_precision": (0.98765, "share"),
    "truth_recall": (1.0, "share"),
}


def test_the_demo_is_summed_up_in_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = demo.summary(DemoResult(METRICS, 1234, 66.6, tmp_path / "target/demo.duckdb"))
    assert text.splitlines()[:10] == [
        "Deduplicated customers in 67 seconds.",
        "",
        "  records in                   10,000",
        "  pairs compared               45,678",
        "  entities out                  7,000",
        "  duplicates merged             3,000",
        "  pairs waiting for review         12",
        "  tests passed                  1,234",
        "  precision against the truth   98.8%",
        "  recall against the truth     100.0%",
    ]
    assert "The tables are in target/demo.duckdb: customers (one row per entity)" in text
    assert "duckdb.connect('target/demo.duckdb', read_only=True).table('customers').show()" in text
    elsewhere = demo.summary(DemoResult(METRICS, 1, 1.0, tmp_path.parent / "demo.duckdb"))
    assert f"The tables are in {tmp_path.parent / 'demo.duckdb'}:" in elsewhere


def test_the_demo_counts_the_tests_that_passed_and_names_what_its_metrics_lack() -> None:
    def node(kind: str, status: str) -> Any:
        return SimpleNamespace(node=SimpleNamespace(resource_type=kind), status=status)

    results = [node("test", "pass"), node("unit_test", "pass"), node("model", "pass"), node("test", "warn")]
    rows = [(name, value, unit) for name, (value, unit) in METRICS.items()]
    asked: list[Any] = []
    warehouse = SimpleNamespace(read=lambda *_: SimpleNamespace(fetchall=lambda: rows))

    class Opened:
        def __enter__(self) -> Any:
            return warehouse

        def __exit__(self, *_: object) -> None: ...

    project = SimpleNamespace(
        node=asked.append,
        run=lambda *arguments: asked.append(arguments) or SimpleNamespace(results=results),  # type: ignore[func-returns-value]
        open=Opened,
        database=Path("demo.duckdb"),
        relation=lambda name: f"main.{name}",
    )
    started = time.monotonic()
    found = demo.run_demo(cast(Any, project))
    assert (found.tests_passed, found.metrics) == (2, METRICS)
    assert 0 <= found.seconds <= time.monotonic() - started
    assert asked == ["customers_metrics", ("build", "--exclude", "companies")]
    rows[1] = ("candidate_pairs", None, "pairs")  # type: ignore[assignment]
    with pytest.raises(
        DedupError, match=r"Table main.customers_metrics lacks candidate_pairs: was customers_metrics rep"
    ):
        demo.run_demo(cast(Any, project))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_of_a_terminal_is_written_over_and_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    stream = Terminal()
    monkeypatch.setattr(stream, "flush", lambda: flushed.append(stream.getvalue()))
    monkeypatch.setattr(sys, "stderr", stream)
    line = terminal_line()
    assert isinstance(line, TerminalLine)
    line.show("m" * 120, 3, 9)
    line.clear()
    assert flushed == [f"\r\x1b[K  3/9 {'m' * 100}", f"\r\x1b[K  3/9 {'m' * 100}\r\x1b[K"]
    monkeypatch.setattr(sys, "stderr", None)
    assert terminal_line() is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert terminal_line() is None


def test_what_is_said_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31m\nb")
    say()
    say(5, err=True, nl=False)
    assert capsys.readouterr() == ("a?[31m\nb\n\n", "5")


def test_a_path_to_write_has_a_name() -> None:
    output = PathToWrite(path_type=Path)
    command, option = click.Context(click.Command("train")), click.Option(["--output"])
    assert output.convert("a", option, command) == Path("a")
    for empty in ("", " "):
        with pytest.raises(click.BadParameter, match=r"the name is empty\. Give a name, or leave the option out\."):
            output.convert(empty, option, command)


def test_a_python_model_that_fails_shows_only_its_message() -> None:
    @plainly
    def model(fails: bool) -> int:
        """What it does."""
        if fails:
            raise DedupError("the message")
        return 5

    assert model(False) == 5
    assert model.__doc__ == "What it does."
    with pytest.raises(DedupError, match=r"^the message$") as error:
        model(True)
    assert type(error.value).__traceback__ is None
    assert error.value.__suppress_context__


def test_files_and_folders_are_made_read_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.txt"
    write_file(path, "ü\r\n")
    write_file(path, "ü\r\n")
    assert read_bytes(path) == "ü\r\n".encode()
    remove_file(path)
    remove_file(path)
    assert not path.exists()
    make_folder(path.parent)
    with pytest.raises(DedupError, match="cannot be written"):
        make_folder(Path("/proc/none/here"))
    with pytest.raises(DedupError, match="cannot be read"):
        read_bytes(path)
    with pytest.raises(DedupError, match="cannot be written"):
        remove_file(path.parent)


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    replace_file(Path(os.devnull), "a\n")
    assert not Path(os.devnull).is_file()


def test_a_lock_is_there_while_it_is_held_and_waits_no_longer_than_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock = tmp_path / "labels.csv", tmp_path / ".labels.csv.lock"
    monkeypatch.setattr("dbt_dedup.files.WAIT", 0.05)
    with locked(path):
        assert lock.exists()
        started = time.monotonic()
        with (
            pytest.raises(DedupError, match="has been locked for 0 seconds: another process is writing it"),
            locked(path),
        ):
            pass
        assert time.monotonic() - started >= 0.05
    assert not lock.exists()
    with locked(path):
        pass
    with pytest.raises(DedupError, match="cannot be changed"), locked(tmp_path / "none/labels.csv"):
        pass


def test_a_seed_is_created_with_text_columns_and_where_its_yaml_is(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    path = seed_files.create_seed(folder, "labels", ("a", "b"), "Pairs.")
    assert path == folder / "labels.csv"
    assert path.read_text() == "a,b\n"
    assert (folder / "labels.yml").read_text() == (
        "seeds:\n  - name: labels\n    description: Pairs.\n    config:\n      full_refresh: true\n"
        "      column_types:\n        a: varchar\n        b: varchar\n"
    )
    path.unlink()
    (folder / "deep").mkdir()
    (folder / "labels.yml").rename(folder / "deep/all.yaml")
    assert seed_files.create_seed(folder, "labels", ("a", "b"), "") == folder / "deep/labels.csv"
    assert seed_files.create_seed(folder, "label", ("a",), "") == folder / "label.csv"


@pytest.mark.parametrize(
    ("text", "delimiter", "message"),
    [
        ("a;b\n", ",", "has ';' between its columns, where its seed has ','"),
        ("a\tb\n", ",", r"has '\\t' between its columns"),
        ("a,b\n", ";", "has ',' between its columns, where its seed has ';'"),
        ("A, B \n", ",", "names its columns in another spelling: 'A, B'. Write them as a,b."),
        ("sep=;\na;b\n", ",", "begins with 'sep=;', which only spreadsheets read"),
        ("a,b,a\n", ",", "names column a twice in its first line"),
        ("a,c\n", ",", "lacks column b. Its first line names the columns, for example a,b,c."),
        ("", ",", "lacks column a, b."),
    ],
)
def test_a_file_without_the_columns_of_its_seed_is_named(text: str, delimiter: str, message: str) -> None:
    with pytest.raises(DedupError, match=message):
        seed_files.read_columns(Path("labels.csv"), text, ("a", "b", "c"), ("a", "b"), delimiter)


def test_columns_are_those_of_the_first_line(tmp_path: Path) -> None:
    found = seed_files.read_columns(Path("x"), "\ufeffb,a,z,z\n1,2,3,4\n", ("a", "b", "c"), ("a", "b"), ",")
    assert found == ["b", "a", "z", "z"]


def test_rows_are_added_behind_whole_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    for before, after in (("a,b\n", "a,b\n1,2\n"), ("a,b", "a,b\n1,2\n"), ('a,b\n"x\ny",z\n', 'a,b\n"x\ny",z\n1,2\n')):
        path.write_text(before)
        seed_files.append_rows(path, "1,2\n", ",")
        assert path.read_text() == after
    path.write_text('a,b\n"x\ny",z\nq,"open\nand on\n')
    with pytest.raises(DedupError, match="nothing closes, in the row that begins in line 4: what is added"):
        seed_files.append_rows(path, "1,2\n", ",")


def test_cells_that_a_spreadsheet_would_run_are_counted() -> None:
    assert [seed_files.is_formula(cell) for cell in ("=1", "+1", "-1", "@a", "\ta", "a=1", "")] == [True] * 5 + [
        False
    ] * 2
    assert seed_files.formula_warning(Path("x.csv"), ["a", "b"]) is None
    warning = seed_files.formula_warning(Path("x.csv"), ["a", f"={'1' * 60}", "-2"])
    assert warning is not None
    assert warning.startswith("Warning: 2 cells written to x.csv would be run as a formula by a spreadsheet")
    assert f"example {'=' + '1' * 39!r}." in warning
