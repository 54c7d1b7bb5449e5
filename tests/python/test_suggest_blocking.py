"""Suggested blocking rules, with truth and without, and the estimate of missed matches against one by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from project import MODELS_ONLY, REPO, Project, write_package_project

from dbt_dedup.blocking import Basis, Suggestion, suggest, suggest_blocking
from dbt_dedup.blocking.cover import Candidate, greedy_cover
from dbt_dedup.blocking.suggest import _compiled, _likely_matches, _try
from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import DbtProject, close_connections

FIELDS = {
    "given_name": {"type": "given_name"},
    "family_name": {"type": "family_name"},
    "birth_date": {"type": "date"},
    "email": {"type": "email"},
    "street": {"type": "address"},
}
SPEC = {"input": "raw", "record_id": "customer_id", "fields": FIELDS, "blocking": [["email"]]}
ENTITIES: dict[str, dict[str, Any]] = {
    "known": {**SPEC, "truth": "true_entities"},
    "unknown": SPEC,
    "few": {**SPEC, "input": "few_raw"},
    "two": {**SPEC, "blocking": [["email"], ["family_name", "birth_date"], ["family_name.soundex", "email.domain"]]},
    "three": {**SPEC, "blocking": [["email"], ["family_name"], ["birth_date.year"], ["family_name", "birth_date"]]},
    "one": {**SPEC, "blocking": [["email"], ["email.local"], {"top_k": ["email", "street"]}]},
}
RAW = f"""
select customer_id, given_name, family_name, birth_date, email, street
from read_csv('{REPO / "seeds/customers/raw_customers.csv"}', all_varchar = true)
"""
TRUTH = f"""
select record_id, entity_id from read_csv('{REPO / "seeds/customers/customers_truth.csv"}', all_varchar = true)
"""
MODELS = {
    "stg_{}__records": "{{{{ dbt_dedup.stg_records('{}') }}}}",
    "int_{}__spec": "{{{{ dbt_dedup.effective_spec('{}') }}}}",
    "int_{}__value_counts": "{{{{ dbt_dedup.value_counts('{}') }}}}",
    "int_{}__token_counts": "{{{{ dbt_dedup.token_counts('{}') }}}}",
    "int_{}__record_keys": "{{{{ dbt_dedup.record_keys('{}') }}}}",
    "int_{}__keyed_records": "{{{{ dbt_dedup.keyed_records('{}') }}}}",
    # what the estimate reads: pairs under a mask of three rules, as tests fill them
    "int_{}__candidate_pairs": "select 0 as record_key_l, 0 as record_key_r, 0::bigint as rule_mask where false",
    "int_{}__pair_scores": "select 0 as record_key_l, 0 as record_key_r, 0::double as match_probability where false",
    "missed_{}": "{{{{ dbt_dedup._missed_matches(dbt_dedup.entity('{}')) }}}}",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    models = {f"{name.format(entity)}.sql": sql.format(entity) for entity in ENTITIES for name, sql in MODELS.items()}
    inputs = {"raw.sql": RAW, "few_raw.sql": "select * from {{ ref('raw') }} limit 5", "true_entities.sql": TRUTH}
    folder = write_package_project(tmp_path_factory.mktemp("suggest"), ENTITIES, {**inputs, **models})
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY, "--exclude", "int_known__keyed_records+")
    return project


@pytest.fixture
def project(shop: Project) -> Iterator[DbtProject]:
    yield DbtProject(shop.folder, shop.folder)
    close_connections()


@pytest.fixture(scope="module")
def by_truth(shop: Project) -> Suggestion:
    """The keyed records are not built yet: the search builds them."""
    found = suggest_blocking(DbtProject(shop.folder, shop.folder), "known")
    close_connections()
    return found


def test_with_truth_the_rules_find_almost_all_within_the_budget(
    by_truth: Suggestion, project: DbtProject, shop: Project
) -> None:
    found = by_truth
    assert (found.basis, found.records, found.most_pairs) == (Basis.TRUTH, 3_000, 30_000)
    last = found.choices[-1]
    assert last.total_found > 0.97
    assert last.total_pairs == sum(choice.pairs for choice in found.choices) <= found.most_pairs
    assert last.total_found == pytest.approx(sum(choice.gain for choice in found.choices))
    true_pairs = shop.rows(
        """
        select distinct l.representative_key, r.representative_key
        from int_known__keyed_records as l inner join true_entities as a on l.record_id = a.record_id
        inner join true_entities as b on a.entity_id = b.entity_id
        inner join int_known__keyed_records as r on b.record_id = r.record_id
        where l.representative_key < r.representative_key
        """
    )
    assert found.likely_matches == len(true_pairs)
    # one rule, by hand
    compiled = _compiled(project, "known", [["family_name.soundex", "birth_date"]])
    with project.open() as warehouse:
        _, matches = _likely_matches(warehouse, "known", compiled["matches"])
        tried = _try(warehouse, compiled, compiled["rules"][0], matches)
    rows = shop.rows(
        "select record_key, family_name__soundex, birth_date from int_known__keyed_records"
        " where record_key = representative_key and family_name__soundex is not null and birth_date is not null"
    )
    value = {row[0]: row[1:] for row in rows}
    sizes = [list(value.values()).count(each) for each in set(value.values())]
    assert tried.pairs == sum(size * (size - 1) // 2 for size in sizes if size <= 1000)
    agree = sum(left in value and value[left] == value.get(right) for left, right in true_pairs)
    assert tried.found.sum() == tried.agreed == agree > 500


def test_fewer_pairs_find_less(by_truth: Suggestion, project: DbtProject) -> None:
    tight = suggest_blocking(project, "known", most_pairs=1_500, most_rules=2)
    assert 1 <= len(tight.choices) <= 2
    assert 0 < tight.choices[-1].total_pairs <= 1_500
    assert tight.choices[-1].total_found < by_truth.choices[-1].total_found


def test_without_labels_rare_agreements_choose_rules_that_find_the_truth(project: DbtProject, shop: Project) -> None:
    rules = suggest(project, "unknown")
    # tried on the truth
    compiled = _compiled(project, "known", rules)
    with project.open() as warehouse:
        _, matches = _likely_matches(warehouse, "known", compiled["matches"])
        tried = [_try(warehouse, compiled, rule, matches) for rule in compiled["rules"]]
    assert np.logical_or.reduce([candidate.found for candidate in tried]).mean() > 0.95
    assert sum(candidate.pairs for candidate in tried) <= 30_000


def test_too_few_likely_matches_are_an_error(project: DbtProject) -> None:
    with pytest.raises(DedupError, match=r"'few' has too few likely matches .* 20 are needed\. Label pairs with"):
        suggest_blocking(project, "few")


def test_the_command_prints_yaml_json_and_a_picture(shop: Project, tmp_path: Path) -> None:
    folders = ["--project-dir", str(shop.folder), "--profiles-dir", str(shop.folder)]
    picture = tmp_path / "rules.svg"
    printed = CliRunner().invoke(main, ["suggest-blocking", "known", "--picture", str(picture), *folders])
    assert printed.exit_code == 0, printed.output
    rules = yaml.safe_load(printed.stdout[printed.stdout.index("blocking:\n") :])["blocking"]
    as_json = CliRunner().invoke(main, ["suggest-blocking", "known", "--json", *folders])
    found = json.loads(as_json.stdout)
    assert [choice["rule"] for choice in found["choices"]] == rules
    assert found["basis"] == "truth"
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert all(choice["name"] in drawn for choice in found["choices"])
    wrong = CliRunner().invoke(main, ["suggest-blocking", "known", "--picture", "rules.png", *folders])
    assert (wrong.exit_code, "should end in .svg" in wrong.output) == (1, True)
    close_connections()


def candidate(name: str, pairs: int, found: set[int], matches: int = 10) -> Candidate:
    return Candidate([name], name, pairs, 0, 2, len(found), np.array([number in found for number in range(matches)]))


def test_the_cover_is_near_the_best_there_is() -> None:
    generator = np.random.default_rng(3)
    for _ in range(30):
        candidates = [
            candidate(f"rule {j}", int(generator.integers(1, 40)), set(generator.choice(30, 8).tolist()), 30)
            for j in range(8)
        ]
        budget = int(generator.integers(20, 90))
        chosen = greedy_cover(candidates, budget, 8, 0.0)
        assert sum(c.pairs for c in chosen) <= budget
        best = (
            max(
                int(np.logical_or.reduce([c.found for c in some]).sum())
                for size in range(1, 9)
                for some in combinations(candidates, size)
                if sum(c.pairs for c in some) <= budget
            )
            if min(c.pairs for c in candidates) <= budget
            else 0
        )
        covered = int(np.logical_or.reduce([c.found for c in chosen]).sum()) if chosen else 0
        assert covered >= (1 - 1 / np.e) / 2 * best  # what the paper proves


def test_what_others_find_is_left_out_unless_it_is_wanted_again() -> None:
    cheap, rest, all_of_it = (
        candidate("a", 1, {0, 1, 2, 3}),
        candidate("b", 9, {4, 5}),
        candidate("c", 12, set(range(6))),
    )
    assert greedy_cover([cheap, rest, all_of_it], 30, 10, 0.0) == [cheap, rest]
    assert greedy_cover([cheap, rest, all_of_it], 30, 10, 0.5) == [cheap, all_of_it, rest]
    assert greedy_cover([cheap, rest, all_of_it], 0, 10, 0.5) == []
    assert greedy_cover([], 30, 10, 0.0) == []
    # what is found already is worth nothing more: the third rule is the only one that adds anything
    nearly, other = candidate("d", 1, {0, 1, 2}), candidate("e", 9, {5})
    assert greedy_cover([cheap, nearly, other], 30, 2, 0.0) == [cheap, other]


def fill(shop: Project, entity: str, counts: dict[int, int], probability: float = 1.0) -> None:
    rows = [mask for mask, count in counts.items() for _ in range(count)]
    shop.change(
        f"create or replace table int_{entity}__candidate_pairs as"
        f" select i as record_key_l, i + 1 as record_key_r, mask::bigint as rule_mask"
        f" from (select unnest({rows or [0]}) as mask, generate_subscripts({rows or [0]}, 1) as i) where mask > 0",
        f"create or replace table int_{entity}__pair_scores as"
        f" select record_key_l, record_key_r, {probability}::double as match_probability"
        f" from int_{entity}__candidate_pairs",
    )


def estimate(shop: Project, entity: str) -> tuple[float, float | None]:
    again = Project(shop.folder)
    again.dbt("run", "--select", f"missed_{entity}")
    ((found, missed),) = shop.rows(f"select found, missed from missed_{entity}")
    return found, missed


def test_two_independent_groups_estimate_by_chapman(shop: Project) -> None:
    # rules 0 and 1 share no field; rule 2 reads fields of both and is in no group
    fill(shop, "two", {0b001: 40, 0b010: 30, 0b011: 60, 0b100: 5, 0b1000: 70}, probability=0.8)
    n1, n2, both, others = 0.8 * 100, 0.8 * 90, 0.8 * 60, 0.8 * 5
    missed = (n1 + 1) * (n2 + 1) / (both + 1) - 1 - 0.8 * 130 - others
    assert list(estimate(shop, "two")) == pytest.approx([0.8 * 135, missed])
    assert missed > 5


def test_three_independent_groups_estimate_by_chao(shop: Project) -> None:
    # rule 3 reads family_name and birth_date, of two groups
    fill(shop, "three", {0b0001: 20, 0b0010: 30, 0b0100: 10, 0b0011: 15, 0b1110: 10, 0b0111: 5})
    assert list(estimate(shop, "three")) == pytest.approx([90, 2 / 3 * 60 * 59 / (2 * 26)])


def test_what_cannot_be_estimated_is_unknown(shop: Project) -> None:
    fill(shop, "one", {0b001: 20, 0b011: 500})  # all rules read the same field
    assert estimate(shop, "one") == (520, None)
    fill(shop, "two", {0b001: 40, 0b010: 30, 0b011: 9})  # too few are found twice
    assert estimate(shop, "two") == (79, None)
    fill(shop, "two", {0b001: 40, 0b010: 30, 0b011: 90}, probability=0.4)  # none is a likely match
    assert estimate(shop, "two") == (0, None)
    fill(shop, "three", {})
    assert estimate(shop, "three") == (0, None)
