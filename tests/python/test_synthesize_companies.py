"""The demo companies: every kind of firm, relative, record and error that the generator promises."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest
from made_up import clean, raw_records, read, seeds

from dbt_dedup.synthesize.companies import VALUES
from dbt_dedup.synthesize.companies.firms import Firm, Groups
from dbt_dedup.synthesize.companies.labels import judge
from dbt_dedup.synthesize.companies.records import Record
from dbt_dedup.synthesize.companies.vocabulary import LANDS, firm_words
from dbt_dedup.synthesize.kinds import KINDS
from dbt_dedup.synthesize.randomness import uniforms
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.vocabulary import read_data

companies = partial(raw_records, "companies")


@pytest.fixture(scope="module")
def population() -> list[Firm]:
    return list(Groups(Settings.of("companies", 8000, seed=3), uniforms(3, 0, 0)).entities(8000))


def test_labels_are_drawn_by_strata() -> None:
    labels = read(seeds("companies"), "companies_labels")
    strata = Counter(row["sampled_by"] for row in labels)
    assert set(strata) == {"true_pair", "random_records", *KINDS["companies"].strata}
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
    for row in clean("companies").values():
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
    assert any("xn--" in row["website"] for row in clean("companies").values())
    assert any(not row["website"].isascii() for row in clean("companies").values())


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


def test_incorrect_values_are_those_people_type() -> None:
    rows = list(companies(error_rate=1, error_rates={"incorrect": 1.0}).values())
    assert {"www.example.com", "info@company.com"} <= {row["website"] for row in rows}
    assert {("0", "0"), ("999", "999")} <= {(row["latitude"], row["longitude"]) for row in rows}
    assert "Reception" in {row["contact"] for row in rows}


@pytest.mark.parametrize(
    "name", ["coordinates.csv", "industries.csv", "trade_words.csv", "legal_forms.csv", "company_words.csv"]
)
def test_data_files_lack_no_value(name: str) -> None:
    assert all(part for row in read_data(name) for value in row for part in value.split("|"))


def test_every_language_has_words_for_every_industry() -> None:
    words = firm_words()
    assert set(words.trades) == {(land.language, industry) for land in LANDS.values() for industry in words.industries}
    assert all(industry.neighbour in words.industries for industry in words.industries.values())
    assert set(words.forms) == set(words.cities) == set(LANDS)


def steward_reads(**values: str) -> str:
    """The reason for two records of one company that have nothing but these values."""
    known = dict.fromkeys(("registration_number", "website", "phone", "street", "postcode", "contact")) | values
    record = cast("Record", SimpleNamespace(**{"words": "", **known}))
    return judge(record, record, True)[0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"phone": "12345678"}, "same phone"),
        ({"phone": "1234567"}, "asked the company"),
        ({"phone": "12121212"}, "asked the company"),
        ({"website": "https://www.acme.com/x"}, "same website"),
        ({"website": "shop.facebook.com"}, "asked the company"),
        ({"website": "acme"}, "asked the company"),
        ({"website": "a@acme.com"}, "asked the company"),
        ({"street": "Main Street 1", "postcode": "1"}, "same address"),
        ({"street": "Main Street 1"}, "asked the company"),
        ({"contact": "Ann Lee", "registration_number": "HRB 1"}, "same number and contact"),
        ({"words": "Acme", "contact": ""}, "same name"),
    ],
)
def test_a_steward_reads_what_two_records_of_a_company_have_in_common(values: dict[str, str], reason: str) -> None:
    assert steward_reads(**values) == reason
