"""What is known of the pairs of a data set: all entities, or the answers to some pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Keys = NDArray[np.int32]
Positions = NDArray[np.int64]


class Truth(Protocol):
    """What is known of the pairs of n records, by their places in order of record_key."""

    @property
    def left(self) -> Positions:
        """Places of one side of the pairs that are known to match, of those that are measured on."""

    @property
    def right(self) -> Positions:
        """Places of the other side."""

    def answer(self, left: Positions, right: Positions) -> NDArray[np.int8]:
        """For each pair 1 if it matches, 0 if not, -1 if it is not one of those that are measured on."""

    def merged_pairs(self, clusters: Keys) -> int:
        """Number of pairs inside the clusters, of those that are measured on."""


@dataclass(frozen=True)
class EntityTruth:
    """The entity of each record is known: -1 of a record that is not measured on.

    `sources` are the sources of the records where only pairs across them count, else None.
    """

    entities: Positions
    sources: Positions | None
    left: Positions
    right: Positions

    @classmethod
    def of(cls, entities: Positions, sources: Positions | None) -> EntityTruth:
        """List the true pairs."""
        known = {"place": np.arange(len(entities)), "entity": entities}
        known["source"] = np.arange(len(entities)) if sources is None else sources
        with duckdb.connect() as connection:
            connection.register("known", pa.table(known))
            pairs = connection.execute(
                """
                select l.place as left_place, r.place as right_place
                from known as l
                inner join known as r on l.entity = r.entity and l.place < r.place and l.source <> r.source
                where l.entity >= 0
                """
            ).fetchnumpy()
        return cls(entities, sources, pairs["left_place"], pairs["right_place"])

    def answer(self, left: Positions, right: Positions) -> NDArray[np.int8]:
        """See `Truth`."""
        one, other = self.entities[left], self.entities[right]
        return np.where((one < 0) | (other < 0), -1, one == other).astype(np.int8)

    def merged_pairs(self, clusters: Keys) -> int:
        """See `Truth`."""
        known = self.entities >= 0
        merged = pairs_inside(clusters[known])
        if self.sources is not None:
            merged -= pairs_inside(clusters[known].astype(np.int64) << 32 | self.sources[known])
        return merged

    def part(self, counted: NDArray[np.bool_]) -> EntityTruth:
        """The same truth for some of the records."""
        both = counted[self.left] & counted[self.right]
        entities = np.where(counted, self.entities, -1)
        return EntityTruth(entities, self.sources, self.left[both], self.right[both])


@dataclass(frozen=True)
class PairTruth:
    """Only the answers to some pairs are known: their places, the smaller first, and whether they match."""

    known_left: Positions
    known_right: Positions
    is_match: NDArray[np.int8]

    @property
    def left(self) -> Positions:
        """See `Truth`."""
        matches: Positions = self.known_left[self.is_match == 1]
        return matches

    @property
    def right(self) -> Positions:
        """See `Truth`."""
        matches: Positions = self.known_right[self.is_match == 1]
        return matches

    def answer(self, left: Positions, right: Positions) -> NDArray[np.int8]:
        """See `Truth`."""
        row = find_codes(pair_codes(self.known_left, self.known_right), pair_codes(left, right))
        return np.where(row >= 0, self.is_match[row], -1).astype(np.int8)

    def merged_pairs(self, clusters: Keys) -> int:
        """See `Truth`."""
        return int((clusters[self.known_left] == clusters[self.known_right]).sum())


def pair_quality(truth: Truth, clusters: Keys) -> tuple[float, float]:
    """Precision and recall of the pairs inside clusters."""
    merged, correct = truth.merged_pairs(clusters), int((clusters[truth.left] == clusters[truth.right]).sum())
    return correct / merged if merged else 1.0, correct / len(truth.left)


def pairs_inside(groups: NDArray[Any]) -> int:
    _, sizes = np.unique(groups, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())


def pair_codes(left: Positions, right: Positions) -> Positions:
    """One number for each pair of places, in the order of the pairs."""
    return left.astype(np.int64) << 32 | right.astype(np.int64)


def find_codes(ascending: Positions, wanted: Positions) -> Positions:
    """Place of each wanted number; -1 where it is not there."""
    if not len(ascending):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return np.where(ascending[place] == wanted, place, -1)
