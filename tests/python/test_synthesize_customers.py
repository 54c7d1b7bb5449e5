"""The demo customers: every kind of person, household and error that the generator promises."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_up import content, raw_records, read, seeds, synthesize

from dbt_dedup.synthesize.customers.labels import judge
from dbt_dedup.synthesize.customers.people import Households, Person
from dbt_dedup.synthesize.customers.records import lay_out_date
from dbt_dedup.synthesize.randomness import uniforms
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.vocabulary import HABITS, vocabulary

SEEDS = seeds("customers")

customers = partial(raw_records, "customers")


@pytest.fixture(scope="module")
def population() -> list[Person]:
    return list(Households(Settings.of("customers", 10_000, seed=3), uniforms(3, 0, 0)).entities(10_000))


def test_customers_are_those_of_the_releases_before(tmp_path: Path) -> None:
    """The bytes of one more run, with other options than the committed files."""
    options = ("--records", 2000, "--labels", 300, "--seed", 77, "--missing-rate", 0.3, "--change-rate", 0.4)
    result = synthesize(tmp_path, *options, "--household-rate", 0.7, "--typo-rate", 0.5)
    assert result.exit_code == 0, result.output
    digest = hashlib.sha256(b"".join(content(tmp_path)[:3])).hexdigest()
    assert digest == "a75578a86fef2bd0fe5d9c1e497f3b9fe79aa8b6f0d35f5ea5980cee1eb6c4e8"


def test_there_are_as_many_records_and_labels_as_asked_for() -> None:
    assert len(read(SEEDS, "raw_customers")) == 3000
    assert len(read(SEEDS, "customers_labels")) == 800


def test_most_customers_have_one_record_and_none_more_than_eight() -> None:
    sizes = Counter(Counter(row["entity_id"] for row in read(SEEDS, "customers_truth")).values())
    assert 0.54 < sizes[1] / sizes.total() < 0.62
    assert max(sizes) <= 8
    assert all(sizes[size] for size in range(1, 7))


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


def test_incorrect_values_are_those_people_type() -> None:
    rows = list(customers(error_rate=1, error_rates={"incorrect": 1.0}).values())
    assert {"test@test.com", "n/a"} <= {row["email"] for row in rows}
    assert "000-000-0000" in {row["phone"] for row in rows}
    assert {"1900-01-01", "01/01/1900"} <= {row["birth_date"] for row in rows}
    assert any(row["postcode"] and row["postcode"] == row["city"] for row in rows)


def test_large_cultures_have_several_hundred_names() -> None:
    words = vocabulary()
    assert len(words.family["english"].items) > 500
    assert len(words.family["hispanic"].items) > 200
    assert sum(city.country == "US" for city in words.cities["US"].items) >= 150


def steward_reads(phone: str, other: str | None = None) -> tuple[str, bool]:
    """The reason, and whether it is doubtful, for two records of one person that have nothing but a phone number."""

    def record(number: str) -> Any:
        values = dict.fromkeys(("given_name", "family_name", "birth_date", "email", "street", "postcode"))
        return SimpleNamespace(**values, phone=number)

    return judge(record(phone), record(phone if other is None else other), True)


@pytest.mark.parametrize(
    ("phone", "is_one"),
    [("12345678", True), ("1234567", False), ("12121212", False), ("12121213", True), ("12345678 ext 9", True)],
)
def test_a_steward_compares_phone_numbers_of_eight_digits_that_are_not_all_alike(phone: str, is_one: bool) -> None:
    assert steward_reads(phone) == (("same phone", False) if is_one else ("asked the customer", True))


def test_a_steward_compares_the_last_ten_digits_of_a_phone_number() -> None:
    assert steward_reads("+1 212 555 0123", "212-555-0123 ext 4")[0] == "same phone"
    assert steward_reads("+1 312 555 0123", "212-555-0123")[0] == "asked the customer"
