"""What the generator promises for every kind of demo data: same options, same bytes; ids, labels, errors, options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from made_up import clean, content, raw_records, read, seeds, synthesize

from dbt_dedup.synthesize import run
from dbt_dedup.synthesize import settings as settings_module
from dbt_dedup.synthesize.companies import errors as company_errors
from dbt_dedup.synthesize.customers import errors as customer_errors
from dbt_dedup.synthesize.kinds import KINDS
from dbt_dedup.synthesize.randomness import scramble
from dbt_dedup.synthesize.settings import OFFERS, Settings, table_names
from dbt_dedup.synthesize.text import fold
from dbt_dedup.synthesize.vocabulary import read_data

NAMES = table_names("customers")
DATA_FILES = [file.name for file in resources.files("dbt_dedup.synthesize").joinpath("data").iterdir()]

every_kind = pytest.mark.parametrize("kind", KINDS)


# --- same options, same bytes


@every_kind
def test_the_documented_command_makes_the_committed_seeds(tmp_path: Path, kind: str) -> None:
    documented = re.search(r"#   dbt-dedup synthesize (.*)", (seeds(kind) / "_seeds.yml").read_text(encoding="utf-8"))
    assert documented
    options = documented[1].split()
    at = options.index("--output")
    assert options[at + 1] == f"seeds/{kind}"

    result = synthesize(tmp_path, *options[:at], *options[at + 2 :])

    assert result.exit_code == 0, result.output
    assert content(tmp_path, kind=kind) == content(seeds(kind), kind=kind)


def test_another_seed_makes_other_customers(tmp_path: Path) -> None:
    for seed in (1, 2):
        synthesize(tmp_path / str(seed), "--records", 50, "--seed", seed)
    assert content(tmp_path / "1")[0] != content(tmp_path / "2")[0]


@every_kind
@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_number_of_processes_changes_nothing(tmp_path: Path, file_format: str, kind: str) -> None:
    for jobs in (1, 2):
        options = ("--kind", kind, "--records", 26_000, "--labels", 300, "--format", file_format, "--jobs", jobs)
        result = synthesize(tmp_path / str(jobs), *options)
        assert result.exit_code == 0, result.output
    assert content(tmp_path / "1", file_format, kind) == content(tmp_path / "2", file_format, kind)


@every_kind
def test_other_error_rates_change_no_entity(kind: str) -> None:
    right, wrong = raw_records(kind, error_rate=0), raw_records(kind, error_rate=1)
    assert right.keys() == wrong.keys()
    assert [row["updated_at"] for row in right.values()] == [row["updated_at"] for row in wrong.values()]


@every_kind
def test_parquet_and_csv_hold_the_same(tmp_path: Path, kind: str) -> None:
    for file_format in ("csv", "parquet"):
        synthesize(tmp_path, "--kind", kind, "--records", 400, "--labels", 50, "--format", file_format)
    for name in table_names(kind):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        assert {str(field.type) for field in table.schema} == {"string"}
        rows = [{key: value or "" for key, value in row.items()} for row in table.to_pylist()]
        assert rows == read(tmp_path, name)


def test_several_blocks_give_several_row_groups_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_module, "BLOCK_RECORDS", 100)
    monkeypatch.setattr("dbt_dedup.synthesize.writer.ROWS_PER_GROUP", 300)
    synthesize(tmp_path, "--records", 1050, "--labels", 77, "--format", "parquet", "--jobs", 1)
    file = pq.ParquetFile(tmp_path / "raw_customers.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [300, 300, 300, 150]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert len(set(file.read()["customer_id"].to_pylist())) == 1050
    assert pq.read_metadata(tmp_path / "customers_labels.parquet").num_rows == 77


# --- shapes


@every_kind
def test_columns_are_those_of_the_demo_project(kind: str) -> None:
    raw, truth, labels, truth_values = (read(seeds(kind), name) for name in table_names(kind))
    assert list(truth_values[0]) == ["entity_id", *KINDS[kind].true_columns]
    assert list(raw[0]) == [KINDS[kind].record_id, "source_system", *KINDS[kind].values]
    assert list(truth[0]) == ["record_id", "entity_id"]
    assert list(labels[0]) == [
        "record_id_l",
        "record_id_r",
        "label",
        "labelled_by",
        "labelled_at",
        "reason",
        "sampled_by",
    ]


@every_kind
def test_ids_are_unique_and_every_record_has_an_entity(kind: str) -> None:
    raw, truth, *_ = table_names(kind)
    ids = [row[KINDS[kind].record_id] for row in read(seeds(kind), raw)]
    assert len(set(ids)) == len(ids)
    assert sorted(row["record_id"] for row in read(seeds(kind), truth)) == sorted(ids)
    prefixes = {"customers": "CRM|BIL|SUP", "companies": "REG|CRM|DIR"}[kind]
    assert all(re.fullmatch(rf"({prefixes})-\d{{6}}", record_id) for record_id in ids)


@every_kind
def test_ids_and_order_say_nothing_of_the_truth(kind: str) -> None:
    """Records of one entity lie no nearer to each other than any two records."""
    truth = read(seeds(kind), f"{kind}_truth")
    places, numbers = defaultdict(list), defaultdict(list)
    for place, row in enumerate(truth):
        places[row["entity_id"]].append(place)
        numbers[row["entity_id"]].append(int(row["record_id"][4:]))
    for positions in (places, numbers):
        distances = [abs(one - other) for group in positions.values() for one, other in combinations(group, 2)]
        assert np.mean(distances) == pytest.approx(len(truth) / 3, rel=0.1)


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 4097])
def test_scrambled_numbers_are_a_permutation(size: int) -> None:
    numbers = scramble(np.arange(size, dtype=np.uint64), size, seed=1, purpose=0)
    assert sorted(numbers.tolist()) == list(range(size))


@every_kind
def test_duplicates_exist_inside_each_system_and_across(kind: str) -> None:
    raw, truth, *_ = table_names(kind)
    source = {row[KINDS[kind].record_id]: row["source_system"] for row in read(seeds(kind), raw)}
    groups = defaultdict(list)
    for row in read(seeds(kind), truth):
        groups[row["entity_id"]].append(source[row["record_id"]])
    inside = {name for group in groups.values() for name, count in Counter(group).items() if count > 1}
    assert inside == set(source.values()) == set(KINDS[kind].prefixes)
    assert any(len(set(group)) == 3 for group in groups.values())
    assert max(map(len, groups.values())) <= {"customers": 8, "companies": 6}[kind]


# --- labels


@every_kind
def test_labels_agree_with_the_truth(kind: str) -> None:
    entity = {row["record_id"]: row["entity_id"] for row in read(seeds(kind), f"{kind}_truth")}
    labels = read(seeds(kind), f"{kind}_labels")
    pairs = {(row["record_id_l"], row["record_id_r"]) for row in labels}
    assert len(pairs) == len(labels)
    assert all(left < right for left, right in pairs)
    for row in labels:
        same = entity[row["record_id_l"]] == entity[row["record_id_r"]]
        assert row["label"] in ("unsure", "match" if same else "no_match")


@every_kind
@pytest.mark.parametrize(("records", "labels"), [(1, 0), (2, 1), (4, 6), (7, 21)])
def test_few_records_have_few_pairs(tmp_path: Path, records: int, labels: int, kind: str) -> None:
    result = synthesize(tmp_path, "--kind", kind, "--records", records, "--labels", 100)
    assert result.exit_code == 0, result.output
    raw, truth, labelled, truth_values = (read(tmp_path, name) for name in table_names(kind))
    assert [len(raw), len(truth), len(labelled)] == [records, records, labels]
    assert [row["entity_id"] for row in truth_values] == list(dict.fromkeys(row["entity_id"] for row in truth))


@every_kind
def test_a_record_without_errors_says_a_right_value(kind: str) -> None:
    block = run.make_block(Settings.of(kind, 3000, seed=5, error_rate=0, missing_rate=0), 0, "parquet")
    entities = {row["record_id"]: row["entity_id"] for row in block.truth.to_pylist()}
    right = {row["entity_id"]: row for row in block.truth_values.to_pylist()}
    latest: dict[str, dict[str, str]] = {}
    for row in sorted(block.records.to_pylist(), key=lambda row: row["updated_at"]):
        latest[entities[row[KINDS[kind].record_id]]] = row
    assert latest.keys() == right.keys()
    columns = {
        "customers": ("given_name", "family_name", "email", "street"),
        "companies": ("industry", "employees", "street", "city", "postcode", "country"),
    }
    wrong = {
        (name, row[name])
        for entity_id, row in latest.items()
        for name in columns[kind]
        if row[name] not in right[entity_id][name].split(" | ")
    }
    assert wrong == set()


# --- errors


def test_folding() -> None:
    assert fold("Łódź") == "Lodz"
    assert [fold("Jürgen Groß", german) for german in (False, True)] == ["Jurgen Gross", "Juergen Gross"]


@pytest.mark.parametrize(("kind", "error"), [(kind, error) for kind in KINDS for error in OFFERS[kind].errors])
def test_every_error_happens_at_its_rate(kind: str, error: str) -> None:
    def changed(rate: float) -> int:
        wrong = raw_records(kind, error_rate=1, error_rates={error: rate}, missing_rate=0)
        return sum(wrong[record_id] != row for record_id, row in clean(kind).items())

    assert changed(0) == 0
    possible = changed(1)
    assert possible > 20
    assert changed(0.3) / possible == pytest.approx(0.3, abs=0.1)


@every_kind
def test_error_rate_is_the_share_of_records_with_errors(kind: str) -> None:
    wrong = raw_records(kind, error_rate=0.4, error_rates={"case": 1.0}, missing_rate=0)
    share = sum(wrong[key] != row for key, row in clean(kind).items()) / len(clean(kind))
    assert share == pytest.approx(0.4, abs=0.04)


def test_kinds_of_error_are_those_with_an_option() -> None:
    assert list(OFFERS["customers"].errors) == [*customer_errors.MISTAKES, *customer_errors.SLIPS]
    assert list(OFFERS["companies"].errors) == [*company_errors.MISTAKES, *company_errors.SLIPS]
    assert {kind: tuple(KINDS[kind].tables) for kind in KINDS} == {kind: table_names(kind) for kind in KINDS}


@every_kind
def test_values_never_break_a_line_or_vanish(kind: str) -> None:
    for row in raw_records(kind, error_rate=1).values():
        for name in KINDS[kind].values:
            value = row[name]
            assert value is None or (value.strip() != "" and "\n" not in value), (name, value)


# --- data files


@pytest.mark.parametrize("name", DATA_FILES)
def test_data_files_have_no_row_twice_and_no_blanks_around(name: str) -> None:
    rows = [tuple(row) for row in read_data(name)]
    assert len(rows) > 10
    assert len(set(rows)) == len(rows)
    assert all(part == part.strip() for row in rows for value in row for part in value.split("|"))


# --- bad options


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--records", 0], "Invalid value for '--records': 0 is not in the range x>=1"),
        (["--records", "many"], "'many' is not a valid integer range"),
        (["--seed", -1], "Invalid value for '--seed': -1 is not in the range x>=0"),
        (["--typo-rate", 1.5], "Invalid value for '--typo-rate': 1.5 is not in the range 0<=x<=1"),
        (["--error-rate", "nan"], "Invalid value for '--error-rate': nan is not in the range 0<=x<=1"),
        (["--format", "xlsx"], "'xlsx' is not one of 'csv', 'parquet'"),
        (["--jobs", 0], "Invalid value for '--jobs': 0 is not in the range x>=1"),
        (["--kind", "products"], "'products' is not one of 'customers', 'companies'"),
        (["--acronym-rate", 0.5], "--acronym-rate is not an option of --kind customers"),
        (["--kind", "companies", "--household-rate", 0.5], "--household-rate is not an option of --kind companies"),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, options: list[object], message: str) -> None:
    result = synthesize(tmp_path / "new", *options)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "new").exists()


def test_existing_files_are_replaced_only_when_asked(tmp_path: Path) -> None:
    assert synthesize(tmp_path, "--records", 5).exit_code == 0
    before = content(tmp_path)
    result = synthesize(tmp_path, "--records", 6)
    assert result.exit_code == 2
    assert (
        "already has raw_customers.csv, customers_truth.csv, customers_labels.csv, customers_truth_values.csv: add"
        in result.output
    )
    assert content(tmp_path) == before
    assert synthesize(tmp_path, "--records", 6, "--overwrite").exit_code == 0
    assert len(read(tmp_path, "raw_customers")) == 6


def test_output_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = synthesize(tmp_path / "file" / "below")
    assert result.exit_code == 2
    assert "Invalid value for --output: cannot make the folder" in result.output


def test_a_failed_run_leaves_the_last_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synthesize(tmp_path, "--records", 5)
    before = content(tmp_path)

    def fail(*_: object) -> None:
        raise RuntimeError("no more memory")

    monkeypatch.setattr(run, "make_block", fail)
    result = synthesize(tmp_path, "--records", 6, "--overwrite")
    assert isinstance(result.exception, RuntimeError)
    assert content(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.csv" for name in NAMES)


def test_a_killed_run_leaves_the_last_files_and_no_process(tmp_path: Path) -> None:
    synthesize(tmp_path, "--records", 5)
    before = content(tmp_path)
    program = "from dbt_dedup.synthesize import synthesize_command; synthesize_command()"
    options = ["--output", str(tmp_path), "--records", "2000000", "--jobs", "2", "--overwrite"]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *options], start_new_session=True, stderr=subprocess.DEVNULL
    )
    part = tmp_path / ".raw_customers.csv.part"
    wait_until(lambda: part.exists() and part.stat().st_size > 1_000_000)
    process.kill()
    process.wait()

    assert content(tmp_path) == before
    wait_until(lambda: not group_exists(process.pid))
    assert synthesize(tmp_path, "--records", 5, "--overwrite").exit_code == 0
    assert content(tmp_path) == before
    assert not part.exists()


@pytest.mark.parametrize("step", range(4))
def test_a_run_killed_at_its_end_mixes_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    synthesize(tmp_path / "new", "--records", 6)
    synthesize(tmp_path / "old", "--records", 5)
    renamed: list[str] = []
    replace = Path.replace

    def replace_or_end(path: Path, target: Path) -> Path:
        if len(renamed) == step:
            raise KeyboardInterrupt
        renamed.append(target.name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_or_end)
    synthesize(tmp_path / "old", "--records", 6, "--overwrite")
    left = {path.name: path.read_bytes() for path in (tmp_path / "old").glob("*.csv")}
    assert sorted(left) == sorted(renamed)
    assert left.items() <= {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}.items()


def test_two_runs_into_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    settings = [Settings.of("customers", 400, seed=seed) for seed in range(6)]
    for setting in settings:
        (tmp_path / str(setting.seed)).mkdir()
        run.synthesize(setting, tmp_path / str(setting.seed))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda setting: run.synthesize(setting, tmp_path), settings))
    assert content(tmp_path) in [content(tmp_path / str(setting.seed)) for setting in settings]


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
