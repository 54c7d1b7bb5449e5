"""Try candidate rules on the built records, and choose."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import Any

import numpy as np

from dbt_dedup.blocking.cover import Candidate, Found, Rule, greedy_cover
from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import DbtProject, NotBuiltError, Warehouse

PAIRS_PER_RECORD = 10
MOST_RULES = 10
LEAST_MATCHES = 20  # of fewer likely matches, a rule that finds one more of them may do so by chance
KEYS_PER_FIELD = 2  # keys of a field that are tried together with those of another field
AGAIN = 0.5  # what a further rule that finds the same likely match is worth, in terms of the rule before
KEYS, MATCHES = "dedup_rule_keys", "dedup_likely_matches"


class Basis(Enum):
    """Where likely matches come from, the surest first."""

    TRUTH = "truth"
    LABELS = "labels"
    SCORES = "scores"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Choice:
    """A rule that was chosen, in the order of the choice.

    Attributes:
        rule: as in the spec.
        name: as block_stats shows it.
        pairs: that it proposes.
        found: share of the likely matches that it proposes, in [0, 1].
        gain: share that no rule before it proposes.
        total_pairs: of this rule and those before; a pair of two rules counts twice.
        total_found: share of the likely matches that this rule and those before propose.
        dropped_pairs: of its blocks above max_block_size.
        largest_block: records of its largest block.
    """

    rule: Rule
    name: str
    pairs: int
    found: float
    gain: float
    total_pairs: int
    total_found: float
    dropped_pairs: int
    largest_block: int


@dataclass(frozen=True)
class Suggestion:
    """What was tried and what is suggested.

    Attributes:
        entity: its name.
        records: in the table.
        basis: where the likely matches come from.
        likely_matches: how many there are; at most 200,000 are looked at.
        tried: how many rules were tried.
        most_pairs: the budget.
        choices: the rules.
    """

    entity: str
    records: int
    basis: Basis
    likely_matches: int
    tried: int
    most_pairs: int
    choices: tuple[Choice, ...]

    @property
    def rules(self) -> list[Rule]:
        """The rules as the spec has them."""
        return [choice.rule for choice in self.choices]


def suggest(project: DbtProject, entity: str) -> list[Rule]:
    """Blocking rules for an entity within ten pairs a record; see `suggest_blocking`."""
    return suggest_blocking(project, entity).rules


def suggest_blocking(
    project: DbtProject,
    entity: str,
    most_pairs: int | None = None,
    most_rules: int = MOST_RULES,
    report_progress: Callable[[str], None] = lambda _: None,
) -> Suggestion:
    """Try rules made of the fields' types, and choose those that find most likely matches within a number of pairs.

    Tried are all single keys, pairs of keys of two fields, and fuzzy rules. Likely matches come from the truth, else
    from labels, else from the probabilities of the model in production, else from agreements that are too rare for
    chance. Of each, at least 20 are needed. Nothing is written but the keyed records, which dbt builds first if they
    are missing.

    Args:
        project: the dbt project.
        entity: name of an entity; what its spec has under `blocking` does not matter.
        most_pairs: pairs that the rules together may propose; None is ten a record.
        most_rules: how many rules to suggest at most.
        report_progress: called with a sentence before a step that takes long.

    Raises:
        DedupError: unknown entity, dbt failed, or there are too few likely matches.
    """
    project.check_known(entity)
    offered = _compiled(project, entity, [])
    singles = _single_keys(offered["transforms"])
    fuzzy = _fuzzy_rules(offered["transforms"], offered["texts"])
    try:
        return _tried(project, entity, singles, fuzzy, most_pairs, most_rules, report_progress)
    except NotBuiltError:
        report_progress(f"Preparing the records of {entity} with dbt ...")
    except DedupError as error:
        if not project.database.exists():
            report_progress(f"Preparing the records of {entity} with dbt ...")
        else:
            raise error
    project.build(f"+int_{entity}__keyed_records")
    return _tried(project, entity, singles, fuzzy, most_pairs, most_rules, report_progress)


def _tried(
    project: DbtProject,
    entity: str,
    singles: Sequence[Rule],
    fuzzy: Sequence[Rule],
    most_pairs: int | None,
    most_rules: int,
    report_progress: Callable[[str], None],
) -> Suggestion:
    first = _compiled(project, entity, [*singles, *fuzzy])
    with project.open() as warehouse:
        ((records,),) = warehouse.cursor.execute(first["records"]).fetchall()
        budget = PAIRS_PER_RECORD * records if most_pairs is None else most_pairs
        report_progress(f"Looking for likely matches of {entity} ...")
        basis, matches = _likely_matches(warehouse, entity, first["matches"])
        report_progress(f"Trying {len(first['rules'])} rules on {matches:,} likely matches ...")
        tried = [_try(warehouse, first, rule, matches) for rule in first["rules"]]
    pairs = _pairs_of_keys(tried[: len(singles)])
    if pairs:
        report_progress(f"Trying {len(pairs)} pairs of keys ...")
        second = _compiled(project, entity, pairs)
        with project.open() as warehouse:
            _likely_matches(warehouse, entity, {basis.value: second["matches"][basis.value]})
            tried += [_try(warehouse, second, rule, matches) for rule in second["rules"]]
    # true matches are known with all their mistakes; the like of others, with a mistake more, need another rule
    again = 0.0 if basis is Basis.TRUTH else AGAIN
    chosen = greedy_cover(tried, budget, most_rules, again)
    return Suggestion(entity, records, basis, matches, len(tried), budget, _choices(chosen, matches))


def _compiled(project: DbtProject, entity: str, rules: Sequence[Rule]) -> dict[str, Any]:
    compiled: dict[str, Any] = json.loads(
        project.compiled(f"dbt_dedup._candidate_rules('{entity}', {json.dumps(list(rules))})")
    )
    return compiled


def _single_keys(transforms: dict[str, list[str]]) -> list[Rule]:
    """A rule for each value and each transform of each field."""
    keys = [*transforms, *(f"{name}.{transform}" for name in transforms for transform in transforms[name])]
    return [[key] for key in keys]


def _fuzzy_rules(transforms: dict[str, list[str]], texts: Sequence[str]) -> list[Rule]:
    """The records most alike in all fields and in each field of words, and neighbours in the order of two fields."""
    fields = list(transforms)
    bags = [
        fields,
        *([f"{text}.tokens"] for text in texts),
        *([[f"{text}.tokens" for text in texts]] if texts[1:] else []),
    ]
    rules: list[Rule] = [{"top_k": bag, "k": k} for bag in bags for k in (5, 10, 20)]
    following = zip(fields, [*fields[1:], *fields[:1]], strict=True)
    rules += [{"sorted_neighborhood": [one, other]} for one, other in following if one != other]
    return rules


def _pairs_of_keys(singles: Sequence[Candidate]) -> list[Rule]:
    """Rules of two fields, from the keys of each field in which most likely matches agree, the cheaper of equals first.

    Large blocks count here: together with another key they become small.
    """
    by_field: dict[str, list[Candidate]] = {}
    for candidate in singles:
        by_field.setdefault(str(candidate.rule[0]).partition(".")[0], []).append(candidate)  # type: ignore[index]
    best = {
        name: sorted(keys, key=lambda c: (-c.agreed, c.pairs + c.dropped_pairs))[:KEYS_PER_FIELD]
        for name, keys in by_field.items()
    }
    return [
        [str(left.rule[0]), str(right.rule[0])]  # type: ignore[index]
        for one, other in combinations(best, 2)
        for left in best[one]
        for right in best[other]
    ]


def _likely_matches(warehouse: Warehouse, entity: str, sql: dict[str, str]) -> tuple[Basis, int]:
    """Put the likely matches into a temporary table: of the first basis that has enough."""
    import duckdb

    counts = {}
    for basis in Basis:
        if basis.value not in sql:
            continue
        try:
            warehouse.cursor.execute(f"create or replace temporary table {MATCHES} as {sql[basis.value]}")
        except duckdb.CatalogException:
            if basis is Basis.EVIDENCE:
                raise
            continue  # not built yet: the next basis
        ((matches,),) = warehouse.cursor.execute(f"select count(*) from {MATCHES}").fetchall()
        if matches >= LEAST_MATCHES:
            return basis, matches
        counts[basis.value] = matches
    told = ", ".join(f"{count} by {basis}" for basis, count in counts.items())
    raise DedupError(
        f"Entity {entity!r} has too few likely matches to choose blocking rules by: {told}, and {LEAST_MATCHES} are"
        " needed."
        f" Label pairs with `dbt-dedup label {entity}`, or write the rules by hand (docs/block.md)."
    )


def _try(warehouse: Warehouse, compiled: dict[str, Any], rule: dict[str, Any], matches: int) -> Candidate:
    cursor = warehouse.cursor
    cursor.execute(f"create or replace temporary table {KEYS} as {rule['keys']}")
    ((pairs, dropped, largest),) = cursor.execute(compiled["costs"]).fetchall()
    found: Found = np.zeros(matches, dtype=bool)
    agreeing = cursor.execute(compiled["found"]).fetchnumpy()
    found[np.asarray(agreeing["match_number"], dtype=np.int64) - 1] = agreeing["is_proposed"]
    agreed = len(agreeing["match_number"])
    return Candidate(rule["rule"], rule["name"], int(pairs), int(dropped), int(largest), agreed, found)


def _choices(chosen: Sequence[Candidate], matches: int) -> tuple[Choice, ...]:
    covered = np.zeros(matches, dtype=bool)
    pairs, choices = 0, []
    for candidate in chosen:
        gain = int((candidate.found & ~covered).sum())
        covered |= candidate.found
        pairs += candidate.pairs
        choices.append(
            Choice(
                candidate.rule,
                candidate.name,
                candidate.pairs,
                int(candidate.found.sum()) / matches,
                gain / matches,
                pairs,
                int(covered.sum()) / matches,
                candidate.dropped_pairs,
                candidate.largest_block,
            )
        )
    return tuple(choices)
