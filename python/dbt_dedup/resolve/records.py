"""What is resolved: records, scored pairs of them, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError

Keys = NDArray[np.int32]
Positions = NDArray[np.int64]
Floats = NDArray[np.float64]
KeyPairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Records:
    """n records.

    Attributes:
        keys: n record keys, ascending and distinct.
        representatives: for each record the key of the record it is a copy of, itself if of none; None if no record is
            a copy.
        distinctive: whether chance alone does not make another record with the values of each, so that its copies are
            the same entity whatever their score; None if of none.
        sources: n source names, null for none; None if the entity has no sources.
        order: n distinct numbers that break ties, so that clusters do not depend on the keys; None takes the keys.
    """

    keys: Keys
    representatives: Keys | None = None
    distinctive: NDArray[np.bool_] | None = None
    sources: NDArray[np.object_] | None = None
    order: Positions | None = None

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class ScoredPairs:
    """n pairs of records with the probability of a match.

    Attributes:
        left: record_key of one side.
        right: record_key of the other side.
        probability: in [0, 1]. A pair that is not listed is not a match.
    """

    left: Keys
    right: Keys
    probability: Floats


@dataclass(frozen=True)
class Decisions:
    """What is decided about pairs of records, by record_key; it holds whatever the model says.

    Attributes:
        must_link: pairs that are one entity.
        cannot_link: pairs that are not. Where must-link decisions join its two records, one of these people is wrong:
            the records stay together, and `<entity>_cluster_issues` lists the contradiction.
    """

    must_link: KeyPairs = ()
    cannot_link: KeyPairs = ()

    def with_vetoes(self, vetoed: Iterable[tuple[int, int]]) -> Decisions:
        """These, and that the pairs which a rule of `never` rules out are apart, unless people joined them."""
        must = {(min(pair), max(pair)) for pair in self.must_link}
        cannot = sorted(pair for pair in vetoed if (min(pair), max(pair)) not in must)
        return Decisions(self.must_link, (*self.cannot_link, *cannot))


NO_DECISIONS = Decisions()


class RecordPlaces:
    """Finds the places of record keys: in a table where keys have few gaps, else by binary search.

    Args:
        record_keys: n record keys, ascending and distinct.
        entity: name of the entity, for the error.
    """

    def __init__(self, record_keys: Keys, entity: str) -> None:
        self._record_keys, self._entity = record_keys, entity
        self._table: Positions | None = None
        if len(record_keys) and record_keys[0] >= 0 and record_keys[-1] < 4 * len(record_keys):
            self._table = np.full(int(record_keys[-1]) + 1, -1)
            self._table[record_keys] = np.arange(len(record_keys))

    def of(self, keys: Keys) -> Positions:
        """The place of each of the keys.

        Raises:
            DedupError: a key is none of a record.
        """
        if self._table is None:
            position = np.searchsorted(self._record_keys, keys)
            known = position < len(self._record_keys)
            known[known] = self._record_keys[position[known]] == keys[known]
        else:
            known = (keys >= 0) & (keys < len(self._table))
            position = self._table[np.where(known, keys, 0)]
            known &= position >= 0
        if not known.all():
            raise DedupError(
                f"The scored pairs of entity {self._entity!r} name record_key {keys[~known].ravel()[0]}, which is not a"
                " key of its records: the two were built from different inputs."
                f" Run `dbt build --select +int_{self._entity}__clusters`."
            )
        return position
