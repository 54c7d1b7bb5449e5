"""A classifier as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LADDER = 16  # most branches of one `case`


@dataclass(frozen=True)
class SqlModel:
    """The weights of a classifier as SQL.

    Attributes:
        weights: the SQL of each weight in log2 odds, never null, by the column of a feature of its field; a weight that
            is always 0 is left out. `bias_` and the weights, added up in order, are `decision_function`.
        prepared: the SQL of columns that weights read besides the features, by name; computed first.
    """

    weights: Mapping[str, str]
    prepared: Mapping[str, str] = field(default_factory=dict)


def sql_number(value: float) -> str:
    """A number as SQL that reads it back as the very same double; without an exponent it would be a decimal."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def step_function(value: str, ends: Sequence[float], results: Sequence[float]) -> str:
    """SQL of a step function: the result of the first of the ascending ends that the value is not above; 0 of null.

    The last end counts as infinite. Of the exact forms a ladder of comparisons is the fastest in DuckDB 2.0, from 8
    steps on twice as fast as a sum over thresholds. Above `LADDER` steps it has two levels.
    """
    return case([f"when {value} is null then 0e0", *_ladder(value, list(ends), list(results))])


def case(branches: Sequence[str]) -> str:
    """SQL of a `case` whose last branch is an `else`."""
    if len(branches) == 1:
        return branches[0].removeprefix("else ")
    return "\n    ".join(["case", *branches]) + "\nend"


def indented(sql: str) -> str:
    """SQL indented for the inside of a branch."""
    return sql.replace("\n", "\n    ")


def _ladder(value: str, ends: list[float], results: list[float]) -> list[str]:
    if len(ends) <= LADDER:
        branches = [sql_number(result) for result in results]
    else:
        rungs = range(0, len(ends), LADDER // 2)
        blocks = [slice(start, start + LADDER // 2) for start in rungs]
        branches = [case(_ladder(value, ends[block], results[block])) for block in blocks]
        ends = [ends[block][-1] for block in blocks]
    rules = [
        f"when {value} <= {sql_number(end)} then {indented(result)}" for end, result in zip(ends, branches, strict=True)
    ]
    return [*rules[:-1], f"else {indented(branches[-1])}"]
