"""How well an answer holds together, judged without a label: by what a set of entities must look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.base import probability

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# What matches say on a field, as a share of what the surest pairs say. Below two fifths of it, most of them agree on
# that field no more than chance does: they are relatives or neighbours that share the others. The score falls from
# there in proportion; `docs/decisions/0016-without-labels.md` has the range.
LEAST_SUPPORT = 0.4
# What matches say on a field, as a share of what the other candidate pairs say. A rule that blocks on a field makes
# other pairs agree on it too, so matches may say a little less; if they say much less, it speaks against them.
LEAST_CONTRAST = 0.75
# Share of the matches whose names have nothing in common. In labelled data it is at most one in eighteen, by errors and
# by names that changed; in families and shared flats it is one in five and more. The score falls from here on.
MOST_STRANGERS = 0.1
# Bits by type of field below which two names have nothing in common: they are no more alike than those of half of the
# random pairs. Full names are so with a quarter, because families share a part of them.
UNLIKE = {"given_name": 1.0, "full_name": 2.0}
ANOTHER_DATE = 2.0  # bits below which two dates have nothing in common
ONE_DATE = 0.5  # share of what the surest pairs say on a date, from which on it is the same
FEW = 5  # pairs in which a field is known; fewer say nothing about it


@dataclass(frozen=True)
class Structure:
    """How an answer holds together.

    Attributes:
        pairs: candidate pairs inside its entities.
        consistency: how far weights and entities say the same, in [0, 1]: twice the probability inside the entities, as
            a share of all probability and all pairs inside. Wrong pairs lead to pairs inside entities that are no
            matches themselves, and to matches between entities.
        weakest_field: the field on which the pairs inside say least, compared with the surest pairs; empty if no field
            can be compared.
        support: what they say on it, as a share of what the surest pairs say.
        opposed_field: the field on which the pairs inside say least, compared with the other candidate pairs.
        contrast: what they say on it, as a share of what the other pairs say.
        strangers: share of the pairs inside whose names of people have nothing in common; 0 where they are not known.
    """

    pairs: int
    consistency: float
    weakest_field: str
    support: float
    opposed_field: str
    contrast: float
    strangers: float

    @property
    def score(self) -> float:
        """Consistency, less where a field does not speak for the matches; in [0, 1]."""
        spoken_for = min(1.0, self.support / LEAST_SUPPORT) * min(1.0, self.contrast / LEAST_CONTRAST)
        return self.consistency * spoken_for * min(1.0, (1 - self.strangers) / (1 - MOST_STRANGERS))

    @property
    def lower_bound(self) -> float:
        """The score less one standard error."""
        return self.score - float(np.sqrt(self.variance))

    @property
    def variance(self) -> float:
        """Squared standard error of the score, as that of a share of the pairs."""
        return self.score * (1 - self.score) / max(self.pairs, 1)


@dataclass(frozen=True)
class FieldScores:
    """Surprise of each of g fields in n candidate pairs, as its mean over any of the pairs is read many times.

    Attributes:
        bits: surprise in bits, n by g; 0 where unknown.
        known: 1 where the surprise is known, else 0, n by g.
        are_named: whether names of people are known on both sides, n.
        are_strangers: whether these names have nothing in common, n.
        dates: numbers of the fields that are dates of people.
    """

    bits: Floats
    known: Floats
    are_named: Mask
    are_strangers: Mask
    dates: Sequence[int] = ()

    @classmethod
    def of(
        cls,
        scores: Floats,
        unlike: Mapping[int, float] | None = None,
        two_people: Mapping[int, Mask] | None = None,
        dates: Sequence[int] = (),
    ) -> FieldScores:
        """From scores n by g, in bits; NaN is unknown.

        Args:
            scores: of the pairs.
            unlike: bits below which two names of people have nothing in common, by number of the field.
            two_people: pairs whose names are of two people, whatever they share, by number of the field.
            dates: numbers of the fields that are dates of people.
        """
        known = ~np.isnan(scores)
        bits = np.nan_to_num(scores, nan=0.0)
        are_named, are_alike = np.zeros(len(bits), dtype=bool), np.zeros(len(bits), dtype=bool)
        for field, least in (unlike or {}).items():
            are_named |= known[:, field]
            are_alike |= (bits[:, field] >= least) & ~(two_people or {}).get(field, np.False_)
        return cls(bits, known.astype(np.float64), are_named, are_named & ~are_alike, dates)

    def strangers(self, pairs: Mask) -> float:
        """Share of some pairs whose names have nothing in common, of those in which they are known."""
        named = int((pairs & self.are_named).sum())
        return int((pairs & self.are_strangers).sum()) / named if named >= FEW else 0.0

    def dates_differ(self) -> Mask:
        """Whether dates of people are known on both sides and none has anything in common, n."""
        known, bits = (of_all[:, list(self.dates)] for of_all in (self.known, self.bits))
        return np.asarray((known > 0).any(axis=1) & (bits < ANOTHER_DATE).all(axis=1))

    def dates_agree(self, surest: Mask) -> Mask:
        """Whether a date of people is the same on both sides, as in most of the surest pairs, n."""
        least = ONE_DATE * np.nan_to_num(self.means(surest), nan=np.inf)[list(self.dates)]
        return np.asarray((self.bits[:, list(self.dates)] >= least).any(axis=1))

    def means(self, pairs: Mask) -> list[float]:
        """The mean score of some pairs on each field; NaN where too few of them are known."""
        chosen = pairs.astype(np.float64)
        totals, counts = chosen @ self.bits, chosen @ self.known
        return [float(total / count) if count >= FEW else np.nan for total, count in zip(totals, counts, strict=True)]


def judge(weight: Floats, together: Mask, scores: FieldScores, surest: Mask, fields: Sequence[str]) -> Structure:
    """Judge an answer.

    Args:
        weight: log2 odds of the n candidate pairs.
        together: whether both records of a pair are in one entity, n.
        scores: surprise of each of the g fields.
        surest: whether a pair is one of the surest, n.
        fields: names of the g fields.
    """
    likely = probability(weight)
    whole = likely.sum() + together.sum()
    consistency = 2 * float(likely[together].sum()) / float(whole) if together.any() else 0.0
    inside, sure, outside = (scores.means(pairs) for pairs in (together, surest, ~together))
    support, weakest = _least(inside, sure, fields)
    contrast, opposed = _least(inside, outside, fields)
    strangers = scores.strangers(together)
    return Structure(int(together.sum()), consistency, weakest, support, opposed, contrast, strangers)


def _least(inside: Sequence[float], others: Sequence[float], fields: Sequence[str]) -> tuple[float, str]:
    """The least share that the mean score of pairs inside has of that of other pairs, and its field."""
    shares = [
        (mean / other, field)
        for mean, other, field in zip(inside, others, fields, strict=True)
        if other > 0 and not np.isnan(mean)
    ]
    return min(shares, default=(1.0, ""))
