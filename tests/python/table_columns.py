"""Columns of tables as `dbt-dedup init` reads them, without a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dbt_dedup.guess.columns import Column


def column(
    name: str,
    values: Sequence[str | None],
    *,
    rows: int | None = None,
    distinct: int | None = None,
    data_type: str = "VARCHAR",
) -> Column:
    """A column of these values; of more rows if `rows` says so, the others without a value."""
    filled = [value for value in values if value is not None]
    return Column(
        name,
        data_type,
        len(values) if rows is None else rows,
        len(filled),
        len(set(filled)) if distinct is None else distinct,
        tuple(values),
    )


def letters(number: int) -> str:
    """A word of six letters that is no name, no street and no legal form, another one for each number up to 999."""
    return "qj" + "".join("bcdfghjkmp"[int(digit)] for digit in f"{number:03}") + "x"


def mixed(count: int, yes: Callable[[int], str], no: Callable[[int], str] = letters, of: int = 20) -> list[str]:
    """Values of which `count` are of one kind and the others of another."""
    return [yes(n) if n < count else no(n) for n in range(of)]
