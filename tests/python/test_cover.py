"""Which blocking rules are chosen, and how they are shown, on likely matches that one can count."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import duckdb
import numpy as np
import pytest
import yaml

from dbt_dedup.blocking import suggest, suggest_blocking
from dbt_dedup.blocking.cover import Candidate, Rule, greedy_cover, without_superfluous
from dbt_dedup.blocking.picture import picture
from dbt_dedup.blocking.suggest import (
    Basis,
    Choice,
    Suggestion,
    _choices,
    _fuzzy_rules,
    _pairs_of_keys,
    _single_keys,
)
from dbt_dedup.blocking.text import suggestion_json, suggestion_text, suggestion_yaml
from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import NotBuiltError, Warehouse


def candidate(
    name: str, pairs: int, found: str, rule: Rule | None = None, agreed: int = 0, dropped: int = 0
) -> Candidate:
    """A rule that finds the likely matches marked x."""
    marks = np.array([mark == "x" for mark in found])
    return Candidate(rule or [name], name, pairs, dropped, 9, agreed, marks)


def chosen(candidates: list[Candidate], most_pairs: int = 1000, most_rules: int = 9, again: float = 0.0) -> list[str]:
    return [each.name for each in greedy_cover(candidates, most_pairs, most_rules, again)]


def test_rules_are_chosen_by_what_they_add_for_their_pairs() -> None:
    a, b, c = candidate("a", 100, "xxxx...."), candidate("b", 300, "..xxxxxx"), candidate("c", 20, "......xx")
    assert chosen([a, b, c]) == ["a", "b"]  # c adds most for its pairs, and is found by b too
    assert chosen([a, b, c], most_pairs=399) == ["c", "a"]  # as many as b alone
    more = candidate("b", 300, ".xxxxxxx")
    assert chosen([a, more, c], most_pairs=319) == ["b"]  # one more than these
    assert chosen([a, b, c], most_pairs=120) == ["c", "a"]
    assert chosen([a, b, c], most_pairs=119) == ["a"]
    assert chosen([a, b, c], most_rules=1) == ["b"]
    assert chosen([a, b, c], most_rules=0) == []


def test_nothing_to_find_or_nothing_to_choose_is_no_rule() -> None:
    assert chosen([]) == []
    assert chosen([candidate("a", 5, "")]) == []
    assert chosen([candidate("a", 5, "....")]) == []


def test_of_equal_rules_the_first_is_taken() -> None:
    assert chosen([candidate("a", 5, "xx"), candidate("b", 5, "xx")]) == ["a"]
    assert chosen([candidate("b", 5, "xx"), candidate("a", 5, "xx")]) == ["b"]


def test_a_rule_without_pairs_costs_as_one_pair() -> None:
    assert chosen([candidate("a", 0, "x..."), candidate("b", 1, "xxx.")], again=0.5)[0] == "b"


def test_a_rule_is_taken_once_by_its_name() -> None:
    same = [candidate("a", 5, "xxxx", ["k5"]), candidate("a", 6, "xxxx", ["k10"])]
    assert chosen(same, again=0.9) == ["a"]


def test_what_a_rule_before_finds_is_worth_less_and_has_to_be_cheap() -> None:
    first, second, dear = candidate("a", 9, "xxxx"), candidate("b", 10, "xxx."), candidate("c", 90, "xxxx")
    assert chosen([first, second, dear], again=0.5) == ["a", "b", "c"]
    assert chosen([first, second, dear], again=0.0) == ["a"]
    # b adds 3 * 0.2, less than one likely match; c adds 4 * 0.3
    assert chosen([first, second, dear], again=0.2) == ["a"]
    assert chosen([first, second, dear], again=0.3) == ["a", "c"]


def test_a_gain_below_two_in_a_thousand_is_no_rule() -> None:
    many, few = "x" * 997 + "...", "." * 997 + "xxx"
    assert chosen([candidate("a", 9, many), candidate("b", 9, few)]) == ["a", "b"]
    assert chosen([candidate("a", 9, "x" + many), candidate("b", 9, "." * 998 + ".x.")]) == ["a"]


@pytest.mark.parametrize("seed", range(20))
def test_a_choice_keeps_to_its_budget_and_no_rule_is_superfluous(seed: int) -> None:
    random = np.random.default_rng(seed)
    candidates = [
        candidate(str(n), int(random.integers(1, 60)), "".join(random.choice(["x", "."], 40, p=[0.2, 0.8])))
        for n in range(12)
    ]
    rules = greedy_cover(candidates, 150, 6, 0.0)
    assert sum(rule.pairs for rule in rules) <= 150
    assert len(rules) <= 6
    for rule in rules:
        others = [other.found for other in rules if other is not rule]
        assert (rule.found & ~np.any(others, axis=0)).any() if others else rule.found.any()


def test_of_superfluous_rules_the_costliest_goes_first() -> None:
    rules = [candidate("a", 5, "xx."), candidate("b", 9, ".xx"), candidate("c", 7, "x.x")]
    assert [rule.name for rule in without_superfluous(rules)] == ["a", "c"]
    assert [rule.name for rule in without_superfluous([candidate("a", 5, "...")])] == ["a"]


def test_choices_add_up() -> None:
    first, second, third = _choices(
        [candidate("a", 10, "xx.."), candidate("b", 20, ".xx."), candidate("c", 5, "xx..", dropped=8)], 4
    )
    assert first == Choice(["a"], "a", 10, 0.5, 0.5, 10, 0.5, 0, 9)
    assert second == Choice(["b"], "b", 20, 0.5, 0.25, 30, 0.75, 0, 9)
    assert third == Choice(["c"], "c", 5, 0.5, 0.0, 35, 0.75, 8, 9)


def test_single_keys_are_values_and_their_transforms() -> None:
    assert _single_keys({"name": ["soundex"], "mail": []}) == [["name"], ["mail"], ["name.soundex"]]


def test_fuzzy_rules_are_of_all_fields_of_each_text_and_of_neighbours() -> None:
    rules = _fuzzy_rules({"name": [], "note": [], "city": []}, ["name", "note"])
    bags = (["name", "note", "city"], ["name.tokens"], ["note.tokens"], ["name.tokens", "note.tokens"])
    assert rules[:12] == [{"top_k": bag, "k": k} for bag in bags for k in (5, 10, 20)]
    assert rules[12:] == [
        {"sorted_neighborhood": list(pair)} for pair in (("name", "note"), ("note", "city"), ("city", "name"))
    ]
    assert _fuzzy_rules({"name": []}, ["name"]) == [
        {"top_k": bag, "k": k} for bag in (["name"], ["name.tokens"]) for k in (5, 10, 20)
    ]


def test_keys_of_two_fields_are_the_two_of_each_in_which_most_agree() -> None:
    keys = [
        candidate("", 5, "", [key], agreed, dropped)
        for key, agreed, dropped in (
            ("a", 5, 0),
            ("a.x", 9, 0),
            ("a.y", 9, 3),
            ("b", 1, 0),
            ("c", 2, 0),
            ("c.z", 2, -1),
        )
    ]
    both = {"a": ["a.x", "a.y"], "b": ["b"], "c": ["c.z", "c"]}
    assert _pairs_of_keys(keys) == [
        [left, right] for one, other in itertools.combinations(both, 2) for left in both[one] for right in both[other]
    ]


def suggestion(*choices: Choice, basis: Basis = Basis.TRUTH) -> Suggestion:
    return Suggestion("people", 3000, basis, 1234, 56, 30_000, choices)


NAME = Choice(["name", "mail.domain"], "name+mail", 2500, 0.5, 0.5, 2500, 0.5, 0, 12)
TOP = Choice({"top_k": ["name", "mail"], "k": 5}, "top_k", 12_000, 0.9, 0.4, 14_500, 0.9, 1500, 2000)
AGAIN = Choice(["mail"], "mail", 100, 0.3, 0.0019, 14_600, 0.9, 0, 3)


def test_the_yaml_of_a_suggestion_is_what_the_spec_says() -> None:
    text = suggestion_yaml(suggestion(NAME, TOP))
    assert text == "blocking:\n  - [name, mail.domain]\n  - {top_k: [name, mail], k: 5}"
    assert yaml.safe_load(text) == {"blocking": [NAME.rule, TOP.rule]}


def test_a_suggestion_as_text_has_a_line_and_a_bar_for_each_rule() -> None:
    lines = suggestion_text(suggestion(NAME, TOP)).splitlines()
    assert lines[0] == (
        "people: 3,000 records, 1,234 likely matches (true matches), 56 rules tried, at most 30,000 pairs."
    )
    assert lines[2:5] == [
        "rule             pairs  finds   gain  all pairs    found",
        "name+mail        2,500  50.0%  50.0%      2,500    50.0% ###############",
        "top_k           12,000  90.0%  40.0%     14,500    90.0% ###########################",
    ]
    assert lines[5] == (
        "  top_k: its largest block has 2,000 records; 1,500 pairs of blocks above max_block_size are not counted."
    )
    assert lines[7] == "To take them, paste this into the spec:"
    assert "A rule without a gain" not in "\n".join(lines)


def test_a_suggestion_says_what_its_matches_leave_out_and_why_a_rule_without_gain_counts() -> None:
    text = suggestion_text(suggestion(NAME, AGAIN, basis=Basis.LABELS))
    assert "A rule without a gain finds again what others find" in text
    assert "what those rules missed, nobody labelled." in text
    limit = suggestion_text(suggestion(NAME, Choice(["mail"], "mail", 1, 0.3, 0.002, 9, 0.9, 0, 3)))
    assert "A rule without a gain" not in limit
    nothing = suggestion_text(suggestion())
    assert nothing.endswith("No rule finds likely matches within so few pairs: allow more with --max-pairs.")


def test_a_suggestion_as_json_has_everything() -> None:
    found: dict[str, Any] = json.loads(suggestion_json(suggestion(NAME, basis=Basis.SCORES)))
    assert (found["entity"], found["basis"], found["tried"]) == ("people", "scores", 56)
    assert found["choices"][0]["rule"] == NAME.rule


def test_the_picture_has_a_dot_for_each_rule_at_its_pairs_and_share() -> None:
    """From 60 to 796 are 0 to 14,500 pairs, and from 372 up to 60 are 0 to 1 of the likely matches."""
    root = ElementTree.fromstring(picture(suggestion(NAME, TOP)))
    dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in root.iter() if dot.tag.endswith("circle")]
    at = [(60 + 736 * 2500 / 14_500, 372 - 312 * 0.5), (796, 372 - 312 * 0.9)]
    assert np.array(dots) == pytest.approx(np.array(at), abs=0.1)
    links = [line for line in root.iter() if line.get("class") == "link"]
    assert len(links) == 2
    ends = [[float(line.get(name, "")) for name in ("x1", "y1", "x2", "y2")] for line in links]
    assert ends[0][:2] == [60, 372]
    assert ends[0][2:] == ends[1][:2] == list(dots[0])
    texts = {"".join(text.itertext()): text for text in root.iter() if text.tag.endswith("text")}
    assert {"0%", "100%", "pairs", "name+mail", "top_k"} <= texts.keys()
    # the name of a dot on the right stands to its left, so that it is inside the picture
    assert float(texts["name+mail"].get("x", "")) > dots[0][0]
    assert float(texts["top_k"].get("x", "")) < dots[1][0]
    # and below the curve
    assert all(float(texts[name].get("y", "")) > y for name, (_, y) in zip(("name+mail", "top_k"), dots, strict=True))


def test_names_in_the_picture_stand_apart_below_the_curve_and_inside() -> None:
    """Six rules that soon find all: their dots are at nearly one place, and their names one below the other."""
    choices = [Choice(["k"], f"rule{n}", 10, 0.9, 0.1, 100 + n, 0.9 + n / 100, 0, 9) for n in range(6)]
    root = ElementTree.fromstring(picture(suggestion(*choices)))
    texts = [text for text in root.iter() if text.tag.endswith("text")]
    at = {"".join(text.itertext()): (float(text.get("x", "")), float(text.get("y", ""))) for text in texts}
    rows = [at[f"rule{n}"][1] for n in range(6)]
    assert (np.diff(rows) >= 14).all()
    assert all(60 < row < 372 for row in rows)
    assert all(0 < x < 820 and 0 < y < 420 for x, y in at.values())
    ticks = {value: place for value, place in at.items() if re.fullmatch(r"\d+", value)}
    assert all(y > 372 for _, y in ticks.values())  # below the axis
    assert min(int(value) for value in ticks) == 0
    assert at["0"][0] == 60


COSTS = """
select coalesce(sum(n * (n - 1) / 2) filter (n <= 8), 0), coalesce(sum(n * (n - 1) / 2) filter (n > 8), 0), max(n)
from (select count(*) as n from dedup_rule_keys group by block)
"""
FOUND = """
select m.n as match_number, true as is_proposed
from dedup_likely_matches as m
inner join dedup_rule_keys as a on m.l = a.key
inner join dedup_rule_keys as b on m.r = b.key and a.block = b.block
order by m.n
"""


class Tables:
    """A project whose macro gives the SQL of this test, on records in memory: one has a name and a town."""

    def __init__(self, sources: dict[str, int], *, is_built: bool = True, exists: bool = True) -> None:
        self.connection = duckdb.connect()
        self.database = Path(__file__) if exists else Path("missing.duckdb")
        self.asked: list[list[Rule]] = []
        self.built: list[str] = []
        self.is_built = is_built
        # pairs (2n, 2n + 1) match: they share the name, and all but the last five the town
        people = [(n, f"name{n // 2}", f"town{n // 8 if n < 50 else n}") for n in range(60)]
        self.connection.execute("create table people (key integer, name text, town text)")
        self.connection.executemany("insert into people values (?, ?, ?)", people)
        matches = "select row_number() over (order by l.key) as n, l.key as l, r.key as r from people as l"
        matches += " inner join people as r on l.key + 1 = r.key and l.key % 2 = 0"
        self.matches = {basis: f"{matches} order by n limit {count}" for basis, count in sources.items()}

    def check_known(self, entity: str) -> None:
        assert entity == "people"

    def build(self, selected: str) -> None:
        self.built.append(selected)
        self.is_built = True

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        yield Warehouse(lambda name: name, self.connection)

    def compiled(self, macro: str) -> str:
        rules = json.loads(macro.removeprefix("dbt_dedup._candidate_rules('people', ").removesuffix(")"))
        self.asked.append(rules)
        if rules and not self.is_built:
            raise (
                NotBuiltError("int_people__keyed_records is not built") if self.database.exists() else DedupError("no")
            )
        keyed = [rule for rule in rules if isinstance(rule, list)]
        return json.dumps(
            {
                "transforms": {"name": [], "town": []},
                "texts": [],
                "records": "select count(*) from people",
                "matches": self.matches,
                "rules": [
                    {"rule": r, "name": "+".join(r), "keys": f"select key, concat({', '.join(r)}) as block from people"}
                    for r in keyed
                ],
                "costs": COSTS,
                "found": FOUND,
            }
        )


def found_by(tables: Tables, **options: Any) -> tuple[Suggestion, list[str]]:
    told: list[str] = []
    return suggest_blocking(cast(Any, tables), "people", report_progress=told.append, **options), told


def test_rules_are_tried_alone_and_in_pairs_on_the_surest_likely_matches() -> None:
    tables = Tables({"truth": 19, "labels": 30, "scores": 30, "evidence": 30})
    found, told = found_by(tables)
    assert tables.asked[0] == []
    assert tables.asked[1][:2] == [["name"], ["town"]]
    assert tables.asked[2] == [["name", "town"]]
    assert (found.entity, found.basis, found.records, found.likely_matches) == ("people", Basis.LABELS, 60, 30)
    assert (found.tried, found.most_pairs) == (3, 600)
    # 30 pairs of one name; of labels what another rule finds again is worth half
    assert [(choice.name, choice.pairs, choice.found, choice.gain) for choice in found.choices[:2]] == [
        ("name", 30, 1.0, 1.0),
        ("name+town", 25, 25 / 30, 0.0),
    ]
    assert found.rules[0] == ["name"]
    assert told == [
        "Looking for likely matches of people ...",
        "Trying 2 rules on 30 likely matches ...",
        "Trying 1 pairs of keys ...",
    ]
    assert tables.built == []


def test_of_true_matches_what_is_found_again_is_worth_nothing() -> None:
    found, _ = found_by(Tables({"truth": 20, "labels": 30, "scores": 30, "evidence": 30}), most_pairs=29)
    assert (found.basis, found.likely_matches, found.most_pairs) == (Basis.TRUTH, 20, 29)
    assert [choice.name for choice in found.choices] == ["name+town"]
    everything, _ = found_by(Tables({"truth": 30}))
    assert [choice.name for choice in everything.choices] == ["name"]
    assert suggest(cast(Any, Tables({"truth": 30})), "people") == [["name"]]
    one, _ = found_by(Tables({"labels": 30}), most_rules=1)
    assert len(one.choices) == 1


def test_too_few_likely_matches_are_counted_by_where_they_come_from() -> None:
    with pytest.raises(DedupError, match=r"by: 19 by truth, 3 by evidence, and 20 are needed"):
        found_by(Tables({"truth": 19, "evidence": 3}))


@pytest.mark.parametrize("exists", [True, False])
def test_records_that_are_not_built_are_prepared_first(exists: bool) -> None:
    tables = Tables({"truth": 30}, is_built=False, exists=exists)
    found, told = found_by(tables)
    assert tables.built == ["+int_people__keyed_records"]
    assert told[0] == "Preparing the records of people with dbt ..."
    assert found.rules == [["name"]]


def test_another_error_is_told_as_it_is() -> None:
    tables = Tables({})  # no likely matches of any kind
    with pytest.raises(DedupError, match="too few likely matches"):
        found_by(tables)
    assert tables.built == []


def test_a_picture_without_rules_has_its_axes() -> None:
    text = picture(suggestion())
    assert "circle" not in text
    assert re.search(r">0%<", text)
