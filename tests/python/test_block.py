"""Candidate pairs and their statistics, against a join of every rule by hand on the demo customers."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import duckdb
import pytest
from project import MODELS_ONLY, REPO, Project, problems, said_by_dedup, statuses, write_package_project

FIELDS = {
    "given_name": {"type": "given_name"},
    "family_name": {"type": "family_name"},
    "full_name": {"type": "full_name", "column": ["given_name", "family_name"]},
    "birth_date": {"type": "date"},
    "email": {"type": "email"},
    "phone": {"type": "phone"},
    "street": {"type": "address"},
    "postcode": {"type": "postcode"},
}
RULES = [
    ["email"],
    ["phone"],
    ["family_name.soundex", "birth_date"],
    ["given_name", "postcode"],
    ["given_name.canonical", "family_name"],
    ["street.rare_tokens", "postcode.area"],
    ["given_name.canonical", "street.rare_tokens", "birth_date.year"],
    ["full_name.rare_tokens"],
]
Divided = tuple[tuple[Any, ...], list[set[int]], list[set[int]]]
SPEC = {"input": "raw", "record_id": "customer_id", "source": "system", "fields": FIELDS, "blocking": RULES}
ENTITIES: dict[str, dict[str, Any]] = {
    "plain": SPEC,
    "capped": {**SPEC, "max_block_size": 6, "random_pairs": 1000},
    "linked": {**SPEC, "source_mode": "link_only", "max_block_size": 20, "random_pairs": 20000},
    "deduped": {**SPEC, "source_mode": "dedupe_only"},
    "guarded": {**SPEC, "max_pairs": 2000},
    "guarded_lists": {**SPEC, "max_pairs": 2000, "blocking": [["email"], ["street.rare_tokens"]]},
}
BUILT = ("plain", "capped", "linked", "deduped")
MODELS = {
    "stg_{}__records": "{{{{ dbt_dedup.stg_records('{}') }}}}",
    "int_{}__value_counts": "{{{{ dbt_dedup.value_counts('{}') }}}}",
    "int_{}__token_counts": "{{{{ dbt_dedup.token_counts('{}') }}}}",
    "int_{}__record_keys": "{{{{ dbt_dedup.record_keys('{}') }}}}",
    "int_{}__keyed_records": "{{{{ dbt_dedup.keyed_records('{}') }}}}",
    "int_{}__block_keys": "{{{{ dbt_dedup.block_keys('{}') }}}}",
    "int_{}__candidate_pairs": "{{{{ dbt_dedup.candidate_pairs('{}') }}}}",
    "{}_block_stats": "{{{{ dbt_dedup.block_stats('{}') }}}}",
    "int_{}__random_pairs": "{{{{ dbt_dedup._random_pairs(dbt_dedup.entity('{}')) }}}}",
}
# some records occur twice, a few are empty, and some have no source system
RAW = f"""
with written as (
    select * from read_csv('{REPO / "seeds/customers/raw_customers.csv"}', all_varchar = true)
),
copied as (
    select * replace (customer_id || copy as customer_id)
    from written, (values ('', 1), ('-b', 20), ('-c', 50)) as copies (copy, share)
    where hash(customer_id) % share = 0
)
select
    customer_id,
    case when hash(customer_id) % 11 > 0 then source_system end as system,
    * exclude (customer_id, source_system)
