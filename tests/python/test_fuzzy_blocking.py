"""Fuzzy blocking rules against pairs found by hand, and a crowd of records in blocks above max_block_size."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from math import log2, sqrt
from typing import Any

import pytest
from project import MODELS_ONLY, REPO, Project, said_by_dedup, write_package_project
from test_block import MODELS

FIELDS = {
    "name": {"type": "company", "column": "given_name"},
    "family_name": {"type": "family_name"},
    "birth_date": {"type": "date"},
    "email": {"type": "email"},
    "street": {"type": "address"},
}
RULES: list[Any] = [
    ["email"],
    {"top_k": ["name", "family_name", "birth_date"], "k": 3},
    {"top_k": ["street.tokens", "name.tokens"], "k": 2},
    {"sorted_neighborhood": ["family_name", "birth_date"], "window": 4},
    {"minhash": ["email", "street"], "bands": 5, "rows": 2},
]
SPEC = {"input": "raw", "record_id": "customer_id", "source": "system", "fields": FIELDS, "blocking": RULES}
HOUSES = 3_000
CROWD = {
    "input": "crowd",
    "record_id": "id",
    "fields": {"family_name": {"type": "family_name"}, "street": {"type": "address"}, "city": {"type": "city"}},
    "blocking": [["family_name", "city"], ["city"]],
    "max_block_size": 500,
}
ENTITIES: dict[str, dict[str, Any]] = {
    "fuzzy": SPEC,
    "linked": {**SPEC, "source_mode": "link_only"},
    "deduped": {**SPEC, "source_mode": "dedupe_only"},
    "crowd": CROWD,
}
BUILT = ("fuzzy", "linked", "deduped")
RAW = f"""
select customer_id, source_system as system, given_name, family_name, birth_date, email, street
from read_csv('{REPO / "seeds/customers/raw_customers.csv"}', all_varchar = true)
where hash(customer_id) % 6 = 0
"""
INPUTS = {
    # the keys of a new record, as `find` asks for them: here of each known record, as if it were new
    "new_keys.sql": "{{ dbt_dedup.block_keys('fuzzy', records=ref('int_fuzzy__keyed_records')) }}",
    "raw.sql": RAW,
    # in the order of the table, no two houses that are next to each other in the street
    "crowd.sql": f"""
select
    'r' || range as id,
    'Miller' as family_name,
    (range * 7 % {HOUSES} + 1) || ' Long Street' as street,
    'Leeds' as city
