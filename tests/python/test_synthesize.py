"""The generator of demo customers: same seed, same bytes; and every kind of customer and error it promises."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from dbt_dedup.synthesize import run, synthesize_command
from dbt_dedup.synthesize import settings as settings_module
from dbt_dedup.synthesize.customers import errors
from dbt_dedup.synthesize.customers.people import Households, Person
from dbt_dedup.synthesize.customers.records import lay_out_date
from dbt_dedup.synthesize.randomness import scramble, uniforms
from dbt_dedup.synthesize.settings import OFFERS, Settings, table_names
from dbt_dedup.synthesize.text import fold
from dbt_dedup.synthesize.vocabulary import HABITS, read_data, vocabulary

PROJECT = Path(__file__).parents[2]
SEEDS = PROJECT / "seeds" / "customers"
NAMES = ("raw_customers", "customers_truth", "customers_labels")
VALUES = ("given_name", "family_name", "birth_date", "email", "phone", "street", "city", "postcode")


def synthesize(folder: Path, *options: object) -> Result:
    return CliRunner().invoke(synthesize_command, ["--output", str(folder), *map(str, options)])


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path, suffix: str = "csv") -> list[bytes]:
    return [(folder / f"{name}.{suffix}").read_bytes() for name in NAMES]


def customers(**options: Any) -> dict[str, dict[str, str | None]]:
    """Raw customers of one block, by id."""
    block = run.make_block(Settings.of("customers", **{"records": 3000, "seed": 5, **options}), 0, "parquet")
    return {row["customer_id"]: row for row in block.records.to_pylist()}


@pytest.fixture(scope="module")
def population() -> list[Person]:
    return list(Households(Settings.of("customers", 10_000, seed=3), uniforms(3, 0, 0)).entities(10_000))


# --- same options, same bytes


def test_the_documented_command_makes_the_committed_seeds(tmp_path: Path) -> None:
    documented = re.search(r"#   dbt-dedup synthesize (.*)", (SEEDS / "_seeds.yml").read_text(encoding="utf-8"))
    assert documented
    options = documented[1].split()
    at = options.index("--output")
    assert options[at + 1] == "seeds/customers"

    result = synthesize(tmp_path, *options[:at], *options[at + 2 :])

    assert result.exit_code == 0, result.output
    assert content(tmp_path) == content(SEEDS)


def test_customers_are_those_of_the_releases_before(tmp_path: Path) -> None:
    """The bytes of one more run, with other options than the committed files."""
    options = ("--records", 2000, "--labels", 300, "--seed", 77, "--missing-rate", 0.3, "--change-rate", 0.4)
    result = synthesize(tmp_path, *options, "--household-rate", 0.7, "--typo-rate", 0.5)
    assert result.exit_code == 0, result.output
    digest = hashlib.sha256(b"".join(content(tmp_path))).hexdigest()
    assert digest == "a75578a86fef2bd0fe5d9c1e497f3b9fe79aa8b6f0d35f5ea5980cee1eb6c4e8"


def test_another_seed_makes_other_customers(tmp_path: Path) -> None:
    for seed in (1, 2):
        synthesize(tmp_path / str(seed), "--records", 50, "--seed", seed)
    assert content(tmp_path / "1")[0] != content(tmp_path / "2")[0]


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_number_of_processes_changes_nothing(tmp_path: Path, file_format: str) -> None:
    for jobs in (1, 2):
        options = ("--records", 26_000, "--labels", 300, "--format", file_format, "--jobs", jobs)
        result = synthesize(tmp_path / str(jobs), *options)
        assert result.exit_code == 0, result.output
    assert content(tmp_path / "1", file_format) == content(tmp_path / "2", file_format)


def test_other_error_rates_change_no_person() -> None:
    clean, dirty = customers(error_rate=0), customers(error_rate=1)
    assert clean.keys() == dirty.keys()
    assert [row["updated_at"] for row in clean.values()] == [row["updated_at"] for row in dirty.values()]


def test_parquet_and_csv_hold_the_same(tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        synthesize(tmp_path, "--records", 400, "--labels", 50, "--format", file_format)
    for name in NAMES:
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


def test_columns_are_those_of_the_demo_project() -> None:
    raw = read(SEEDS, "raw_customers")
    assert list(raw[0]) == ["customer_id", "source_system", *VALUES, "updated_at"]
    assert list(read(SEEDS, "customers_truth")[0]) == ["record_id", "entity_id"]
    labels = read(SEEDS, "customers_labels")
    assert list(labels[0]) == [
        "record_id_l",
        "record_id_r",
        "label",
        "labelled_by",
        "labelled_at",
        "reason",
        "sampled_by",
    ]
    assert (len(raw), len(labels)) == (3000, 800)


def test_ids_are_unique_and_every_record_has_an_entity() -> None:
    ids = [row["customer_id"] for row in read(SEEDS, "raw_customers")]
    assert len(set(ids)) == len(ids)
    assert sorted(row["record_id"] for row in read(SEEDS, "customers_truth")) == sorted(ids)
    assert all(re.fullmatch(r"(CRM|BIL|SUP)-\d{6}", customer_id) for customer_id in ids)


def test_ids_and_order_say_nothing_of_the_truth() -> None:
    """Records of one entity lie no nearer to each other than any two records."""
    truth = read(SEEDS, "customers_truth")
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


def test_most_customers_have_one_record_and_none_more_than_eight() -> None:
    sizes = Counter(Counter(row["entity_id"] for row in read(SEEDS, "customers_truth")).values())
    assert 0.54 < sizes[1] / sizes.total() < 0.62
    assert max(sizes) <= 8
    assert all(sizes[size] for size in range(1, 7))


def test_duplicates_exist_inside_each_system_and_across() -> None:
    source = {row["customer_id"]: row["source_system"] for row in read(SEEDS, "raw_customers")}
    groups = defaultdict(list)
    for row in read(SEEDS, "customers_truth"):
        groups[row["entity_id"]].append(source[row["record_id"]])
    inside = {name for group in groups.values() for name, count in Counter(group).items() if count > 1}
    assert inside == {"crm", "billing", "support"}
    assert any(len(set(group)) == 3 for group in groups.values())


def test_systems_write_dates_in_their_layouts() -> None:
    layouts = {"crm": r"\d{4}-\d\d-\d\d", "billing": r"\d\d/\d\d/\d{4}", "support": r"\d{4}-\d\d-\d\d|\d\d \w{3} \d{4}"}
    for row in customers(error_rate=0).values():
        assert row["birth_date"] is None or re.fullmatch(layouts[str(row["source_system"])], row["birth_date"])
    assert lay_out_date("1984-02-29", "slash") == "02/29/1984"
    assert lay_out_date("1984-02-29", "words") == "29 Feb 1984"


def test_values_are_left_blank_at_the_rate_asked_for() -> None:
    def share(rate: float) -> float:
        rows = customers(missing_rate=rate, error_rate=0).values()
        columns = ("birth_date", "email", "phone", "street")
        return sum(row[name] is None for row in rows for name in columns) / 4 / len(rows)

    assert share(0) == 0
    assert share(0.2) == pytest.approx(0.2, abs=0.03)


# --- labels


def test_labels_agree_with_the_truth() -> None:
    entity = {row["record_id"]: row["entity_id"] for row in read(SEEDS, "customers_truth")}
    labels = read(SEEDS, "customers_labels")
    pairs = {(row["record_id_l"], row["record_id_r"]) for row in labels}
    assert len(pairs) == len(labels)
    assert all(left < right for left, right in pairs)
    for row in labels:
        same = entity[row["record_id_l"]] == entity[row["record_id_r"]]
        assert row["label"] in ("unsure", "match" if same else "no_match")


def test_labels_are_drawn_by_the_documented_strata() -> None:
    labels = read(SEEDS, "customers_labels")
    strata = Counter(row["sampled_by"] for row in labels)
    assert strata["true_pair"] == 320
    assert strata["random_records"] == 120
    assert set(strata) == {
        "true_pair",
        "random_records",
        "household",
        "same_name",
        "same_birth_date",
        "same_phone",
        "same_family_name",
    }
    decisions = Counter(row["label"] for row in labels)
    assert 1 <= decisions["unsure"] <= 40
    assert {"twins", "father and son"} <= {row["reason"] for row in labels}


def test_labels_stop_where_there_are_no_more_pairs(tmp_path: Path) -> None:
    result = synthesize(tmp_path, "--records", 4, "--labels", 100)
    assert result.exit_code == 0
    assert len(read(tmp_path, "customers_labels")) == 6


def test_one_record(tmp_path: Path) -> None:
    result = synthesize(tmp_path, "--records", 1, "--labels", 5)
    assert result.exit_code == 0, result.output
    assert [len(read(tmp_path, name)) for name in NAMES] == [1, 1, 0]


# --- people


def test_people_share_households(population: list[Person]) -> None:
    households = defaultdict(list)
    for person in population:
        households[person.household].append(person)
    shared = [members for members in households.values() if len(members) > 1]
    assert len(shared) / len(households) == pytest.approx(0.5, abs=0.05)
    alike = [a for a, b, *_ in shared if a.family == b.family and a.addresses[0] == b.addresses[0]]
    assert len(alike) > 0.4 * len(shared)
    assert any(set(a.phones) & set(b.phones) for a, b, *_ in shared)
    assert any(set(a.emails) & set(b.emails) for a, b, *_ in shared)


def test_twins_and_juniors_exist(population: list[Person]) -> None:
    born = defaultdict(list)
    for person in population:
        born[person.household, person.birth].append(person.given)
    twins = [names for names in born.values() if len(names) > 1]
    assert len(twins) > 20
    assert all(len(set(names)) == len(names) for names in twins)
    juniors = [person for person in population if person.suffix == "Jr"]
    assert len(juniors) > 20
    fathers = {(person.household, person.given): person.birth for person in population if not person.suffix}
    known = [person for person in juniors if (person.household, person.given) in fathers]
    assert known
    assert all(person.birth > fathers[person.household, person.given] for person in known)


def test_people_move_and_marry_between_records(population: list[Person]) -> None:
    several = [person for person in population if person.records > 1]
    moved = [person for person in several if "address" in person.changes]
    assert len(moved) / len(several) == pytest.approx(0.12, abs=0.03)
    assert any(person.former_family for person in several)
    assert not any(person.changes for person in population if person.records == 1)


def test_names_come_from_every_culture_at_its_share(population: list[Person]) -> None:
    shares = Counter(person.culture for person in population)
    for culture, habits in HABITS.items():
        assert shares[culture] / len(population) == pytest.approx(habits.share / 100, abs=0.02)
    families = Counter(person.family for person in population if person.culture == "english")
    assert families["Smith"] > families["Wright"] > 0


def test_no_two_people_own_one_mailbox_outside_a_household(population: list[Person]) -> None:
    owners = defaultdict(set)
    for person in population:
        for email in person.emails:
            owners[email].add(person.household)
    assert all(len(households) == 1 for households in owners.values())


def test_folding() -> None:
    assert fold("Łódź") == "Lodz"
    assert [fold("Jürgen Groß", german) for german in (False, True)] == ["Jurgen Gross", "Juergen Gross"]


# --- errors


@pytest.mark.parametrize("kind", OFFERS["customers"].errors)
def test_every_error_happens_at_its_rate(kind: str) -> None:
    def changed(rate: float) -> int:
        dirty = customers(error_rate=1, error_rates={kind: rate}, missing_rate=0)
        return sum(dirty[customer_id] != row for customer_id, row in clean.items())

    clean = customers(error_rate=0, missing_rate=0)
    assert changed(0) == 0
    possible = changed(1)
    assert possible > 20
    assert changed(0.3) / possible == pytest.approx(0.3, abs=0.1)


def test_error_rate_is_the_share_of_records_with_errors() -> None:
    clean = customers(error_rate=0, missing_rate=0)
    dirty = customers(error_rate=0.4, error_rates={"typo": 1.0}, missing_rate=0)
    assert sum(dirty[key] != row for key, row in clean.items()) / len(clean) == pytest.approx(0.4, abs=0.04)


def test_kinds_of_error_are_those_with_an_option() -> None:
    assert list(OFFERS["customers"].errors) == [*errors.MISTAKES, *errors.SLIPS]
    assert tuple(run.KINDS["customers"].tables) == table_names("customers")


def test_incorrect_values_are_those_people_type() -> None:
    rows = list(customers(error_rate=1, error_rates={"incorrect": 1.0}).values())
    assert {"test@test.com", "n/a"} <= {row["email"] for row in rows}
    assert "000-000-0000" in {row["phone"] for row in rows}
    assert {"1900-01-01", "01/01/1900"} <= {row["birth_date"] for row in rows}
    assert any(row["postcode"] and row["postcode"] == row["city"] for row in rows)


def test_values_never_break_a_line_or_vanish() -> None:
    for row in customers(error_rate=1).values():
        for name in VALUES:
            value = row[name]
            assert value is None or (value != "" and "\n" not in value)


# --- data files


@pytest.mark.parametrize(
    "name", ["names.csv", "cities.csv", "streets.csv", "nicknames.csv", "mail_domains.csv", "surname_parts.csv"]
)
def test_data_files_have_no_row_twice_and_no_blanks_around(name: str) -> None:
    rows = [tuple(row) for row in read_data(name)]
    assert len(set(rows)) == len(rows)
    assert all(value == value.strip() for row in rows for value in row)


def test_large_cultures_have_several_hundred_names() -> None:
    words = vocabulary()
    assert len(words.family["english"].items) > 500
    assert len(words.family["hispanic"].items) > 200
    assert sum(city.country == "US" for city in words.cities["US"].items) >= 150


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
    assert "already has raw_customers.csv, customers_truth.csv, customers_labels.csv: add --overwrite" in result.output
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
