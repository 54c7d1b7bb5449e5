"""The generator of demo companies: same seed, same bytes; and every kind of firm, record and error it promises."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from dbt_dedup.synthesize import run, synthesize_command
from dbt_dedup.synthesize.companies import VALUES, errors
from dbt_dedup.synthesize.companies.firms import Firm, Groups
from dbt_dedup.synthesize.companies.vocabulary import LANDS, firm_words
from dbt_dedup.synthesize.randomness import uniforms
from dbt_dedup.synthesize.settings import OFFERS, Settings, table_names
from dbt_dedup.synthesize.vocabulary import read_data

SEEDS = Path(__file__).parents[2] / "seeds" / "companies"
NAMES = table_names("companies")
ERRORS = OFFERS["companies"].errors


def synthesize(folder: Path, *options: object) -> Result:
    arguments = ["--kind", "companies", "--output", str(folder), *map(str, options)]
    return CliRunner().invoke(synthesize_command, arguments)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path, suffix: str = "csv") -> list[bytes]:
    return [(folder / f"{name}.{suffix}").read_bytes() for name in NAMES]


def companies(**options: Any) -> dict[str, dict[str, str | None]]:
    """Raw companies of one block, by id."""
    block = run.make_block(Settings.of("companies", **{"records": 3000, "seed": 5, **options}), 0, "parquet")
    return {row["company_id"]: row for row in block.records.to_pylist()}


@lru_cache
def clean() -> dict[str, dict[str, str | None]]:
    return companies(error_rate=0, missing_rate=0)


@pytest.fixture(scope="module")
def population() -> list[Firm]:
    return list(Groups(Settings.of("companies", 8000, seed=3), uniforms(3, 0, 0)).entities(8000))


def test_the_documented_command_makes_the_committed_seeds(tmp_path: Path) -> None:
    documented = re.search(r"#   dbt-dedup synthesize (.*)", (SEEDS / "_seeds.yml").read_text(encoding="utf-8"))
    assert documented
    options = documented[1].split()
    at = options.index("--output")
    assert options[at + 1] == "seeds/companies"
    result = CliRunner().invoke(synthesize_command, [*options[: at + 1], str(tmp_path), *options[at + 2 :]])
    assert result.exit_code == 0, result.output
    assert content(tmp_path) == content(SEEDS)


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_number_of_processes_changes_nothing(tmp_path: Path, file_format: str) -> None:
    for jobs in (1, 2):
        options = ("--records", 26_000, "--labels", 300, "--format", file_format, "--jobs", jobs)
        result = synthesize(tmp_path / str(jobs), *options)
        assert result.exit_code == 0, result.output
    assert content(tmp_path / "1", file_format) == content(tmp_path / "2", file_format)


def test_parquet_and_csv_hold_the_same(tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        synthesize(tmp_path, "--records", 400, "--labels", 50, "--format", file_format)
    for name in NAMES:
        rows = [
            {key: value or "" for key, value in row.items()}
            for row in pq.read_table(tmp_path / f"{name}.parquet").to_pylist()
        ]
        assert rows == read(tmp_path, name)


@pytest.mark.parametrize(("records", "labels"), [(1, 0), (2, 1), (7, 21)])
def test_few_records_have_few_pairs(tmp_path: Path, records: int, labels: int) -> None:
    result = synthesize(tmp_path, "--records", records, "--labels", 100)
    assert result.exit_code == 0, result.output
    assert [len(read(tmp_path, name)) for name in NAMES] == [records, records, labels]


def test_columns_and_ids() -> None:
    raw, truth, labels = (read(SEEDS, name) for name in NAMES)
    assert list(raw[0]) == ["company_id", "source_system", *VALUES]
    ids = [row["company_id"] for row in raw]
    assert len(set(ids)) == len(ids)
    assert sorted(row["record_id"] for row in truth) == sorted(ids)
    assert all(re.fullmatch(r"(REG|CRM|DIR)-\d{6}", company_id) for company_id in ids)
    assert list(labels[0]) == list(read(SEEDS.parent / "customers", "customers_labels")[0])


def test_ids_and_order_say_nothing_of_the_truth() -> None:
    """Records of one entity lie no nearer to each other than any two records."""
    truth = read(SEEDS, "companies_truth")
    places, numbers = defaultdict(list), defaultdict(list)
    for place, row in enumerate(truth):
        places[row["entity_id"]].append(place)
        numbers[row["entity_id"]].append(int(row["record_id"][4:]))
    for positions in (places, numbers):
        distances = [abs(left - right) for group in positions.values() for left, right in combinations(group, 2)]
        assert np.mean(distances) == pytest.approx(len(truth) / 3, rel=0.1)


def test_duplicates_exist_inside_each_system_and_across() -> None:
    source = {row["company_id"]: row["source_system"] for row in read(SEEDS, "raw_companies")}
    groups = defaultdict(list)
    for row in read(SEEDS, "companies_truth"):
        groups[row["entity_id"]].append(source[row["record_id"]])
    inside = {name for group in groups.values() for name, count in Counter(group).items() if count > 1}
    assert inside == {"registry", "crm", "directory"}
    assert any(len(set(group)) == 3 for group in groups.values())
    assert max(map(len, groups.values())) <= 6


def test_labels_agree_with_the_truth_and_are_drawn_by_strata() -> None:
    entity = {row["record_id"]: row["entity_id"] for row in read(SEEDS, "companies_truth")}
    labels = read(SEEDS, "companies_labels")
    assert len({(row["record_id_l"], row["record_id_r"]) for row in labels}) == len(labels)
    for row in labels:
        same = entity[row["record_id_l"]] == entity[row["record_id_r"]]
        assert row["record_id_l"] < row["record_id_r"]
        assert row["label"] in ("unsure", "match" if same else "no_match")
    strata = Counter(row["sampled_by"] for row in labels)
    assert set(strata) == {"true_pair", "random_records", *run.KINDS["companies"].strata}
    assert strata["true_pair"] == 0.4 * len(labels)
    reasons = {row["reason"] for row in labels}
    assert {
        "two companies of one group",
        "another branch of the company",
        "another company of the same name",
    } <= reasons
    assert 1 <= sum(row["label"] == "unsure" for row in labels) <= 30


def test_values_are_left_blank_at_the_rate_asked_for() -> None:
    def share(rate: float) -> float:
        rows = companies(missing_rate=rate, error_rate=0).values()
        names = [
            name for name in VALUES if name not in ("company", "city", "postcode", "country", "longitude", "updated_at")
        ]
        return sum(row[name] is None for row in rows for name in names) / len(names) / len(rows)

    assert share(0) == 0
    assert share(0.2) == pytest.approx(0.2, abs=0.04)


def test_relatives_are_firms_of_their_own(population: list[Firm]) -> None:
    groups = defaultdict(list)
    for firm in population:
        groups[firm.group].append(firm)
    related = [members for members in groups.values() if len(members) > 1]
    assert len(related) / len(groups) == pytest.approx(0.3, abs=0.04)
    by_relation = defaultdict(list)
    for head, *members in groups.values():
        for member in members:
            by_relation[member.relation].append((head, member))
    assert set(by_relation) == {"subsidiary", "branch", "namesake", "neighbour"}
    for head, branch in by_relation["branch"]:
        assert (branch.words, branch.form, branch.domains[0]) == (head.words, head.form, head.domains[0])
        assert branch.number.startswith(f"{head.number}/")
        assert branch.sites[0].address != head.sites[0].address
    assert all(head.words != other.words for head, other in by_relation["subsidiary"])
    assert any(head.domains[0] == other.domains[0] for head, other in by_relation["subsidiary"])
    for head, namesake in by_relation["namesake"]:
        assert namesake.words == head.words
        assert namesake.number != head.number
        assert not set(namesake.domains) & set(head.domains)
    assert all(head.sites[0] == neighbour.sites[0] for head, neighbour in by_relation["neighbour"])


def test_firms_of_every_country_are_named_and_placed_there(population: list[Firm]) -> None:
    shares = Counter(firm.sites[0].address.city.country for firm in population)
    for country, land in LANDS.items():
        assert shares[country] / len(population) == pytest.approx(land.share / 100, abs=0.025)
    for firm in population:
        for site in firm.sites:
            latitude, longitude = firm_words().centres[site.address.city.country, site.address.city.name]
            assert abs(site.latitude - latitude) < 0.06
            assert abs(site.longitude - longitude) < 0.1


def test_firms_move_and_change_their_website(population: list[Firm]) -> None:
    several = [firm for firm in population if firm.records > 1]
    assert sum("site" in firm.changes for firm in several) / len(several) == pytest.approx(0.12, abs=0.03)
    assert sum("domain" in firm.changes for firm in several) / len(several) == pytest.approx(0.12, abs=0.03)
    assert not any(firm.changes for firm in population if firm.records == 1)


def test_each_system_writes_in_its_own_way() -> None:
    by_source = defaultdict(list)
    for row in clean().values():
        by_source[row["source_system"]].append(row)
    assert all(", " in row["contact"] or row["contact"].split()[0].isupper() for row in by_source["registry"])
    assert any(re.match(r"\w\. ", row["contact"]) for row in by_source["directory"])
    assert all("://" in row["website"] for row in by_source["directory"])
    assert any("utm_source" in row["website"] for row in by_source["directory"])
    assert any(row["website"].startswith("www.") for row in by_source["crm"])
    assert all(re.fullmatch(r"\d+", row["revenue"]) for row in by_source["crm"])
    assert any(re.search(r"\.\d{3},00 €", row["revenue"]) for row in by_source["registry"])
    industries = {name: {row["industry"] for row in rows} for name, rows in by_source.items()}
    assert not industries["registry"] & industries["directory"]
    assert any("," in row["latitude"] for row in by_source["directory"])
    assert any("xn--" in row["website"] for row in clean().values())
    assert any(not row["website"].isascii() for row in clean().values())


def test_legal_forms_stand_in_every_place_and_spelling() -> None:
    names = [row["company"] for row in companies(error_rate=1, error_rates={"legal-form": 1.0}).values()]
    for form in (
        "GmbH",
        "G.m.b.H.",
        "Gesellschaft mit beschränkter Haftung",
        "GmbH & Co. KG",
        "Ltd",
        "Limited",
        "S.L.",
    ):
        assert any(name.endswith(form) for name in names), form
    assert any(name.startswith(("SARL ", "SAS ")) for name in names)


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_happens_at_its_rate(kind: str) -> None:
    def changed(rate: float) -> int:
        dirty = companies(error_rate=1, error_rates={kind: rate}, missing_rate=0)
        return sum(dirty[company_id] != row for company_id, row in clean().items())

    assert changed(0) == 0
    possible = changed(1)
    assert possible > 20
    assert changed(0.3) / possible == pytest.approx(0.3, abs=0.1)


def test_kinds_of_error_are_those_with_an_option() -> None:
    assert list(ERRORS) == [*errors.MISTAKES, *errors.SLIPS]


def test_incorrect_values_are_those_people_type() -> None:
    rows = list(companies(error_rate=1, error_rates={"incorrect": 1.0}).values())
    assert {"www.example.com", "info@company.com"} <= {row["website"] for row in rows}
    assert {("0", "0"), ("999", "999")} <= {(row["latitude"], row["longitude"]) for row in rows}
    assert "Reception" in {row["contact"] for row in rows}


def test_values_never_break_a_line_or_vanish() -> None:
    for row in companies(error_rate=1).values():
        for name in VALUES:
            value = row[name]
            assert value is None or (value.strip() != "" and "\n" not in value), (name, value)


@pytest.mark.parametrize(
    "name", ["coordinates.csv", "industries.csv", "trade_words.csv", "legal_forms.csv", "company_words.csv"]
)
def test_data_files_have_no_row_twice_and_no_blanks_around(name: str) -> None:
    rows = [tuple(row) for row in read_data(name)]
    assert len(set(rows)) == len(rows)
    assert all(part == part.strip() and part for row in rows for value in row for part in value.split("|"))


def test_every_language_has_words_for_every_industry() -> None:
    words = firm_words()
    assert set(words.trades) == {(land.language, industry) for land in LANDS.values() for industry in words.industries}
    assert all(industry.neighbour in words.industries for industry in words.industries.values())
    assert set(words.forms) == set(words.cities) == set(LANDS)
