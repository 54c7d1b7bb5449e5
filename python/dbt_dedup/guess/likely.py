"""Records of a sample that are likely of one entity, and which columns agree in them more often than by chance.

A column may look like a property of a thing and be none: a time of loading, a score, a session. Two records of one
thing agree in its properties, and in the others no more often than any two records do.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dbt_dedup.guess.columns import Column

# Types in which two records hardly agree by chance, if the column has many values.
TELLING = (
    "email",
    "phone",
    "identifier",
    "company",
    "full_name",
    "given_name",
    "family_name",
    "date",
    "text",
    "address",
    "postcode",
    "url",
)
MOST_TELLING = 6  # fields
RARE = 0.05  # agreement by chance up to which a field is telling
MOST_RECORDS = 5  # that agree in two fields: more of them are no pairs
MORE_THAN_CHANCE = 10.0  # times as many pairs agree in two fields as would by chance
LEAST_PAIRS = 20
SLIGHT = 0.1  # Cohen's kappa, agreement beyond chance: 0 is what chance gives, 1 is all pairs
STANDARD_ERRORS = 3.0  # that agreement has to be beyond chance
NEAR_RANK = 0.1  # distance of two numbers, as a share of all records in their order
SAME_WORDS = 0.5  # shared words of all words of two texts
CHANCE_PAIRS = 20_000
_SIGNS = re.compile(r"[\W_]+")

Pair = tuple[int, int]


@dataclass(frozen=True)
class Agreement:
    """How often a column agrees in likely pairs.

    Attributes:
        pairs: likely pairs with a value on both sides.
        share: of these, those that agree, in [0, 1].
        by_chance: share of any pairs of records that agree, in [0, 1].
    """

    pairs: int
    share: float
    by_chance: float

    @property
    def is_known(self) -> bool:
        """Whether there are enough pairs to say something."""
        return self.pairs >= LEAST_PAIRS

    @property
    def is_as_by_chance(self) -> bool:
        """Whether the likely pairs agree hardly more often than any pairs: too few to matter, or within their noise."""
        if not self.is_known or self.by_chance >= 1.0:
            return False
        more = self.share - self.by_chance
        kappa = more / (1.0 - self.by_chance)
        noise = (self.share * (1.0 - self.share) / self.pairs) ** 0.5
        return kappa < SLIGHT or more < STANDARD_ERRORS * noise


@dataclass(frozen=True)
class LikelyPairs:
    """Pairs of rows of the sample that agree in two telling fields.

    Attributes:
        by_fields: the pairs, by the columns that they agree in.
    """

    by_fields: Mapping[frozenset[str], frozenset[Pair]]

    def without(self, name: str) -> set[Pair]:
        """The pairs that agree in two other columns than this one."""
        return {pair for names, pairs in self.by_fields.items() if name not in names for pair in pairs}

    def agreement(self, column: Column, data_type: str) -> Agreement:
        """How often a column agrees in the pairs that other columns give.

        Args:
            column: of the table.
            data_type: type of the field that it gives, which says what it is to agree.
        """
        return agreement_in(column, sorted(self.without(column.name)), data_type)


def agreement_in(column: Column, pairs: Sequence[Pair], data_type: str) -> Agreement:
    """How often a column agrees in some pairs of rows, and in any pairs."""
    return _agreement(column, pairs, _comparison(column, data_type))


def likely_pairs(telling: Collection[Column]) -> LikelyPairs:
    """Pairs that agree in two of some columns, where far more do than by chance.

    Args:
        telling: columns in which records of different things hardly agree.
    """
    by_chance = [(_agreement(column, (), _are_equal).by_chance, column.name, column) for column in telling]
    rare = sorted((entry for entry in by_chance if entry[0] <= RARE), key=lambda entry: entry[:2])
    found: dict[frozenset[str], frozenset[Pair]] = {}
    for (_, name, column), (_, other_name, other) in combinations(rare[:MOST_TELLING], 2):
        pairs, expected = _agreeing(column, other)
        if len(pairs) >= MORE_THAN_CHANCE * expected:
            found[frozenset((name, other_name))] = pairs
    return LikelyPairs(found)


def _agreeing(column: Column, other: Column) -> tuple[frozenset[Pair], float]:
    """Pairs of rows that agree in two columns, and how many would if the columns had nothing to do with each other."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    firsts: dict[str, int] = defaultdict(int)
    seconds: dict[str, int] = defaultdict(int)
    rows = 0
    for row, (value, second) in enumerate(zip(column.sample, other.sample, strict=True)):
        if value is not None and second is not None:
            key = (folded(value), folded(second))
            groups[key].append(row)
            firsts[key[0]] += 1
            seconds[key[1]] += 1
            rows += 1
    pairs = frozenset(
        pair for members in groups.values() if 2 <= len(members) <= MOST_RECORDS for pair in combinations(members, 2)
    )
    if rows < 2:
        return pairs, 0.0
    possible = rows * (rows - 1) / 2
    return pairs, possible * _pairs_in(firsts.values()) / possible * _pairs_in(seconds.values()) / possible


def _pairs_in(sizes: Collection[int]) -> float:
    return sum(size * (size - 1) / 2 for size in sizes)


def _agreement(column: Column, pairs: Sequence[Pair], agrees: Callable[[str, str], bool]) -> Agreement:
    filled = [row for row, value in enumerate(column.sample) if value is not None]

    def share(of: Sequence[Pair]) -> float:
        sides = [(column.sample[first], column.sample[second]) for first, second in of]
        agreeing = sum(1 for a, b in sides if a is not None and b is not None and agrees(a, b))
        return agreeing / len(of) if of else 0.0

    known = [pair for pair in pairs if column.sample[pair[0]] is not None and column.sample[pair[1]] is not None]
    return Agreement(len(known), share(known), share(_any_pairs(filled)))


def _any_pairs(rows: Sequence[int]) -> list[Pair]:
    """About CHANCE_PAIRS pairs of different rows, whose order is that of their hashes: neighbours are unrelated."""
    steps = range(1, min(len(rows), max(2, CHANCE_PAIRS // max(len(rows), 1) + 1)))
    return [(row, rows[(place + step) % len(rows)]) for step in steps for place, row in enumerate(rows)][:CHANCE_PAIRS]


def _comparison(column: Column, data_type: str) -> Callable[[str, str], bool]:
    """What it is that two values of a column agree: numbers by their place among all, texts by most of their words."""
    if data_type == "number":
        numbers = sorted(number for value in column.sample if value and (number := _number(value)) is not None)

        def are_near(value: str, other: str) -> bool:
            first, second = _number(value), _number(other)
            if first is None or second is None:
                return value == other
            low, high = sorted((first, second))
            # records between the two; of equal ones fewer than none
            return bisect_left(numbers, high) - bisect_right(numbers, low) < NEAR_RANK * len(numbers)

        return are_near
    if data_type == "text":
        return _share_words
    return _are_equal


def _are_equal(value: str, other: str) -> bool:
    return folded(value) == folded(other)


def _share_words(value: str, other: str) -> bool:
    first, second = set(_SIGNS.split(value.casefold())), set(_SIGNS.split(other.casefold()))
    return len(first & second) >= SAME_WORDS * len(first | second)


def folded(value: str) -> str:
    """A value in which case, spaces and signs do not count."""
    return _SIGNS.sub("", value.casefold()) or value


def _number(value: str) -> float | None:
    found = re.search(r"-?\d+(?:[.,]\d+)*", value)
    if not found:
        return None
    whole, sign, fraction = found[0].replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}{sign}{fraction}")
