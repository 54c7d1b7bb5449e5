"""Average linkage inside one component, under constraints."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

MAX_ROUNDS = 10  # of exchanges; each round looks at every record once
SOME_GAIN = 1e-6  # a pair at the threshold itself is assigned rather than left alone
ROUNDING = 1e-9  # an average this little below 0 is 0: sums of doubles in another order differ by less


# called with the records of both clusters, and their average weight; None where a decision joins them
OnMerge = Callable[[Sequence[int], Sequence[int], float | None], None]


class Component:
    """The records of one component and what is known about their pairs.

    Args:
        size: number of records, which are numbered from 0 in the order that breaks ties.
        pairs: (left, right, weight) of each pair that is known; a weight of 0 or more speaks for one entity.
        absent: weight of a pair that is not known, < 0.
        together: pairs that are one entity whatever their weight.
        apart: pairs that are not, whatever their weight; a pair that `together` joins is not kept apart.
        sources: for each record the number of its source if at most one record of that source can be in an entity,
            else -1. None if there is no such source.
    """

    def __init__(
        self,
        size: int,
        pairs: Iterable[tuple[int, int, float]],
        absent: float,
        together: Iterable[tuple[int, int]] = (),
        apart: Iterable[tuple[int, int]] = (),
        sources: Sequence[int] | None = None,
    ) -> None:
        self.size, self.absent = size, absent
        self.weights: list[dict[int, float]] = [{} for _ in range(size)]
        for left, right, weight in pairs:
            self.weights[left][right] = self.weights[right][left] = weight
        self.sources = sources
        self.together = list(together)
        self.apart = list(apart)

    def clusters(self, on_merge: OnMerge | None = None) -> list[int]:
        """The number of the cluster of each record: clusters merge as long as their average weight is 0 or more.

        `on_merge` is told of each merge of the linkage before it is done.

        The two clusters with the largest average weight over all pairs between them merge first (Sokal and Michener,
        University of Kansas Science Bulletin 38, 1958).

        Where sources allow one record an entity, the closest pair may take a record from another that has no other
        choice. The records of two such sources are therefore assigned to each other so that the sum of the weights is
        largest (Kuhn, Naval Research Logistics Quarterly 2, 1955); with more sources, records are exchanged between
        clusters while that sum rises.
        """
        if self.is_assignment():
            return self._assign()
        linkage = _Linkage(self, on_merge)
        linkage.run()
        cluster_of = linkage.cluster_of()
        if self.sources is not None and not self.together and not self.apart:
            self._exchange(cluster_of)
        return cluster_of

    def is_assignment(self) -> bool:
        """Whether the records of two sources are assigned to each other, without a linkage."""
        sources = set(self.sources or ())
        return len(sources) == 2 and -1 not in sources and not self.together and not self.apart

    def _assign(self) -> list[int]:
        """One record of each source to a cluster, the sum of weights as large as it can be."""
        sources = np.array(self.sources)
        rows, columns = (np.flatnonzero(sources == source) for source in np.unique(sources))
        gain = np.zeros((len(rows), len(columns)))
        row_of, column_of = ({int(record): place for place, record in enumerate(side)} for side in (rows, columns))
        for record, row in row_of.items():
            for other, weight in self.weights[record].items():
                if other in column_of and weight >= -ROUNDING:
                    gain[row, column_of[other]] = weight + SOME_GAIN
        cluster_of = list(range(self.size))
        for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
            if gain[row, column] > 0:
                cluster_of[columns[column]] = int(rows[row])
        return cluster_of

    def _exchange(self, cluster_of: list[int]) -> None:
        """Let records change places, or move, while the sum of the weights inside clusters rises; in a fixed order."""
        members: dict[int, set[int]] = {}
        for record, cluster in enumerate(cluster_of):
            members.setdefault(cluster, set()).add(record)
        for _ in range(MAX_ROUNDS):
            moves = [self._try_to_move(record, cluster_of, members) for record in range(self.size)]
            if not any(moves):
                return

    def _try_to_move(self, record: int, cluster_of: list[int], members: dict[int, set[int]]) -> bool:
        here = cluster_of[record]
        best_gain, best_move = 1e-9, None
        others = {cluster_of[other] for other, weight in self.weights[record].items() if weight >= 0} - {here}
        for there in sorted(others):
            rival = self._rival(record, members[there])
            gain = self._sum(record, members[there] - {rival}) - self._sum(record, members[here] - {record})
            if rival is not None:
                gain += self._sum(rival, members[here] - {record}) - self._sum(rival, members[there] - {rival})
            if gain > best_gain:
                best_gain, best_move = gain, (there, rival)
        if best_move is None:
            return False
        there, rival = best_move
        for moved, start, end in ((record, here, there), (rival, there, here)):
            if moved is not None:
                members[start].remove(moved)
                members[end].add(moved)
                cluster_of[moved] = end
        return True

    def _rival(self, record: int, cluster: set[int]) -> int | None:
        """The record of the same source in a cluster that allows one a source."""
        assert self.sources is not None
        source = self.sources[record]
        return next(
            (other for other in sorted(cluster) if other != record and self.sources[other] == source >= 0), None
        )

    def _sum(self, record: int, cluster: Iterable[int | None]) -> float:
        return sum(
            self.weights[record].get(other, self.absent) for other in sorted(o for o in cluster if o is not None)
        )


class _Linkage:
    """Clusters that merge, with the sum of the known weights between each two of them."""

    def __init__(self, component: Component, on_merge: OnMerge | None = None) -> None:
        size = component.size
        self._on_merge = on_merge or (lambda left, right, average: None)
        self._absent = component.absent
        self._members: list[list[int]] = [[record] for record in range(size)]
        self._cluster_of = list(range(size))
        self._name = list(range(size))  # smallest record of the cluster, which breaks ties
        self._sums = [dict(weights) for weights in component.weights]
        self._known = [dict.fromkeys(weights, 1) for weights in component.weights]
        self._apart: list[set[int]] = [set() for _ in range(size)]
        self._sources: list[set[int]] | None = None
        if component.sources is not None:
            self._sources = [{source} if source >= 0 else set() for source in component.sources]
        self._version = [0] * size
        for left, right in component.together:
            left, right = self._cluster_of[left], self._cluster_of[right]
            if left != right:
                self._on_merge(self._members[left], self._members[right], None)
                self._merge(left, right)
        for left, right in component.apart:
            left, right = self._cluster_of[left], self._cluster_of[right]
            if left != right:
                self._apart[left].add(right)
                self._apart[right].add(left)
        self._heap: list[tuple[float, int, int, int, int, int, int]] = []

    def run(self) -> None:
        """Merge the closest two clusters until no two that may merge have an average weight of 0 or more."""
        for cluster, members in enumerate(self._members):
            for other in self._sums[cluster]:
                if members and cluster < other:
                    self._consider(cluster, other)
        while self._heap:
            distance, _, _, left, right, left_version, right_version = heapq.heappop(self._heap)
            if self._version[left] == left_version and self._version[right] == right_version:
                self._on_merge(self._members[left], self._members[right], -distance)
                kept = self._merge(left, right)
                for other in self._sums[kept]:
                    self._consider(kept, other)

    def cluster_of(self) -> list[int]:
        """The number of the cluster of each record."""
        return self._cluster_of

    def _consider(self, left: int, right: int) -> None:
        if right in self._apart[left] or (self._sources and self._sources[left] & self._sources[right]):
            return
        pairs = len(self._members[left]) * len(self._members[right])
        unknown = pairs - self._known[left][right]
        # rounded as `dbt_dedup.linkage` does it: sums in another order are no tie-breaker
        average = round((self._sums[left][right] + unknown * self._absent) / pairs, 9)
        if average >= -ROUNDING:
            first, second = sorted((self._name[left], self._name[right]))
            versions = self._version[left], self._version[right]
            heapq.heappush(self._heap, (-average, first, second, left, right, *versions))

    def _merge(self, left: int, right: int) -> int:
        """Merge two clusters into the one with more neighbours, and return it."""
        kept, gone = (left, right) if len(self._sums[left]) >= len(self._sums[right]) else (right, left)
        sums, known = self._sums[kept], self._known[kept]
        sums.pop(gone, None)
        for other, total in self._sums[gone].items():
            if other == kept:
                continue
            sums[other] = self._sums[other][kept] = sums.get(other, 0.0) + total
            known[other] = self._known[other][kept] = known.get(other, 0) + self._known[gone][other]
            del self._sums[other][gone], self._known[other][gone]
        for other in self._apart[gone]:
            self._apart[other].add(kept)
            self._apart[kept].add(other)
        if self._sources:
            self._sources[kept] |= self._sources[gone]
        for record in self._members[gone]:
            self._cluster_of[record] = kept
        self._name[kept] = min(self._name[kept], self._name[gone])
        self._members[kept] += self._members[gone]
        self._members[gone], self._sums[gone], self._known[gone], self._apart[gone] = [], {}, {}, set()
        self._version[kept] += 1
        self._version[gone] += 1
        return kept
