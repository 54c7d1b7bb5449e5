"""Explanations as text and as a picture, of outcomes that are written down here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from examples import make_spec

from dbt_dedup.errors import DedupError
from dbt_dedup.explain.chain import strongest_chain, strongest_tree
from dbt_dedup.explain.explanation import Contribution, ExplainedEntity, ExplainedPair, Explanation, Model, Outcome
from dbt_dedup.explain.picture import picture
from dbt_dedup.explain.tables import IDENTICAL, Link, Located, Part, RuleOutcome, Score, ordered
from dbt_dedup.explain.text import explanation_text
from dbt_dedup.resolve.replay import ASSIGNED, AVERAGE, DECIDED, SOURCE, Meeting
from dbt_dedup.side_by_side import Record

SPEC = make_spec()  # match 0.9, review 0.5
MODEL = Model("m1", "m1", "m1", is_tree_ensemble=False)
OF_MODEL = "Model m1. Base and contributions add up to the log2 odds; the calibration is part of them."


def located(key: int, source: str | None = None, *, is_distinctive: bool = False) -> Located:
    return Located(key, f"r{key}", source, key, is_distinctive, 1, 1, 1, "e1")


def part(
    feature: str, weight: float, value: float | None = 1.0, field: str = "", description: str = ""
) -> Contribution:
    return Contribution(feature, field or feature, description, value, weight)


PAIR = ExplainedPair(
    located(1), located(2), Score(0.96875, 5.0, False, "m1"), ("mail",), -3.0, (part("mail", 8.0),), 5.0, None, None, {}
)  # fmt: skip
EXPLANATION = Explanation(
    spec=SPEC,
    left=located(1),
    right=located(2),
    records={f"r{key}": Record(f"r{key}", None, {"mail": "a@b.org"}) for key in range(1, 30)},
    outcome=Outcome.DIRECT,
    model=MODEL,
    chain=(PAIR,),
    pair=None,
    rules=(),
    max_block_size=100,
    meetings=(),
    needed=0.0,
    known={key: located(key) for key in range(1, 30)},
    links={},
    never={},
)


def told(**changes: Any) -> list[str]:
    """The lines of the explanation after the two records, which the screen of labelling shows."""
    lines = explanation_text(replace(EXPLANATION, **changes), 80, False, "utf-8").split("\n")
    return lines[lines.index("") + 2 :]


def test_a_pair_is_told_with_its_verdict_its_reasons_and_the_model() -> None:
    assert told()[1:] == [
        "r1 and r2 are one entity.",
        "They were joined directly: a blocking rule proposed the pair, and its probability reaches the match threshold"
        " 0.9.",
        "",
        "r1 - r2, what the model says (log2 odds):",
        "  base: a pair of which nothing is known    -3.00",
        "  mail                                      +8.00",
        "  sum = probability 0.970                   +5.00",
        "  At or above the match threshold 0.9: a match.",
        "",
        OF_MODEL,
    ]


def reasons(**changes: Any) -> list[str]:
    """The lines on the reasons of a pair, without spaces around them."""
    lines = told(chain=(replace(PAIR, **changes),))
    start = next(number for number, line in enumerate(lines) if "(log2 odds):" in line)
    return [" ".join(line.split()) for line in lines[start : lines.index("", start)]]


def test_features_are_listed_below_their_field_unless_one_has_its_name() -> None:
    contributions = (
        part("edit", 4.0, 0.12345, "name"),
        part("first", -1.0, None, "name"),
        part("mail", 2.0),
        part("same_town", 1.0, 1.0, "town"),
    )
    assert reasons(contributions=contributions)[2:7] == [
        "name +3.00",
        "edit = 0.123 +4.00",
        "first = null -1.00",
        "mail +2.00",
        "town +1.00",
    ]
    assert reasons(contributions=contributions)[7] == "same_town = 1 +1.00"
    two = (part("mail", 2.0), part("host", 1.0, 1.0, "mail"))
    assert reasons(contributions=two)[2:5] == ["mail +3.00", "mail = 1 +2.00", "host = 1 +1.00"]


def test_features_stand_further_in_than_their_field() -> None:
    contributions = (part("edit", 4.0, 0.5, "name"), part("a", 0.004, 1.0, "name"), part("mail", 1.0))
    lines = told(chain=(replace(PAIR, contributions=contributions),))
    assert lines[lines.index("  base: a pair of which nothing is known    -3.00") + 1 :][:4] == [
        "  name                                      +4.00",
        "    edit = 0.5                                      +4.00",
        "    1 more of less than 0.005                       +0.00",
        "  mail                                      +1.00",
    ]


def test_tiny_features_of_a_field_share_a_line() -> None:
    some = (part("edit", 4.0, 1.0, "name"), part("a", 0.005, 1.0, "name"), part("b", -0.004, 1.0, "name"))
    assert reasons(contributions=(*some, part("c", 0.001, 1.0, "name")))[2:6] == [
        "name +4.00",
        "edit = 1 +4.00",
        "a = 1 +0.01",
        "2 more of less than 0.005 -0.00",
    ]
    alone = (part("b", -0.004, 1.0, "name"), part("c", 0.001, 1.0, "name"))
    assert reasons(contributions=alone)[2:4] == ["name -0.00", "sum = probability 0.970 +5.00"]


def test_a_shared_value_is_told_with_how_common_and_how_rare_it_is() -> None:
    rare = part("bits", 2.0, 9.0, "mail", "rarity in bits of the shared value")
    assert reasons(contributions=(rare,), shared={"mail": 1_200})[2] == (
        "mail (1,200 records have this value, +2.00 of it for its rarity) +2.00"
    )
    assert reasons(contributions=(replace(rare, value=0.0),), shared={"town": 2})[2] == "mail +2.00"
    assert reasons(contributions=(replace(rare, weight=0.005),))[2] == "mail (+0.01 of it for its rarity) +0.01"
    assert reasons(contributions=(replace(rare, weight=0.004),))[2] == "mail +0.00"
    other = part("edit", 2.0, 9.0, "mail", "edit distance")
    assert reasons(contributions=(other,))[2] == "mail +2.00"


def log2_odds(probability: float) -> float:
    return math.log2(probability / (1 - probability))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"weight": log2_odds(0.9) + 1e-9}, "At or above the match threshold 0.9: a match."),
        (
            {"weight": log2_odds(0.9) - 1e-9},
            "Below the match threshold 0.9, at or above the review threshold 0.5: for a person to review.",
        ),
        (
            {"weight": 0.0},
            "Below the match threshold 0.9, at or above the review threshold 0.5: for a person to review.",
        ),
        ({"weight": -1e-9}, "Below the review threshold 0.5: no match."),
        ({"stored": None, "proposed_by": ()}, "At or above the match threshold 0.9: a match if it were compared."),
        ({"stored": None}, "At or above the match threshold 0.9: a match."),
        ({"proposed_by": ()}, "At or above the match threshold 0.9: a match."),
        ({"stored": None, "proposed_by": (), "weight": -1.0}, "Below the review threshold 0.5: no match."),
        ({"link": Link(True, "label", None)}, "Decided: match by label."),
        ({"link": Link(False, "override", "7")}, "Decided: no_match by override 7."),
        ({"never_rule": "vip"}, "Ruled out by the rule of `never` vip."),
    ],
)
def test_the_reasons_end_with_what_follows_from_them(changes: dict[str, Any], expected: str) -> None:
    assert reasons(**changes)[-1] == expected


def test_a_pair_at_the_match_threshold_is_a_match() -> None:
    spec = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=0.5, review=0.25))
    found = told(spec=spec, chain=(replace(PAIR, weight=0.0, proposed_by=(), stored=None),))
    assert "  At or above the match threshold 0.5: a match if it were compared." in found


def test_a_pair_that_was_not_compared_is_told_as_the_model_would() -> None:
    assert reasons(stored=None, proposed_by=())[0] == "r1 - r2, what the model would say (log2 odds):"
    assert reasons(stored=None)[0] == reasons(proposed_by=())[0] == "r1 - r2, what the model says (log2 odds):"


def test_a_weight_that_changed_since_the_build_is_told() -> None:
    stored = "The last build stored 0.969; see below."
    changed = "Records or counts of values changed since the pairs were scored, so the stored probabilities differ: run"
    assert stored in reasons(weight=5.1)
    assert stored not in reasons(weight=5.0000009)
    assert told(chain=(replace(PAIR, weight=5.1),))[-1] == f"{changed} `dbt build`."
    other = replace(MODEL, built_version="m0", version="m1", production="m1")
    assert told(chain=(replace(PAIR, weight=5.1),), model=other)[-2:] == [
        "The tables were scored by m0, but m1 is in production: run `dbt build` to score with it.",
        "The artefact of m0 cannot be used, so m1 explains what it decided.",
    ]


def test_the_notes_say_what_else_to_know() -> None:
    assert told(notes=("too_many", "other_clusters", "rearranged"))[-4:-1] == [
        "The components of these records are so large that the merges are not replayed here.",
        "The tables hold other clusters than resolving these records again gives. They were built from other pairs or"
        " decisions, or int_customers__clusters is a model of your own: the merges above are not theirs.",
        "After the merges, records changed places between clusters, for the sources in duplicate_free.",
    ]
    assert told(model=replace(MODEL, is_tree_ensemble=True))[-1] == (
        "Its trees look at several features together: what one adds depends on the values of the others."
    )
    assert told(model=Model("m1", "m1", None, False))[-1] == (
        "The tables were scored by m1, but no model is in production: run `dbt build` to score with it."
    )
    assert told(model=Model("m1", None, "m1", False))[-1] == OF_MODEL


CHAIN = (PAIR, replace(PAIR, left=located(2), right=located(3), proposed_by=(), stored=Score(0.5, 0.0, True, "m1")))


def test_a_chain_is_listed_with_how_its_pairs_were_found() -> None:
    found = told(chain=CHAIN, right=located(3), outcome=Outcome.CHAIN)
    assert found[1:8] == [
        "r1 and r3 are one entity.",
        "They were joined through other records.",
        "",
        "The strongest chain that joins them:",
        "  r1 - r2: probability 0.969 (+5.00 log2 odds), proposed by mail",
        "  r2 - r3: probability 0.500 (+0.00 log2 odds), by closure",
        "",
    ]
    assert [line for line in found if "(log2 odds):" in line] == [
        "r1 - r2, what the model says (log2 odds):",
        "r2 - r3, what the model says (log2 odds):",
    ]
    assert "What connects them, at its strongest:" in told(chain=CHAIN, outcome=Outcome.REFUSED)


def test_the_pair_itself_follows_the_chain_that_joined_its_records() -> None:
    itself = replace(PAIR, right=located(3), stored=None, proposed_by=(), contributions=(part("town", -0.05),))
    lines = told(chain=CHAIN, right=located(3), outcome=Outcome.CHAIN, pair=itself)
    at = lines.index("r1 - r3, the pair itself: not compared")
    assert lines[at + 1 : at + 3] == ["  base -3.0, town -0.1 = +5.0", ""]
    # of records that are apart it is explained in place of the chain
    apart = told(chain=CHAIN, right=located(3), outcome=Outcome.REFUSED, pair=itself)
    assert [line for line in apart if "(log2 odds):" in line] == ["r1 - r3, what the model would say (log2 odds):"]
    assert not any("the pair itself" in line for line in apart)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"proposed_by": (IDENTICAL,)}, "probability 0.969 (+5.00 log2 odds), identical records"),
        (
            {"proposed_by": ("mail", IDENTICAL)},
            "probability 0.969 (+5.00 log2 odds), proposed by mail, identical records",
        ),
        ({"stored": None}, "compared, below the floor, proposed by mail"),
        ({"stored": None, "proposed_by": ()}, "not compared"),
        ({"link": Link(True, "label", None)}, "match by label, proposed by mail"),
    ],
)
def test_a_pair_of_a_chain_is_told_by_what_is_stored_of_it(changes: dict[str, Any], expected: str) -> None:
    found = told(chain=(replace(PAIR, **changes), CHAIN[1]))
    assert f"  r1 - r2: {expected}" in found


def verdict(**changes: Any) -> str:
    return told(**changes)[2]


MEETING = Meeting((1,), (2,), False, AVERAGE, -1.5, 2, 1)


def test_each_outcome_has_its_verdict() -> None:
    assert verdict(outcome=Outcome.COPIES).endswith("and the copies follow the first of them.")
    distinctive = located(1, is_distinctive=True)
    assert verdict(outcome=Outcome.COPIES, left=distinctive).endswith("chance alone does not make two such records.")
    refused = (replace(MEETING, merged=True), MEETING, replace(MEETING, average=-2.5))
    assert verdict(outcome=Outcome.REFUSED, meetings=refused).startswith(
        "Matches connect them, but the average of all pairs between their clusters is -1.50 log2 odds, below 0:"
    )
    assert "log2 odds, below +1.25:" in verdict(outcome=Outcome.REFUSED, meetings=refused, needed=1.25)
    assert verdict(outcome=Outcome.REFUSED, meetings=refused[:1]).endswith(
        "nothing speaks for a merge of their clusters."
    )
    by_rule = replace(PAIR, never_rule="vip")
    assert verdict(outcome=Outcome.NEVER, chain=(), pair=by_rule) == "The rule of `never` vip rules it out."
    assert verdict(outcome=Outcome.NEVER, chain=(by_rule,)) == "The rule of `never` vip rules it out."
    for chain in ((), (PAIR,)):
        assert verdict(outcome=Outcome.NEVER, chain=chain).startswith(
            "A rule of `never` rules out a pair of records of"
        )
    assert told(outcome=Outcome.NEVER)[1] == "r1 and r2 are not one entity."


def rule(name: str, *agrees: bool, block: int | None = None) -> RuleOutcome:
    parts = tuple(Part(f"p{n}", is_equal, "a", "a" if is_equal else None) for n, is_equal in enumerate(agrees))
    return RuleOutcome(name, parts, block)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), "No blocking rule proposed them, so they were never compared."),
        ((rule("x", False), rule("y", True, False, False)), "the nearest rule, x, failed on p0."),
        ((rule("x", False), rule("y", True, False)), "the nearest rule, y, failed on p1."),
        ((rule("x", False, False), rule("y", True, False)), "the nearest rule, y, failed on p1."),
        ((rule("x", False, False),), "the nearest rule, x, failed on p0, p1."),
        (
            (rule("x", True, block=101),),
            "the nearest rule, x, agrees, but its block holds 101 records, more than max_block_size (100).",
        ),
        (
            (rule("x", True, block=100),),
            "the nearest rule, x, agrees, but source_mode does not compare these two sources.",
        ),
        (
            (rule("x", True),),
            "the nearest rule, x, agrees now: the pairs were built from other records or rules, so run `dbt build`.",
        ),
    ],
)
def test_what_blocking_did_not_propose_is_told_by_the_nearest_rule(
    rules: tuple[RuleOutcome, ...], expected: str
) -> None:
    assert verdict(outcome=Outcome.NOT_PROPOSED, rules=rules).endswith(expected)


def test_rules_are_listed_with_what_the_records_say_in_each_part() -> None:
    long = "x" * 41
    parts = (Part("mail", True, "a", "a"), Part("town", False, "b\x1b", long[:40]), Part("name", False, None, long))
    rules = (RuleOutcome("x", parts, None), rule("y", True, block=101), rule("z", True, block=100), rule("w", True))
    found = told(rules=rules, outcome=Outcome.NOT_PROPOSED)
    at = found.index("Blocking rules, and what the records say in each part:")
    assert found[at + 1 : at + 12] == [
        "  x: 1 of 3 parts agree",
        "    = mail: a | a",
        f"    ! town: b? | {'x' * 40}",
        f"      name: - | {'x' * 37}...",
        "  y: agrees, but its block of 101 records is over max_block_size (100) (nearest)",
        "    = p0: a | a",
        "  z: agrees",
        "    = p0: a | a",
        "  w: agrees",
        "    = p0: a | a",
        "",
    ]


def meeting_lines(*meetings: Meeting) -> list[str]:
    found = told(meetings=meetings, needed=0.5)
    at = next(number for number, line in enumerate(found) if line.startswith("How clusters formed"))
    return found[at : found.index("", at)]


def test_merges_are_listed_with_their_average_and_what_decided_them() -> None:
    assert meeting_lines(
        replace(MEETING, merged=True, unknown=0, pairs=1),
        replace(MEETING, merged=True, reason=ASSIGNED),
        replace(MEETING, merged=True, reason=DECIDED, because=((1, 2), (3, 4))),
        replace(MEETING, reason=DECIDED, because=((1, 2),)),
        replace(MEETING, reason=SOURCE, because=((1, 2),)),
        replace(MEETING, left=(1, 2), right=tuple(range(3, 10)), unknown=1_000),
    ) == [
        "How clusters formed: two merge while the average of the log2 odds of all pairs between them is at least"
        " +0.50.",
        "A pair counts for 6.63 at most, either way, and one without a score for -6.63.",
        "  r1 + r2: joined, average -1.50 of 1 pair",
        "  r1 + r2: assigned to each other, average -1.50 of 2 pairs, 1 of them without a score",
        "  r1 + r2: joined by a decision about r1 and r2; r3 and r4",
        "  r1 + r2: kept apart by a decision or rule about r1 and r2, average -1.50 of 2 pairs, 1 of them"
        " without a score",
        "  r1 + r2: kept apart, r1 and r2 are of one source that has no duplicates, average -1.50 of 2 pairs, 1 of them"
        " without a score",
        "  {r1, r2} + {r3, r4, r5, r6, r7, r8, 1 more}: refused, average -1.50 of 2 pairs, 1,000 of them without a"
        " score",
    ]


def test_of_many_merges_the_first_and_the_last_are_listed() -> None:
    many = [replace(MEETING, right=(key,), unknown=0) for key in range(2, 16)]
    assert len(meeting_lines(*many[:12])) == 2 + 12
    found = meeting_lines(*many)
    assert [line.split(":")[0] for line in found[2:]] == [
        *(f"  r1 + r{key}" for key in range(2, 13)),
        "  ... 2 more",
        "  r1 + r15",
    ]
    full = replace(MEETING, left=(1, 2, 3, 4, 5, 6), right=(7,))
    assert meeting_lines(full)[2].startswith("  {r1, r2, r3, r4, r5, r6} + r7: refused")
    six = tuple((1, key) for key in range(2, 9))
    assert meeting_lines(replace(MEETING, merged=True, reason=DECIDED, because=six))[2].endswith("; r1 and r7")


def decision_lines(count: int) -> list[str]:
    found = told(links={(1, key): Link(True, "label", None) for key in range(2, 2 + count)}, never={(2, 3): "vip"})
    at = found.index("Decisions and rules about these records:")
    return found[at + 1 : found.index("", at)]


def test_decisions_about_the_records_are_listed() -> None:
    assert decision_lines(1) == ["  r1 and r2: match by label", "  r2 and r3: ruled out by never rule vip"]
    assert decision_lines(11)[-1] == "  r2 and r3: ruled out by never rule vip"
    assert decision_lines(12)[-2:] == ["  r1 and r13: match by label", "  ... 1 more"]
    assert not any("Decisions and rules" in line for line in told())


def test_the_terminal_gets_the_characters_that_it_has() -> None:
    records = {**EXPLANATION.records, "r2": Record("r2", None, {"mail": "A@b.org ", "name": "Łukasz"})}
    records["r1"] = Record("r1", None, {"mail": "a@b.org", "name": "x"})
    found = replace(EXPLANATION, records=records)
    assert "mail ≈" in explanation_text(found, 80, False, "utf-8")
    latin = explanation_text(found, 80, False, "latin-1")
    assert "mail ~" in latin
    assert "?ukasz" in latin
    assert "\x1b[" in explanation_text(found, 80, True, "utf-8")


# --- an entity


ENTITY = ExplainedEntity(
    entity_id="e1",
    spec=SPEC,
    model=MODEL,
    members=(located(1, "crm"), located(2)),
    records={f"r{key}": Record(f"r{key}", None, {"mail": f"a{key}  b", "name": None}) for key in range(1, 30)},
    copies=frozenset([2]),
    tree=(PAIR,),
    merges=(),
    refused=(),
    nearest=None,
    needed=0.0,
    known=EXPLANATION.known,
    links={},
    never={},
)


def entity(**changes: Any) -> list[str]:
    return explanation_text(replace(ENTITY, **changes), 80, False, "utf-8").split("\n")


def test_an_entity_is_told_with_its_records_and_the_pairs_that_hold_it_together() -> None:
    assert entity() == [
        "Entity e1 has 2 records:",
        "  r1 (crm): a1 b",
        "  r2, a copy of another: a2 b",
        "",
        "The pairs that hold it together, the weakest first:",
        "  r1 - r2: probability 0.969 (+5.00 log2 odds), proposed by mail",
        "    base -3.0, mail +8.0 = +5.0",
        "",
        OF_MODEL,
        "For the reasons of one pair: dbt-dedup why customers r1 r2",
    ]


def test_an_entity_of_one_record_is_told_with_its_likeliest_pair() -> None:
    alone = entity(members=(located(1),), tree=(), copies=frozenset())
    assert alone[1:] == [
        "  r1: a1 b",
        "",
        "No other record is one entity with it.",
        "No scored pair has it: blocking proposed none, or all are below thresholds.floor.",
        "",
        OF_MODEL,
    ]
    near = entity(members=(located(1),), tree=(), copies=frozenset(), nearest=PAIR)
    assert near[3:8] == [
        "No other record is one entity with it.",
        "",
        "Its likeliest pair is that with r2: probability 0.969 (+5.00 log2 odds)",
        "  base -3.0, mail +8.0 = +5.0",
        "",
    ]
    assert not any("No other record" in line for line in entity(tree=()))
    assert "differ: run `dbt build`" in entity(members=(located(1),), tree=(), nearest=replace(PAIR, weight=4.0))[-1]


def test_of_a_large_entity_the_first_records_and_pairs_are_listed() -> None:
    def counts(size: int) -> list[int]:
        lines = entity(
            members=tuple(located(key) for key in range(1, size + 1)), tree=(PAIR,) * size, copies=frozenset()
        )
        at = lines.index("")
        return [at, lines.index("", at + 1) - at, lines.count(f"  ... {size - 12} more")]

    assert counts(12) == [1 + 12, 2 + 24, 0]
    assert counts(13) == [1 + 13, 2 + 25, 2]


def test_a_record_with_long_values_is_cut() -> None:
    def shown(length: int) -> str:
        records = {**ENTITY.records, "r2": Record("r2", None, {"mail": "x" * length})}
        return entity(records=records)[2].rpartition(": ")[2]

    assert shown(80) == "x" * 80
    assert shown(81) == "x" * 77 + "..."


def test_the_merges_of_an_entity_are_followed_by_those_that_were_refused() -> None:
    merged = replace(MEETING, merged=True)
    for changes in ({"merges": (merged,)}, {"refused": (MEETING,)}, {"merges": (merged,), "refused": (MEETING,)}):
        lines = entity(**changes)
        at = next(number for number, line in enumerate(lines) if line.startswith("How clusters formed"))
        steps = [line.split(": ")[1].split(",")[0] for line in lines[at + 2 : lines.index("", at)]]
        assert steps == ["joined"] * ("merges" in changes) + ["refused"] * ("refused" in changes)
    assert not any(line.startswith("How clusters formed") for line in entity())


# --- what the parts of an explanation say


def test_only_pairs_that_joined_their_records_are_explained_in_place_of_the_pair() -> None:
    itself = replace(PAIR, right=located(3))
    merged = replace(EXPLANATION, chain=CHAIN, pair=itself, outcome=Outcome.CHAIN)
    assert merged.explained == CHAIN
    assert replace(merged, chain=()).explained == (itself,)
    assert replace(merged, outcome=Outcome.REFUSED).explained == (itself,)
    assert replace(merged, outcome=Outcome.REFUSED, pair=None).explained == CHAIN


def test_fields_are_ordered_by_what_they_add_together() -> None:
    contributions = (part("a", 1.0, field="x"), part("b", -4.0, field="y"), part("c", 2.0, field="x"), part("d", 3.0))
    assert [(name, weight) for name, weight, _ in replace(PAIR, contributions=contributions).by_field] == [
        ("y", -4.0),
        ("d", 3.0),
        ("x", 3.0),
    ]


def test_two_keys_are_a_pair_in_their_order() -> None:
    assert ordered(2, 1) == ordered(1, 2) == (1, 2)


# --- the picture


SPACE = {"s": "http://www.w3.org/2000/svg"}


class Drawn:
    """The marks of a picture."""

    def __init__(self, *pairs: ExplainedPair, spec: Any = SPEC) -> None:
        self.root = ElementTree.fromstring(picture(replace(EXPLANATION, spec=spec, chain=pairs)))

    def texts(self, style: str = "") -> list[str | None]:
        return [mark.text for mark in self.marks("text", style)]

    def marks(self, tag: str, style: str = "") -> list[ElementTree.Element]:
        return [mark for mark in self.root.findall(f"s:{tag}", SPACE) if not style or mark.get("class") == style]

    def bars(self) -> list[tuple[str | None, float, float]]:
        """Style, left end and right end of each bar."""
        found = [mark for mark in self.marks("rect") if mark.get("class") in ("for", "against", "total")]
        ends = [(float(mark.get("x", "nan")), float(mark.get("width", "nan"))) for mark in found]
        return [(mark.get("class"), x, x + width) for mark, (x, width) in zip(found, ends, strict=True)]

    def ends(self) -> list[float]:
        """The ends of the bars, one bar after the other."""
        return [end for _, *ends in self.bars() for end in ends]

    def at(self, text: str, side: str = "x") -> float:
        (mark,) = [mark for mark in self.marks("text") if mark.text == text]
        return float(mark.get(side, "nan"))


def waterfall(*weights: float, base: float = -3.0) -> ExplainedPair:
    contributions = tuple(part(f"f{n}", weight, 0.12345) for n, weight in enumerate(weights))
    return replace(PAIR, base=base, contributions=contributions, weight=base + sum(weights))


def test_each_bar_begins_where_the_one_before_it_ends() -> None:
    drawn = Drawn(waterfall(6.0, -2.0))
    styles = [style for style, _, _ in drawn.bars()]
    assert styles == ["total", "for", "against", "total"]
    base_low, zero, up_low, up_high, down_low, down_high, sum_low, sum_high = drawn.ends()
    assert up_low == pytest.approx(base_low, abs=0.02)
    assert down_high == pytest.approx(up_high, abs=0.02)
    assert [sum_low, sum_high] == pytest.approx([zero, down_low], abs=0.02)
    # from -3 to the threshold at 3.17 there are 450 units, right of the 300 for the names
    per_unit = 450 / (3 + log2_odds(0.9))
    assert [base_low, zero] == pytest.approx([300, 300 + 3 * per_unit], abs=0.02)
    assert up_high - up_low == pytest.approx(6 * per_unit, abs=0.05)
    assert drawn.texts("value") == ["-3.00", "+6.00", "-2.00", "+1.00"]
    links = [(float(mark.get("x1", "nan")), mark.get("x2")) for mark in drawn.marks("line", "link")]
    assert [x for x, _ in links] == pytest.approx([base_low, up_high, down_low], abs=0.02)
    (rule,) = drawn.marks("line", "rule")
    assert float(rule.get("x1", "nan")) == pytest.approx(750, abs=0.02)
    (axis,) = drawn.marks("line", "axis")
    assert float(axis.get("x1", "nan")) == pytest.approx(zero, abs=0.02)


def test_rows_follow_each_other_and_ticks_are_at_their_values() -> None:
    drawn = Drawn(waterfall(6.0, -2.0))
    rows = [drawn.at(name, "y") for name in ("base", "f0 = 0.123", "f1 = 0.123", "sum")]
    assert [after - before for before, after in pairwise(rows)] == [22, 22, 22]
    per_unit = 450 / (3 + log2_odds(0.9))
    assert [drawn.at(text) for text in ("-2", "0", "+2")] == pytest.approx(
        [300 + (value + 3) * per_unit for value in (-2, 0, 2)], abs=0.02
    )
    assert drawn.texts("title") == ["r1 and r2: probability 0.667"]
    assert "match threshold 0.9" in drawn.texts()


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_threshold_of_0_or_1_has_no_place_on_the_axis(threshold: float) -> None:
    spec = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=threshold, review=0.0))
    drawn = Drawn(waterfall(6.0), spec=spec)
    assert drawn.marks("line", "rule")[0].get("x1") == drawn.marks("line", "axis")[0].get("x1")


def box(mark: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a mark; a text is as high as 12 and as wide as 7 a character."""

    def get(*names: str) -> list[float]:
        return [float(mark.get(name, "nan")) for name in names]

    if mark.tag.endswith("rect"):
        x, y, width, height = get("x", "y", "width", "height")
        return x, y, x + width, y + height
    if mark.tag.endswith("line"):
        x1, y1, x2, y2 = get("x1", "y1", "x2", "y2")
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    if mark.tag.endswith("circle"):
        x, y, r = get("cx", "cy", "r")
        return x - r, y - r, x + r, y + r
    x, y = get("x", "y")
    width = 7.0 * len(mark.text or "")
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[mark.get("text-anchor", "")]
    return left, y - 12, left + width, y