from copied
union all by name
select unnest(['empty-1', 'empty-2', 'empty-3']) as customer_id
"""


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    models = {f"{name.format(entity)}.sql": sql.format(entity) for entity in ENTITIES for name, sql in MODELS.items()}
    folder = write_package_project(tmp_path_factory.mktemp("block"), ENTITIES, {"raw.sql": RAW, **models})
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY, fails=True)
    return project


@pytest.fixture(scope="module", params=BUILT)
def entity(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def records(blocked: Project, entity: str) -> dict[int, dict[str, Any]]:
    return {row["record_key"]: row for row in blocked.dicts(f"select * from int_{entity}__keyed_records")}


@pytest.fixture(scope="module")
def blocks(records: dict[int, dict[str, Any]]) -> list[dict[tuple[Any, ...], set[int]]]:
    """For each rule the records of each key, by hand: a null in any part gives no key, a list one key for each item."""
    rules = []
    for rule in RULES:
        members = defaultdict(set)
        for key, record in records.items():
            parts = [record[part.replace(".", "__")] for part in rule]
            if record["representative_key"] != key or None in parts:
                continue
            for combined in product(*(part if isinstance(part, list) else [part] for part in parts)):
                members[combined].add(key)
        rules.append(dict(members))
    return rules


@pytest.fixture(scope="module")
def pairs_of_rules(
    entity: str, records: dict[int, dict[str, Any]], blocks: list[dict[tuple[Any, ...], set[int]]]
) -> list[set[tuple[int, int]]]:
    """The pairs that each rule proposes, and last those of identical records, by hand."""
    largest = ENTITIES[entity].get("max_block_size", 1000)
    proposed = [
        {pair for block in rule.values() if len(block) <= largest for pair in pairs_in(block, entity, records)}
        | {pair for _, pair in refined_pairs(rule, entity, records)}
        for rule in blocks
    ]
    identical = {(row["representative_key"], key) for key, row in records.items() if row["representative_key"] != key}
    return [*proposed, identical]


def pairs_in(block: set[int], entity: str, records: dict[int, dict[str, Any]]) -> set[tuple[int, int]]:
    pairs = set(combinations(sorted(block), 2))
    mode = ENTITIES[entity].get("source_mode", "both")
    if mode == "both":
        return pairs
    return {
        (left, right)
        for left, right in pairs
        if (records[left]["source"] == records[right]["source"]) == (mode == "dedupe_only")
    }


def divided(
    rule: dict[tuple[Any, ...], set[int]], entity: str, records: dict[int, dict[str, Any]]
) -> Iterator[Divided]:
    """By hand, what divides the blocks above max_block_size: the key of each, sub-blocks, and pairs of neighbours."""
    largest = ENTITIES[entity].get("max_block_size", 1000)
    met = {key for block in rule.values() if 2 <= len(block) <= largest for key in block}
    for key, block in rule.items():
        if len(block) <= largest:
            continue
        crowded = sorted(
            block - met,
            key=lambda member: (*((records[member][f] is None, records[member][f] or "") for f in FIELDS), member),
        )
        sub_blocks = []
        for number, name in enumerate(FIELDS):
            groups = defaultdict(set)
            for member in crowded:
                if records[member][name] is not None:
                    groups[records[member][name]].add(member)
            sub_blocks += [(len(g), number, min(g), g) for g in groups.values() if 2 <= len(g) <= largest]
        chosen, pairs = [], 0
        for size, _, _, group in sorted(sub_blocks, key=lambda sub_block: sub_block[:3]):
            pairs += size * (size - 1) // 2
            if pairs > 20 * len(crowded):
                break
            chosen.append(group)
        near = [{left, right} for place, left in enumerate(crowded) for right in crowded[place + 1 : place + 10]]
        yield key, chosen, near


def refined_pairs(
    rule: dict[tuple[Any, ...], set[int]], entity: str, records: dict[int, dict[str, Any]]
) -> set[tuple[tuple[Any, ...], tuple[int, int]]]:
    return {
        (key, pair)
        for key, chosen, near in divided(rule, entity, records)
        for block in [*chosen, *near]
        for pair in pairs_in(block, entity, records)
    }


def test_candidate_pairs_are_those_of_a_join_by_hand(
    blocked: Project, entity: str, pairs_of_rules: list[set[tuple[int, int]]]
) -> None:
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for bit, pairs in enumerate(pairs_of_rules):
        for pair in pairs:
            expected[pair] |= 1 << bit
    candidates = blocked.rows(f"select record_key_l, record_key_r, rule_mask from int_{entity}__candidate_pairs")
    assert len(candidates) == len(expected) > 1000
    assert {(left, right): mask for left, right, mask in candidates} == expected


def test_each_key_says_how_many_records_have_it(blocked: Project, entity: str) -> None:
    counted = "count(*) over (partition by rule_id, key_hash)"
    keys = f"select *, {counted} as counted from int_{entity}__block_keys"
    assert blocked.rows(f"select * from ({keys}) where records_in_block is distinct from counted") == []


def test_identical_records_are_paired_with_their_representative_only(
    blocked: Project, entity: str, records: dict[int, dict[str, Any]]
) -> None:
    copies = {key for key, row in records.items() if row["representative_key"] != key}
    meeting = blocked.rows(f"select record_key_l, record_key_r from int_{entity}__candidate_pairs")
    partners = [(left, right) for left, right in meeting if left in copies or right in copies]
    assert sorted(partners) == sorted((records[key]["representative_key"], key) for key in copies)
    values = [field for field in FIELDS if field != "full_name"]
    for left, right in partners:
        assert all(records[left][field] == records[right][field] for field in values)
    assert bool(copies) == (entity != "linked")
    if entity == "deduped":
        assert all(records[left]["source"] == records[right]["source"] for left, right in partners)


def test_records_without_a_value_are_in_no_pair(
    blocked: Project, entity: str, records: dict[int, dict[str, Any]]
) -> None:
    empty = {key for key, row in records.items() if row["record_id"].startswith("empty-")}
    assert len(empty) == 3
    met = blocked.rows(f"select unnest([record_key_l, record_key_r]) from int_{entity}__candidate_pairs")
    assert not empty & {key for (key,) in met}


def test_block_stats_are_those_counted_by_hand(
    blocked: Project,
    entity: str,
    records: dict[int, dict[str, Any]],
    blocks: list[dict[tuple[Any, ...], set[int]]],
    pairs_of_rules: list[set[tuple[int, int]]],
) -> None:
    largest_kept = ENTITIES[entity].get("max_block_size", 1000)
    group = defaultdict(list)
    for key, row in records.items():
        group[row["representative_key"]].append(key)
    expected = []
    for number, rule in enumerate(blocks):
        pairs = pairs_of_rules[number]
        others = set().union(*(other for other in pairs_of_rules if other is not pairs))
        shared = [block for block in rule.values() if len(block) > 1]
        largest = max(shared, key=lambda block: (len(block), -min(block)))
        dropped = [block for block in shared if len(block) > largest_kept]
        refined = refined_pairs(rule, entity, records)
        kept = [block for block in shared if len(block) <= largest_kept]
        kept += [block for _, chosen, near in divided(rule, entity, records) for block in [*chosen, *near]]
        most = max((len(pairs_in(block, entity, records)) for block in kept), default=0)
        expected.append(
            {
                "rule_number": number,
                "rule": " + ".join(RULES[number]),
                "block_keys": len(rule),
                "records_covered": sum(len(group[key]) for key in set().union(*rule.values())),
                "largest_block": len(largest),
                "largest_block_example": records[min(largest)]["record_id"],
                "largest_block_share": pytest.approx(most / len(pairs)),
                "pairs": len(pairs),
                "pairs_only_this_rule": len(pairs - others),
                "dropped_blocks": len(dropped),
                "dropped_records": sum(map(len, dropped)),
                "dropped_pairs": sum(len(pairs_in(block, entity, records)) for block in dropped) - len(refined),
                "refined_pairs": len(refined),
            }
        )
    repeated = [members for members in group.values() if len(members) > 1]
    expected.append(
        {
            "rule_number": len(RULES),
            "rule": "identical records",
            "block_keys": len(repeated),
            "records_covered": sum(map(len, repeated)),
            "largest_block": 0,
            "largest_block_example": None,
            "largest_block_share": None,
            "pairs": len(pairs_of_rules[-1]),
            "pairs_only_this_rule": len(pairs_of_rules[-1]),
            "dropped_blocks": 0,
            "dropped_records": 0,
            "dropped_pairs": 0,
            "refined_pairs": 0,
        }
    )
    assert blocked.dicts(f"select * from {entity}_block_stats") == expected
    assert sum(row["pairs_only_this_rule"] > 0 for row in expected[:-1]) >= 3
    assert any(row["dropped_pairs"] for row in expected) == (entity in ("capped", "linked"))
    assert any(row["refined_pairs"] for row in expected) == (entity in ("capped", "linked"))


def test_no_compiled_line_is_long(blocked: Project) -> None:
    files = [file for file in (blocked.folder / "target/compiled/shop/models").glob("*.sql") if "block" in file.name]
    files += (blocked.folder / "target/compiled/shop/models").glob("*candidate_pairs.sql")
    assert len(files) >= 3 * len(BUILT)
    lines = {(file.name, line) for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    assert {(name, line) for name, line in lines if len(line) > 160} == set()


def test_too_many_pairs_stop_the_build_before_the_join(blocked: Project) -> None:
    messages = problems(blocked.result)
    assert set(messages) == {"int_guarded__candidate_pairs", "int_guarded_lists__candidate_pairs"}
    assert statuses(blocked.result)["guarded_block_stats"] == "skipped"
    tables = {name for (name,) in blocked.rows("select table_name from duckdb_tables()")}
    assert "int_guarded__candidate_pairs" not in tables
    assert "int_plain__candidate_pairs" in tables


@pytest.mark.parametrize(
    ("name", "entity", "rules"),
    [("guarded", "plain", RULES), ("guarded_lists", "plain", [["email"], ["street.rare_tokens"]])],
)
def test_the_guard_names_the_rule_and_the_block(
    blocked: Project, name: str, entity: str, rules: list[list[str]]
) -> None:
    sizes = blocked.dicts(
        f"""
        select rule_id, key_hash, count(*) as records, min(record_key) as first
        from int_{name}__block_keys where refines is null group by all having count(*) between 2 and 1000
        """
    )
    pairs = [
        sum(block["records"] * (block["records"] - 1) // 2 for block in sizes if block["rule_id"] == number)
        for number in range(len(rules))
    ]
    worst = pairs.index(max(pairs))
    largest = max((b for b in sizes if b["rule_id"] == worst), key=lambda b: (b["records"], -b["first"]))
    columns = [part.replace(".", "__") for part in rules[worst]]
    ((record_id, *values),) = blocked.rows(
        f"select record_id, {', '.join(columns)} from int_{name}__keyed_records where record_key = {largest['first']}"
    )
    message = problems(blocked.result)[f"int_{name}__candidate_pairs"]
    assert (
        f"dbt_dedup: entity '{name}': the blocking rules propose {sum(pairs):,} pairs, more than max_pairs (2,000)."
        f" The rule [{' + '.join(rules[worst])}] alone proposes {max(pairs):,}; its largest block holds"
        f" {largest['records']:,} records, among them '{record_id}'"
        " (--vars '{dedup_show_values: true}' shows the values)."
        " Add a key to this rule, lower max_block_size, or raise max_pairs."
    ) in message
    assert not any(str(value) in message for value in values)

    shown = Project(blocked.folder)
    shown.dbt("run", "--select", f"int_{name}__candidate_pairs", "--vars", "{dedup_show_values: true}", fails=True)
    assert (
        f" records, among them '{record_id}', with ({', '.join(columns)}) = ({', '.join(map(str, values))}). Add a key"
    ) in problems(shown.result)[f"int_{name}__candidate_pairs"]


def test_as_many_pairs_as_are_allowed_are_built(blocked: Project) -> None:
    ((pairs,),) = blocked.rows(
        """
        select sum(records * (records - 1) // 2)::bigint from (
            select count(*) as records from int_guarded__block_keys where refines is null group by rule_id, key_hash
        ) where records <= 1000
        """
    )
    again, model = Project(blocked.folder), "int_guarded__candidate_pairs"
    for allowed, fails in ((pairs - 1, True), (pairs, False)):
        entities = {**ENTITIES, "guarded": {**SPEC, "max_pairs": allowed}}
        again.dbt("run", "--select", model, "--vars", json.dumps({"dedup_entities": entities}), fails=fails)
    again.change(f"drop table {model}")


def test_a_warning_names_each_rule_with_blocks_that_are_left_out(blocked: Project) -> None:
    said = said_by_dedup(blocked.warnings)
    for entity in BUILT:
        stats = blocked.rows(
            "select rule, dropped_blocks, largest_block, dropped_records, dropped_pairs from"
            f" {entity}_block_stats where rule <> 'identical records' and dropped_pairs > 0"
        )
        about = [line for line in said if f"entity '{entity}'" in line]
        assert len(about) == len(stats)
        for rule, blocks, largest, records, pairs in stats:
            (line,) = (line for line in about if f"the rule [{rule}] has {blocks:,} block(s) of more than" in line)
            assert f"the largest of {largest:,}. Their {records:,} records meet by other fields" in line
            assert f"leaves out {pairs:,} pairs" in line
    assert any("entity 'capped'" in line for line in said)
    assert not any("entity 'plain'" in line for line in said)


def test_random_pairs_are_about_as_many_as_wanted_and_obey_the_source_mode(
    blocked: Project, entity: str, records: dict[int, dict[str, Any]]
) -> None:
    pairs = blocked.rows(f"select record_key_l, record_key_r from int_{entity}__random_pairs order by all")
    wanted = ENTITIES[entity].get("random_pairs", 200_000)
    source_modes: dict[str, Callable[[Any, Any], bool]] = {
        "link_only": lambda left, right: left != right,
        "dedupe_only": lambda left, right: left == right,
        "both": lambda *_: True,
    }
    allowed = source_modes[ENTITIES[entity].get("source_mode", "both")]
    assert len(set(pairs)) == len(pairs)
    assert all(left < right and {left, right} <= records.keys() for left, right in pairs)
    assert all(allowed(records[left]["source"], records[right]["source"]) for left, right in pairs)
    if entity == "capped":
        assert 950 <= len(pairs) <= wanted
        assert len({left for left, _ in pairs}) > 800  # no record is in many of them
    else:
        assert 0.15 * wanted < len(pairs) <= wanted


def compiled_random_pairs(blocked: Project) -> str:
    sql = next(node.compiled_code for node in blocked.manifest.nodes.values() if node.name == "int_plain__random_pairs")
    return sql or (blocked.folder / "target/compiled/shop/models/int_plain__random_pairs.sql").read_text()


def test_random_pairs_of_a_million_records_are_drawn_without_looking_at_all_pairs(blocked: Project) -> None:
    million = "(select (3 * range + 1)::integer as record_key, null as source from range(1_000_000))"
    sql = re.sub(r'"\w+"\."main"\."int_plain__keyed_records"', million, compiled_random_pairs(blocked))
    counts = f"select count(*), count(distinct record_key_l) from ({sql})"
    with duckdb.connect() as connection:
        stop = threading.Timer(60, connection.interrupt)  # all pairs would take hours
        stop.start()
        ((pairs, distinct),) = connection.execute(counts).fetchall()
        stop.cancel()
    assert 199_000 < pairs <= 200_000
    assert distinct > 140_000


def test_of_few_records_every_pair_is_a_random_pair(blocked: Project) -> None:
    sql = compiled_random_pairs(blocked)

    def pairs_of_the_first(records: int) -> list[tuple[int, int]]:
        few = f"(from int_plain__keyed_records where record_key <= {records})"
        return sorted(blocked.rows(re.sub(r'"\w+"\."main"\."int_plain__keyed_records"', few, sql)))

    assert pairs_of_the_first(7) == list(combinations(range(1, 8), 2))
    assert pairs_of_the_first(1) == []
