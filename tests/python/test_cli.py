from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from examples import FEATURES, labelled_table
from mini_project import label_seed, write_mini_project

from dbt_dedup.cli import main
from dbt_dedup.warehouse import DbtProject, close_connections

Run = Callable[..., Result]


class Hidden(MetaPathFinder):
    """Finds no module of one name, whoever else would."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == self.name:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


@pytest.fixture
def run() -> Iterator[Run]:
    """Run dbt-dedup in this process, and let go of the database afterwards."""
    yield lambda *args: CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    close_connections()


@pytest.fixture
def query(tmp_path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def rows(sql: str) -> list[tuple[Any, ...]]:
        close_connections()
        with duckdb.connect(str(tmp_path / "mini.duckdb"), read_only=True) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return found

    return rows


def replaced(table: pa.Table, column: str, row: int, value: str) -> pa.Table:
    values = table[column].to_pylist()
    values[row] = value
    return table.set_column(table.column_names.index(column), column, pa.array(values))


def test_train_then_demo(
    run: Run, query: Callable[[str], list[tuple[Any, ...]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    write_mini_project(tmp_path)

    trained = run("train", "customers", "--project-dir", tmp_path)
    assert trained.exit_code == 0, trained.output
    version = (tmp_path / "dedup_models/customers/production").read_text().strip()
    lines = trained.output.splitlines()
    assert lines[0] == "Building the features of the labelled pairs of customers ..."
    assert lines[1] == "Labels used: 200 (70 match, 130 no_match)"
    assert lines[2].startswith("Held out at match threshold 0.")
    assert lines[2].endswith(", cross-validated in 5 folds that share no entity:")
    assert [line.split()[0] for line in lines[3:6]] == ["precision", "recall", "F1"]
    assert lines[6].startswith("Calibrated on 67 held-out pairs of random labels: calibration error 0.")
    assert "; on the 67 random labels precision " in lines[6]
    assert lines[7].startswith("Thresholds chosen on the clusters of all candidate pairs: match 0.")
    assert f"Written to {tmp_path / 'dedup_models/customers' / version}" in lines
    assert f"In production: {version}, the first model of 'customers'." in lines

    demo = run("demo", "--project-dir", tmp_path)
    assert demo.exit_code == 0, demo.output
    lines = demo.output.splitlines()
    assert lines[0] == "Building the demo with dbt ..."
    assert lines[1].startswith("Deduplicated customers in ")
    entities = query("select count(distinct cluster_key) from int_customers__clusters")[0][0]
    assert [tuple(re.split(r"  +", line.strip())) for line in lines[3:11]] == [
        ("records in", "400"),
        ("pairs compared", "200"),
        ("entities out", str(entities)),
        ("duplicates merged", "1,234"),
        ("pairs waiting for review", "7"),
        ("tests passed", "2"),
        ("precision against the truth", "98.8%"),
        ("recall against the truth", "100.0%"),
    ]
    assert f"The tables are in {tmp_path / 'mini.duckdb'}: customers (one row per entity)" in lines[12]
    assert not list(elsewhere.iterdir())

    assert query("select max(abs(match_probability - expected_probability)) < 1e-9 from int_customers__parity") == [
        (True,)
    ]
    unlike = " or ".join(f"parity.{name} is distinct from trained.{name}" for name in FEATURES)
    assert query(
        f"select count(*) from int_customers__parity as parity inner join int_customers__label_features as trained"
        f" using (record_id_l, record_id_r) where {unlike}"
    ) == [(0,)]
    ((kept, smallest),) = query("select count(*), min(match_probability) from int_customers__pair_scores")
    assert 60 < kept < 200
    assert smallest >= 0.01
    matches = "select count(*) from int_customers__pair_scores where match_probability >= 0.9"
    assert query(matches) == [(400 - entities,)]  # every example pair is of two other records


def test_a_file_that_is_not_utf8_is_named(run: Run, tmp_path: Path) -> None:
    folder = write_mini_project(tmp_path)
    (folder / "seeds/more.csv").write_bytes("id,name\n1,Jürgen\n".encode("latin-1"))
    result = run("models", "customers", "--project-dir", folder)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {folder / 'seeds/more.csv'} is not UTF-8: found byte 0xfc in line 2.")


def test_the_profiles_that_the_environment_names_go_before_those_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, elsewhere = write_mini_project(tmp_path / "project"), tmp_path / "profiles"
    elsewhere.mkdir()
    profile = (folder / "profiles.yml").read_text()
    (elsewhere / "profiles.yml").write_text(profile.replace(str(folder / "mini.duckdb"), str(elsewhere / "own.duckdb")))
    assert DbtProject(folder).database == folder / "mini.duckdb"
    close_connections()
    monkeypatch.setenv("DBT_PROFILES_DIR", str(elsewhere))
    assert DbtProject(folder).database == elsewhere / "own.duckdb"
    close_connections()


def test_train_without_labels_then_build(
    run: Run, query: Callable[[str], list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    write_mini_project(tmp_path, labels=None, targets={"precision": 0.9, "recall": 0.5, "review_budget": 500})
    trained = run("train", "customers", "--no-labels", "--project-dir", tmp_path)
    assert trained.exit_code == 0, trained.output
    lines = trained.output.splitlines()
    assert lines[:2] == [
        "Building the features of the candidate pairs and of random pairs of customers ...",
        "Learned without labels from 200 of 200 candidate pairs and 130 random pairs",
    ]
    assert re.fullmatch(
        r"Compared \d+ answers by their structure. The best: .+, \d+ pairs, structure score [01]\.\d{3}", lines[2]
    )
    # no record is in two pairs here, so no pair can contradict another and nothing can be judged
    assert lines[3] == "Abstained: the model merges only what is beyond doubt."
    assert lines[4].startswith("  No answer holds together: the best one, of ")
    assert lines[5].startswith("  Label 30 pairs (`dbt-dedup label customers --count 30`)")
    assert lines[6].startswith("  No pair is beyond doubt. Look at the likeliest ones with")
    assert re.fullmatch(r"Pairs at match threshold 0\.\d+ and above: 0; review from 0\.\d+", lines[7])
    assert lines[8].startswith("Precision and recall: unknown without labels.")
    assert "expected" not in trained.output

    assert not (tmp_path / "dedup_models/customers/production").exists()
    (version,) = (path.name for path in (tmp_path / "dedup_models/customers").iterdir())
    assert version.startswith("fellegi_sunter-")
    assert f"Not in production: {version} abstained, so entity 'customers' has no model yet." in lines
    card = json.loads((tmp_path / "dedup_models/customers" / version / "card.json").read_text())
    without = card["without_labels"]
    assert (without["candidate_pairs"], without["verdict"], len(without["reasons"])) == (200, "abstained", 2)
    assert 0 < card["thresholds"]["review"] < card["thresholds"]["match"] < 1
    assert card["cross_validation"] is None
    refused = run("promote", "customers", version, "--project-dir", tmp_path)
    assert refused.exit_code == 1
    assert "it abstained. No answer holds together" in refused.output
    forced = run(
        "promote", "customers", version, "--force", "--reason", "what is beyond doubt", "--project-dir", tmp_path
    )
    assert forced.exit_code == 0, forced.output
    again = run("train", "customers", "--no-labels", "--project-dir", tmp_path)
    assert again.output.splitlines()[-1] == f"{version} is already in production: the same data give the same model."

    DbtProject(tmp_path).run("build")
    assert query("select count(*), max(abs(match_probability - expected_probability)) from int_customers__parity") == [
        (200, 0.0)
    ]
    ((right, said),) = query(
        "select coalesce(sum(label), 0), count(*) from int_customers__pair_scores"
        " inner join int_customers__label_features using (record_key_l, record_key_r) where match_probability >= 0.9"
    )
    assert right == said


@pytest.mark.parametrize(
    ("pairs", "features", "message"),
    [
        (
            "where record_key_l < 0",
            "",
            "Entity 'customers' has 0 candidate pairs; learning without labels needs at least 20."
            " customers_block_stats shows what each blocking rule proposes: add rules or records.",
        ),
        (
            "",
            " replace (" + ", ".join(f"null::double as {name}" for name in FEATURES) + ")",
            "Entity 'customers': nothing can be learned without labels. No feature of known direction varies between"
            " the pairs, so there is nothing to learn from.",
        ),
    ],
    ids=["no candidate pairs", "all null"],
)
def test_train_without_labels_refuses(run: Run, tmp_path: Path, pairs: str, features: str, message: str) -> None:
    write_mini_project(tmp_path)
    for name, columns, rows in [("candidate_pairs", "", pairs), ("unlabelled_features", features, "")]:
        model = tmp_path / f"models/int_customers__{name}.sql"
        model.write_text(f"select *{columns} from ({model.read_text()}) {rows}")
    result = run("train", "customers", "--no-labels", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert result.output.splitlines()[1:] == [f"Error: {message}"]
    assert not (tmp_path / "dedup_models").exists()


@pytest.mark.parametrize(
    ("labels", "spec", "entity", "message"),
    [
        (
            None,
            {},
            "custmers",
            "Unknown entity 'custmers': the project in {dir} has no model int_custmers__spec."
            " Known entities: customers.",
        ),
        (
            None,
            {"labels": None},
            "customers",
            "Entity 'customers' names no labels. Add `labels: <seed or model>` to dedup_entities.customers in"
            " dbt_project.yml, with columns record_id_l, record_id_r and label (match, no_match or unsure).",
        ),
        (
            None,
            {"labels": "labels_of_2024"},
            "customers",
            "The dbt project in {dir} has no model or seed 'labels_of_2024', or it is disabled.",
        ),
        (
            label_seed().set_column(0, "record_id_l", pa.array([f"x{row}" for row in range(len(label_seed()))])),
            {},
            "customers",
            "All 200 labels in 'customers_labels' name 200 records that the input of entity 'customers' does not have"
            " (for example x0, x1, x10). Correct columns record_id_l and record_id_r.",
        ),
        (
            replaced(replaced(label_seed(), "label", 7, "Match"), "label", 8, "yes"),
            {},
            "customers",
            "2 labels in 'customers_labels' of entity 'customers' are neither match, no_match nor unsure, for example"
            " 'Match', 'yes'. Correct column label.",
        ),
        (
            label_seed(12),
            {},
            "customers",
            "Entity 'customers' has 12 usable labels ({match} match, {other} no_match). Training needs at least 20, and"
            " 5 of each: label more pairs (100 to 1,000 make a good model).",
        ),
    ],
    ids=["entity", "no labels", "no such labels", "records", "label values", "too few"],
)
def test_train_refuses(
    run: Run, tmp_path: Path, labels: pa.Table | None, spec: dict[str, Any], entity: str, message: str
) -> None:
    write_mini_project(tmp_path, labels, **spec)
    result = run("train", entity, "--project-dir", tmp_path)
    assert result.exit_code == 1
    match = sum(labelled_table()["label"].to_pylist()[:12])
    error = "Error: " + message.format(dir=tmp_path, match=match, other=12 - match)
    few = ["12 labels are few: learning from the candidate pairs of customers as well ..."]
    assert result.output.splitlines()[1:] == [*(few if "has 12 usable labels" in error else []), error]
    assert not (tmp_path / "dedup_models").exists()


def test_labels_of_deleted_records_are_skipped(run: Run, tmp_path: Path) -> None:
    labels = replaced(replaced(label_seed(), "record_id_l", 7, "x1"), "record_id_r", 8, "名前")
    write_mini_project(tmp_path, labels)
    skipping = run("train", "customers", "--kind", "additive", "--project-dir", tmp_path)
    assert skipping.exit_code == 0, skipping.output
    assert skipping.output.splitlines()[1] == (
        "2 labels in 'customers_labels' skipped, because of 2 records that the input of entity 'customers' does not"
        " have (for example x1, 名前). `dbt-dedup label customers --prune` removes such labels."
    )
    without = [row for row in range(len(labels)) if row not in (7, 8)]
    write_mini_project(tmp_path / "without", labels.take(without))
    version = skipping.output.splitlines()[-1]
    assert run("train", "customers", "--kind", "additive", "--project-dir", tmp_path / "without").output.endswith(
        version + "\n"
    )


def test_a_failing_node_is_one_message(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    result = run("demo", "--project-dir", tmp_path)
    assert result.exit_code == 1
    production = tmp_path / "dedup_models/customers/production"
    assert result.output.splitlines()[1:] == [
        "Error: dbt build: 1 of 23 nodes failed:",
        f"  int_customers__parity: Entity 'customers' has no model in production: {production} is missing."
        " Run `dbt-dedup train customers` first, or restore the file from git.",
        "With --verbose, this command shows what dbt prints, and dbt writes its log.",
    ]


def test_train_promote_and_rollback(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path, targets={"precision": 0.5, "recall": 0.5, "review_budget": 500})
    pointer = tmp_path / "dedup_models/customers/production"
    assert run("train", "customers", "--kind", "additive", "--project-dir", tmp_path).exit_code == 0
    first = pointer.read_text().strip()
    trained = run("train", "customers", "--kind", "logistic", "--project-dir", tmp_path)
    assert trained.output.splitlines()[-1].startswith(f"{first} stays in production. Compare the two with")
    second = trained.output.split("`dbt-dedup promote customers ")[1].split("`")[0]

    listed = run("models", "customers", "--project-dir", tmp_path)
    assert [line[:2] for line in listed.output.splitlines()[:3] if first in line or second in line] == ["* ", "  "]
    promoted = run("promote", "customers", second, "--project-dir", tmp_path)
    unknown, done = promoted.output.splitlines()
    assert unknown.startswith("What becomes of the entities is unknown: ")
    assert done == f"In production: {second}. The next `dbt build` scores with it."
    assert pointer.read_text() == f"{second}\n"
    undone = run("rollback", "customers", "--project-dir", tmp_path)
    assert undone.output == (
        f"In production: {first} again, instead of {second}. The next `dbt build` scores with it.\n"
    )
    assert pointer.read_text() == f"{first}\n"


def test_promote_that_is_refused_and_forced(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path, targets={"precision": 0.5, "recall": 1.0, "review_budget": 500})
    assert run("train", "customers", "--kind", "additive", "--project-dir", tmp_path).exit_code == 0
    refused = run("train", "customers", "--kind", "logistic", "--promote", "--project-dir", tmp_path)
    assert refused.exit_code == 1
    version = refused.output.split("Error: ")[1].split()[0]
    last = refused.output.splitlines()[-3:]
    assert last[0] == f"Error: {version} is not promoted:"
    assert last[1].startswith("  expected recall of the clusters at match threshold 0.9 is 0.")
    forced = run(
        "promote", "customers", version, "--force", "--reason", "fewer false merges", "--project-dir", tmp_path
    )
    assert forced.output.splitlines()[1:] == [
        f"Forced, although {last[1].strip()}",
        f"In production: {version}. The next `dbt build` scores with it.",
    ]


def test_sql_that_does_not_compile_is_one_message(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    (tmp_path / "models/int_customers__spec.sql").write_text("{{ no_such_macro('customers') }}")
    result = run("train", "customers", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert "Compilation Error in model int_customers__spec" in result.output
    assert "'no_such_macro' is undefined" in result.output


def test_a_message_of_this_package_is_shown_without_what_dbt_writes_around_it(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    spec = """{{ exceptions.raise_compiler_error("dbt_dedup: entity 'customers': wrong, do this.") }}"""
    (tmp_path / "models/int_customers__spec.sql").write_text(spec)
    result = run("train", "customers", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert "Error: dbt parse: entity 'customers': wrong, do this.\n" in result.output


def test_a_missing_labels_seed_is_named_with_the_command_that_creates_it(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    (tmp_path / "seeds/customers_labels.csv").unlink()
    project = tmp_path / "dbt_project.yml"
    project.write_text(project.read_text()[:-1] + ", vars: {dedup_entities: {customers: {labels: customers_labels}}}}")
    result = run("train", "customers", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == (
        f"Error: Entity 'customers', key 'labels': the project in {tmp_path} has no model or seed 'customers_labels'."
        " `dbt-dedup label customers` creates it as a seed."
    )


def test_a_failed_build_leaves_the_last_good_tables(
    run: Run, query: Callable[[str], list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    write_mini_project(tmp_path)
    assert run("train", "customers", "--project-dir", tmp_path).exit_code == 0
    assert run("demo", "--project-dir", tmp_path).exit_code == 0
    before = query("from int_customers__pair_scores order by all")
    version = (tmp_path / "dedup_models/customers/production").read_text().strip()
    (tmp_path / "dedup_models/customers" / version / "model.skops").write_bytes(b"")
    result = run("demo", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert "model.skops is corrupted: its sha256 is not the one in card.json." in result.output
    assert query("from int_customers__pair_scores order by all") == before


def test_no_command_sends_usage_statistics(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt.flags import get_flags

    write_mini_project(tmp_path)
    path = tmp_path / "dbt_project.yml"
    path.write_text(path.read_text().replace("send_anonymous_usage_stats: false", "send_anonymous_usage_stats: true"))
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "true")
    assert "no model or seed" not in run("models", "customers", "--project-dir", tmp_path).output
    assert str(tmp_path) in str(get_flags().PROJECT_DIR)
    assert get_flags().SEND_ANONYMOUS_USAGE_STATS is False


def test_no_dbt_project(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--project-dir", tmp_path)
    assert (result.exit_code, result.output) == (
        1,
        f"Error: There is no dbt project in {tmp_path}: dbt_project.yml is missing. Run from the project's folder, or"
        " name it with --project-dir or DBT_PROJECT_DIR.\n",
    )


def test_an_environment_without_dbt_1_is_one_error(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As dbt v2 is installed: adapters may bring the package `dbt`, but there is no `dbt.cli`."""
    write_mini_project(tmp_path)
    for module in [name for name in sys.modules if name == "dbt.cli" or name.startswith("dbt.cli.")]:
        monkeypatch.delitem(sys.modules, module)
    finders = [Hidden("dbt.cli"), *sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", finders)
    monkeypatch.setattr("dbt_dedup.warehouse.running.version", lambda _: "2.0.0a4")
    for command in ("train", "label", "models", "report", "rollback", "compile"):
        result = run(command, "customers", "--project-dir", tmp_path)
        assert (result.exit_code, result.output.splitlines()[-1]) == (
            1,
            f"Error: dbt-dedup runs dbt 1.x in its own process, and the environment of {sys.executable} has dbt-core"
            " 2.0.0a4. Run `pip install 'dbt-core<2'` there, or install dbt_dedup with dbt 1.x in an environment of its"
            " own, next to that of dbt v2 (docs/engines.md).",
        )


def test_train_refuses_a_kind_next_to_no_labels(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    result = run("train", "customers", "--no-labels", "--kind", "boosted", "--project-dir", tmp_path)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == (
        "Error: --no-labels chooses the kind itself, not boosted: leave out one of the options."
    )
    assert not (tmp_path / "dedup_models").exists()


def test_demo_builds_nothing_of_another_project(run: Run, tmp_path: Path) -> None:
    write_mini_project(tmp_path)
    (tmp_path / "models/customers_metrics.sql").unlink()
    result = run("demo", "--project-dir", tmp_path)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == (
        f"Error: The dbt project in {tmp_path} has no model or seed 'customers_metrics', or it is disabled."
    )
    assert not (tmp_path / "mini.duckdb").exists()


def test_project_directory_is_found_by_variable_and_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mini_project(tmp_path)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(tmp_path))
    assert DbtProject().directory == tmp_path
    monkeypatch.delenv("DBT_PROJECT_DIR")
    monkeypatch.chdir(tmp_path)
    assert DbtProject().directory == tmp_path


def test_start_up_imports_nothing_heavy() -> None:
    heavy = "{'dbt', 'duckdb', 'numpy', 'pyarrow', 'scipy', 'sklearn', 'skops'}"
    code = f"import sys, dbt_dedup.cli; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