def overlaps(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def all_boxes(drawn: Drawn, tag: str, style: str = "") -> list[tuple[float, float, float, float]]:
    return [box(mark) for mark in drawn.marks(tag, style)]


def test_every_mark_is_inside_the_picture_and_no_text_on_another() -> None:
    drawn = Drawn(waterfall(6.0, -2.0), waterfall(2.0), *[PAIR] * 5)
    width, height = (float(drawn.root.get(side, "nan")) for side in ("width", "height"))
    for tag in ("text", "line", "circle"):
        for left, top, right, bottom in all_boxes(drawn, tag):
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height
    texts = all_boxes(drawn, "text")
    assert [(one, other) for n, one in enumerate(texts) for other in texts[:n] if overlaps(one, other)] == []


def test_a_row_has_its_name_its_bar_and_its_number_at_one_height() -> None:
    drawn = Drawn(waterfall(6.0, -2.0))
    bars = [box(mark) for mark in drawn.marks("rect") if mark.get("class") in ("for", "against", "total")]
    names = [drawn_name for drawn_name in drawn.marks("text") if drawn_name.text in NAMES_OF_ROWS]
    values = drawn.marks("text", "value")
    papers = drawn.marks("rect", "paper")
    assert len(bars) == len(names) == len(values) == len(papers) == 4
    for bar, name, value, paper in zip(bars, map(box, names), map(box, values), map(box, papers), strict=True):
        middle = (bar[1] + bar[3]) / 2
        assert name[1] < middle < name[3]
        assert name[2] < 300
        assert (name[1], name[3]) == (value[1], value[3])
        assert bar[2] < value[0] < bar[2] + 10
        # the paper hides a line behind the number
        assert paper[0] < value[0]
        assert paper[2] >= value[2]
        assert paper[1] < middle < paper[3]
        assert paper[0] > bar[2]
        assert (paper[1] + paper[3]) / 2 == middle
    assert [mark.get("class") for mark in names] == ["strong", None, None, "strong"]


NAMES_OF_ROWS = ("base", "f0 = 0.123", "f1 = 0.123", "sum")


def test_lines_of_the_plot_go_from_its_first_row_to_its_last() -> None:
    drawn = Drawn(waterfall(6.0, -2.0))
    bars = [box(mark) for mark in drawn.marks("rect") if mark.get("class") in ("for", "against", "total")]
    top, bottom = bars[0][1], bars[-1][3]
    grid, axis, rule = (all_boxes(drawn, "line", style) for style in ("grid", "axis", "rule"))
    assert len(grid) == 7  # from -3 to +3
    for line in (*grid, *axis, *rule):
        assert line[1] < top
        assert top - line[1] < 20
        assert 0 < line[3] - bottom < 20
        assert line[0] == line[2]
    assert rule[0][1] < axis[0][1]
    # values of the axis are below the plot, the name of the threshold above it
    assert all(drawn.at(text, "y") > grid[0][3] for text in ("-2", "0", "+2"))
    assert drawn.at("match threshold 0.9", "y") < rule[0][1]
    links = all_boxes(drawn, "line", "link")
    middles = [(bar[1] + bar[3]) / 2 for bar in bars]
    assert [(link[1], link[3]) for link in links] == list(pairwise(middles))


def test_the_legend_has_a_dot_left_of_each_name_at_the_height_of_the_title() -> None:
    drawn = Drawn(PAIR)
    dots = drawn.marks("circle")
    assert [dot.get("class") for dot in dots] == ["for", "against"]
    for dot, name in zip(dots, ("for a match", "against"), strict=True):
        left, top, right, bottom = box(dot)
        assert 0 < drawn.at(name) - right < 10
        assert top < drawn.at(name, "y") <= bottom
        assert left > 300
    title = drawn.at("r1 and r2: probability 0.970", "y")
    assert drawn.at("for a match", "y") == title
    assert 0 < drawn.at("log2 odds of a match, feature by feature: +1 doubles the odds", "y") - title < 30


def test_small_features_share_a_bar() -> None:
    assert Drawn(waterfall(6.0, 0.05, 0.049)).texts("value") == ["-3.00", "+6.00", "+0.05", "+0.05", "+3.10"]
    assert "1 other feature" in Drawn(waterfall(6.0, 0.05, 0.049)).texts()
    assert "2 other features" in Drawn(waterfall(6.0, -0.01, 0.049)).texts()
    many = Drawn(waterfall(*[1.0] * 42))
    assert len(many.texts("value")) == 1 + 40 + 1 + 1
    assert "2 other features" in many.texts()
    assert "f0 = null" in Drawn(replace(PAIR, contributions=(part("f0", 1.0, None),))).texts()


def test_the_sides_of_a_match_are_for_and_against_it() -> None:
    drawn = Drawn(waterfall(0.06, -0.06))
    assert [style for style, _, _ in drawn.bars()] == ["total", "for", "against", "total"]
    assert all(high - low >= 1 for _, low, high in drawn.bars())


def test_panels_are_below_each_other_and_of_many_six_are_drawn() -> None:
    one, two = Drawn(PAIR), Drawn(PAIR, replace(PAIR, right=located(3)))
    assert float(two.root.get("height", "nan")) == 2 * float(one.root.get("height", "nan"))
    below = two.at("r1 and r3: probability 0.970", "y") - two.at("r1 and r2: probability 0.970", "y")
    assert below == float(one.root.get("height", "nan"))
    assert len(Drawn(*[PAIR] * 6).texts("title")) == 6
    assert not any("more pairs" in (text or "") for text in Drawn(*[PAIR] * 6).texts())
    eight = Drawn(*[PAIR] * 8)
    assert len(eight.texts("title")) == 6
    assert "2 more pairs are not drawn." in eight.texts()
    height = float(eight.root.get("height", "nan"))
    assert 6 * float(one.root.get("height", "nan")) < eight.at("2 more pairs are not drawn.", "y") < height


def anchors(*weights: float, base: float) -> str | None:
    drawn = Drawn(waterfall(*weights, base=base))
    (mark,) = [mark for mark in drawn.marks("text") if (mark.text or "").startswith("match threshold")]
    return mark.get("text-anchor")


def test_the_threshold_is_named_where_there_is_room() -> None:
    """At 3.17 it is at the right end above -3, in the middle of 0 to 6, and near the left end of 0 to 30."""
    assert anchors(1.0, base=-3.0) == "end"
    assert anchors(6.0, base=0.0) == "middle"
    assert anchors(30.0, base=0.0) == "start"
    # a third of the way from the left there is room on both sides
    assert anchors(9.5, base=0.0) == "middle"


def test_the_axis_has_zero_whatever_the_odds() -> None:
    spec = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=0.9))
    assert float(Drawn(waterfall(1.0, base=5.0), spec=spec).marks("line", "axis")[0].get("x1", "nan")) == 300
    low = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=0.3, review=0.1))
    assert float(Drawn(waterfall(-1.0, base=-5.0), spec=low).marks("line", "axis")[0].get("x1", "nan")) == 750