from range({HOUSES})
""",
}


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    models = {f"{name.format(entity)}.sql": sql.format(entity) for entity in ENTITIES for name, sql in MODELS.items()}
    folder = write_package_project(tmp_path_factory.mktemp("fuzzy"), ENTITIES, {**INPUTS, **models})
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    return project


@pytest.fixture(scope="module", params=BUILT)
def entity(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def records(blocked: Project, entity: str) -> dict[int, dict[str, Any]]:
    rows = blocked.dicts(f"select * from int_{entity}__keyed_records where record_key = representative_key")
    return {row["record_key"]: row for row in rows}


def proposed(blocked: Project, entity: str, rule: int) -> set[tuple[int, int]]:
    bit = f"rule_mask >> {rule} & 1 = 1"
    return set(blocked.rows(f"select record_key_l, record_key_r from int_{entity}__candidate_pairs where {bit}"))


def may_meet(entity: str, left: dict[str, Any], right: dict[str, Any]) -> bool:
    return entity == "fuzzy" or (left["source"] == right["source"]) == (entity == "deduped")


def trigrams(value: Any) -> set[str]:
    text = str(value)[:100]
    return {text[place : place + 3] for place in range(max(1, len(text) - 2))}


def items_of(record: dict[str, Any], rule: int) -> set[str]:
    if rule == 2:
        return {word for name in ("street", "name") if record[name] for word in record[name].split(" ")}
    return {item for name in ("name", "family_name", "birth_date") if record[name] for item in trigrams(record[name])}


@pytest.mark.parametrize("rule", [1, 2])
def test_top_k_proposes_the_most_alike_records(
    blocked: Project, entity: str, records: dict[int, dict[str, Any]], rule: int
) -> None:
    items = {key: found for key, record in records.items() if (found := items_of(record, rule))}
    counts = Counter(item for found in items.values() for item in found)
    weight = {item: round(1000 * log2(1 + len(items) / count)) for item, count in counts.items()}
    having = defaultdict(set)
    for key, found in items.items():
        for item in found:
            having[item].add(key)
    expected = set()
    for key, found in items.items():
        dots: dict[int, int] = defaultdict(int)
        met = 0
        for item in sorted(found, key=lambda item: (counts[item], item)):
            met += counts[item] if counts[item] > 1 else 0
            if met > 500:
                break
            for other in having[item] - {key}:
                if may_meet(entity, records[key], records[other]):
                    dots[other] += weight[item] ** 2
        likeness = {other: dot / sqrt(sum(weight[i] ** 2 for i in items[other])) for other, dot in dots.items()}
        best = sorted(likeness, key=lambda other: (-likeness[other], other))[: RULES[rule]["k"]]
        expected |= {(min(key, other), max(key, other)) for other in best}
    assert len(expected) > 300
    assert proposed(blocked, entity, rule) == expected


def test_a_sorted_neighborhood_is_the_window_and_the_block_of_equal_keys(
    blocked: Project, entity: str, records: dict[int, dict[str, Any]]
) -> None:
    def sort_key(key: int) -> tuple[Any, ...]:
        return (*(records[key][name] for name in RULES[3]["sorted_neighborhood"]), key)

    order = sorted((key for key in records if None not in sort_key(key)), key=sort_key)
    near = [(left, right) for place, left in enumerate(order) for right in order[place + 1 : place + 4]]
    equal = [(left, right) for left, right in combinations(order, 2) if sort_key(left)[:-1] == sort_key(right)[:-1]]
    assert proposed(blocked, entity, 3) == {
        (min(pair), max(pair)) for pair in [*near, *equal] if may_meet(entity, records[pair[0]], records[pair[1]])
    }


def test_minhash_meets_on_the_more_bands_the_more_alike_the_records(
    blocked: Project, records: dict[int, dict[str, Any]], entity: str
) -> None:
    items = {
        key: {item for name in ("email", "street") if record[name] for item in trigrams(record[name])}
        for key, record in records.items()
    }
    found = proposed(blocked, entity, 4)
    by_similarity: dict[int, list[bool]] = defaultdict(list)
    for left, right in combinations(sorted(key for key in items if items[key]), 2):
        if may_meet(entity, records[left], records[right]):
            similarity = len(items[left] & items[right]) / len(items[left] | items[right])
            by_similarity[int(similarity * 5)].append((left, right) in found)
    # the chance of a pair of similarity s is 1 - (1 - s^2)^5: at most 0.19 up to 0.2, and 0.92 to 1 from 0.63 on
    assert all(by_similarity.get(5, [True]))  # equal sets
    low, high = by_similarity[0], by_similarity[4]
    assert sum(low) / len(low) < 0.1
    assert sum(high) / len(high) > 0.9
    keys = blocked.rows(f"select record_key, count(*) from int_{entity}__block_keys where rule_id = 4 group by all")
    assert dict(keys) == {key: 5 for key, found in items.items() if found}


def test_a_second_build_proposes_the_same(blocked: Project) -> None:
    before = sorted(blocked.rows("from int_fuzzy__candidate_pairs"))
    again = Project(blocked.folder)
    again.dbt("run", "--select", "int_fuzzy__block_keys", "int_fuzzy__candidate_pairs", "fuzzy_block_stats")
    assert sorted(again.rows("from int_fuzzy__candidate_pairs")) == before


def test_block_stats_tell_about_fuzzy_rules(blocked: Project, entity: str) -> None:
    stats = {row["rule"]: row for row in blocked.dicts(f"select * from {entity}_block_stats")}
    names = [
        "email",
        "top_k: name + family_name + birth_date",
        "top_k: street.tokens + name.tokens",
        "sorted_neighborhood: family_name + birth_date",
        "minhash: email + street",
        "identical records",
    ]
    assert list(stats) == names
    for number, name in enumerate(names):
        assert stats[name]["pairs"] == len(proposed(blocked, entity, number))
    assert stats[names[1]]["block_keys"] == stats[names[1]]["pairs"]
    assert stats[names[1]]["largest_block"] == 2


def test_a_new_record_has_the_keys_that_do_not_depend_on_other_records(blocked: Project) -> None:
    columns = "rule_id, key_hash, record_key"
    new, known = (set(blocked.rows(f"select {columns} from {name}")) for name in ("new_keys", "int_fuzzy__block_keys"))
    assert new < known
    assert {rule for rule, _, _ in new} == {0, 3, 4}
    assert {rule for rule, _, _ in known - new} == {1, 2, 3}
    alone = blocked.rows("select record_key from new_keys where rule_id = 3")
    assert len(alone) == len(set(alone)) > 300  # one key each: that of the block of equal records


def test_records_that_agree_in_all_but_the_house_number_still_meet(blocked: Project) -> None:
    pairs = blocked.rows("select record_key_l, record_key_r from int_crowd__candidate_pairs")
    numbers = dict(blocked.rows("select record_key, street__number::integer from int_crowd__keyed_records"))
    assert len(numbers) == HOUSES
    group = {key: key for key in numbers}

    def root(key: int) -> int:
        while group[key] != key:
            group[key] = group[group[key]]
            key = group[key]
        return key

    for left, right in pairs:
        group[root(left)] = root(right)
    assert len({root(key) for key in group}) == 1
    met = Counter(key for pair in pairs for key in pair)
    assert set(met) == set(numbers)
    assert max(met.values()) <= 2 * 9
    # the order of the texts brings neighbours together: 1208 and 1209, not 1208 and 300
    assert sum(abs(numbers[left] - numbers[right]) <= 10 for left, right in pairs) > 0.75 * len(pairs)

    stats = blocked.dicts("select * from crowd_block_stats where rule <> 'identical records'")
    for row in stats:
        assert (row["dropped_blocks"], row["dropped_records"]) == (1, HOUSES)
        assert row["refined_pairs"] == row["pairs"] == len(pairs)
        assert row["dropped_pairs"] == HOUSES * (HOUSES - 1) // 2 - len(pairs)
    (line,) = (line for line in said_by_dedup(blocked.warnings) if "the rule [city] has 1 block(s)" in line)
    assert f"Their {HOUSES:,} records meet by other fields" in line
    assert f"leaves out {stats[1]['dropped_pairs']:,} pairs" in line
