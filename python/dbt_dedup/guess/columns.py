"""The columns of a table: how full they are, how distinct, and some of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SAMPLED_ROWS = 20_000
SAMPLED_VALUES = 3_000
LONGEST_VALUE = 1_000  # characters of a sampled value; the rest of a longer one is left out


@dataclass(frozen=True)
class Column:
    """A column of the input.

    Attributes:
        name: as the table has it.
        data_type: DuckDB's, such as `VARCHAR` or `TIMESTAMP`.
        rows: rows of the table.
        filled: rows whose value is neither null nor blank.
        distinct: distinct filled values.
        sample: values of a sample of the rows, at most LONGEST_VALUE characters each, without whitespace around them,
            None for a blank one. The samples of all columns of a table are of the same rows in the same order.
    """

    name: str
    data_type: str
    rows: int
    filled: int
    distinct: int
    sample: tuple[str | None, ...]

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The filled values of the sample, at most SAMPLED_VALUES."""
        return tuple(value for value in self.sample if value is not None)[:SAMPLED_VALUES]

    @property
    def filled_share(self) -> float:
        """Share of the rows with a value, in [0, 1]."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def distinct_share(self) -> float:
        """Distinct values per filled row, in [0, 1]."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.rows > 0 and self.distinct == self.filled == self.rows

    @property
    def is_time(self) -> bool:
        """Whether the database holds days or times."""
        return self.data_type.startswith(("DATE", "TIMESTAMP"))

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The sampled values in lower case."""
        return tuple(value.casefold() for value in self.values)

    @cached_property
    def words_per_value(self) -> float:
        """Mean number of words of a sampled value."""
        return sum(len(value.split()) for value in self.values) / len(self.values) if self.values else 0.0


def read_columns(relation: Any) -> list[Column]:
    """The columns of a table.

    Args:
        relation: a DuckDB relation. It is read twice: once whole, to count, and once for a sample of its rows,
            which the hash of a row decides, so that it is the same on each run.
    """
    names, types = list(relation.columns), [str(data_type) for data_type in relation.types]
    quoted = [quote(name) for name in names]
    texts = [f"nullif(trim(cast({name} as varchar)), '')" for name in quoted]
    counts = [f"count({text}), count(distinct {text})" for text in texts]
    (found,) = relation.aggregate(", ".join(["count(*)", *counts])).fetchall()
    rows, numbers = int(found[0]), [int(number) for number in found[1:]]
    sampled = _sample(relation, [f"left({text}, {LONGEST_VALUE})" for text in texts], rows)
    return [
        Column(
            name=name,
            data_type=data_type,
            rows=rows,
            filled=numbers[2 * place],
            distinct=numbers[2 * place + 1],
            sample=tuple(row[place] for row in sampled),
        )
        for place, (name, data_type) in enumerate(zip(names, types, strict=True))
    ]


def _sample(relation: Any, texts: Sequence[str], rows: int) -> list[tuple[str | None, ...]]:
    """About SAMPLED_ROWS rows as texts."""
    projected = relation.project(", ".join(f"{text} as c{place}" for place, text in enumerate(texts)))
    every = -(-rows // SAMPLED_ROWS)
    hashed = f"hash({', '.join(f'c{place}' for place in range(len(texts)))})"
    projected = projected.filter(f"{hashed} % {every} = 0")
    # rows of one hash are equal, so their order does not matter
    sampled: list[tuple[str | None, ...]] = projected.order(hashed).limit(2 * SAMPLED_ROWS).fetchall()
    return sampled


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
