"""Whether the records of two sources are to be linked, each source being free of duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dbt_dedup.guess.column_kind import HIGH, MEDIUM
from dbt_dedup.guess.columns import Column
from dbt_dedup.guess.fields import Guess
from dbt_dedup.guess.roles import ACROSS_PER_INSIDE, Role

LINK_ONLY = "link_only"
# Fields in which two records hardly agree by chance.
TELLING = ("company", "full_name", "text", "identifier", "email", "phone")
NAMING = ("company", "full_name", "text")
MOST_RECORDS = 5  # of one value: more of them agree by chance
LEAST_TWINS = 20
RARE_TWINS = 0.02  # share of records
LEAST_ROWS = 200


def guess_source_mode(source: Column, fields: Sequence[Guess], columns: Mapping[str, Column]) -> Role | None:
    """The role `source_mode: link_only` if the values say that only records of different sources match; else None.

    They do if records of different sources agree far more often in some field than those of one source; or if there
    are two sources, and hardly a record has the name of another of its own source.
    """
    if len(source.sample) < LEAST_ROWS:
        return None
    for guess in fields:
        if guess.type not in TELLING or len(guess.columns) > 1:
            continue
        inside, across, rates = _agreements(columns[guess.columns[0]].sample, source.sample)
        if across >= LEAST_TWINS and rates >= ACROSS_PER_INSIDE:
            return Role(
                "source_mode",
                LINK_ONLY,
                HIGH,
                f"{across:,} pairs of two sources agree in {guess.name}, {inside:,} of one: only pairs across are"
                " compared",
            )
    named = next((guess for guess in fields if guess.type in NAMING and len(guess.columns) == 1), None)
    if named is None or source.distinct != 2:
        return None
    inside, _, _ = _agreements(columns[named.columns[0]].sample, source.sample)
    twins = inside / len(source.sample) * (source.rows / len(source.sample))  # a sample splits pairs
    if twins > RARE_TWINS:
        return None
    return Role(
        "source_mode",
        LINK_ONLY,
        MEDIUM,
        f"two sources, {twins:.1%} of the records share their {named.name} inside one: only pairs across are compared",
    )


def _agreements(values: Sequence[str | None], sources: Sequence[str | None]) -> tuple[int, int, float]:
    """Pairs with one value inside a source and across sources, and how many times as often the latter agree."""
    by_value: dict[str, Counter[str | None]] = {}
    for value, source in zip(values, sources, strict=True):
        if value is not None:
            by_value.setdefault(value.casefold(), Counter())[source] += 1
    inside = across = 0
    for counts in by_value.values():
        records = sum(counts.values())
        if 2 <= records <= MOST_RECORDS:
            same = sum(count * (count - 1) // 2 for count in counts.values())
            inside += same
            across += records * (records - 1) // 2 - same
    sizes = Counter(sources).values()
    possible_inside = sum(size * (size - 1) / 2 for size in sizes)
    possible_across = len(values) * (len(values) - 1) / 2 - possible_inside
    if not possible_inside or not possible_across:
        return inside, across, 0.0
    return inside, across, (across / possible_across) / ((inside + 0.5) / possible_inside)