def test_an_entity_is_drawn_by_its_tree_and_the_nearest_pair() -> None:
    def titles(tree: Sequence[ExplainedPair], nearest: ExplainedPair | None) -> int:
        root = ElementTree.fromstring(picture(replace(ENTITY, tree=tuple(tree), nearest=nearest)))
        return sum(mark.get("class") == "title" for mark in root.findall("s:text", SPACE))

    assert titles([PAIR, PAIR], None) == titles([PAIR], PAIR) == 2
    with pytest.raises(DedupError, match="no pair of the entity was scored"):
        titles([], None)


def test_the_strongest_chain() -> None:
    strengths = {("a", "b"): 0.9, ("b", "d"): 0.8, ("a", "c"): 0.8, ("c", "d"): 0.95, ("a", "d"): 0.7, ("e", "f"): 1.0}
    assert strongest_chain(strengths, "a", "d") == ["a", "b", "d"]
    assert strongest_chain(strengths, "d", "a") == ["d", "b", "a"]
    assert strongest_chain({**strengths, ("a", "d"): 0.8}, "a", "d") == ["a", "d"]
    assert strongest_chain(strengths, "a", "e") == []
    assert strongest_tree(strengths) == [("a", "c"), ("a", "b"), ("c", "d"), ("e", "f")]
