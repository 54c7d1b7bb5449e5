"""Score every candidate pair with one or two models, and keep only what the report shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.base import probability
from dbt_dedup.pair_features import PairBatch
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, resolve
from dbt_dedup.resolve.closure import with_closure
from dbt_dedup.spec import Spec, Thresholds

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]
Scored = tuple[Keys, Keys, Floats]

BINS = 20
DECISIONS = ("no match", "review", "match")


@dataclass(frozen=True)
class Flip:
    """A pair whose decision changes: record keys, and probability by the model in production and by the new one."""

    left: int
    right: int
    before: float
    after: float


@dataclass(frozen=True)
class Regrouped:
    """Records that one model puts into one entity and the other into several: the parts, each a list of record keys."""

    parts: tuple[tuple[int, ...], ...]

    @property
    def records(self) -> int:
        """Records in all parts."""
        return sum(map(len, self.parts))


@dataclass(frozen=True)
class Comparison:
    """The changes that a model would make to the decisions of the one in production.

    Attributes:
        decisions: pairs by decision of the model in production (row) and of the new one (column), 3 by 3, each in
            the order of `DECISIONS`.
        merged, parted: pairs that become matches and that cease to be, those of the largest change in
            probability first, a few of them.
        entities_before, entities_after: how many entities the records make.
        merges, splits: entities of the new model that unite several of production's, and the other way round;
            a few of the largest.
        merge_count, split_count: how many there are of both.
    """

    decisions: NDArray[np.int64]
    merged: tuple[Flip, ...]
    parted: tuple[Flip, ...]
    entities_before: int
    entities_after: int
    merges: tuple[Regrouped, ...]
    splits: tuple[Regrouped, ...]
    merge_count: int
    split_count: int

    @property
    def merged_count(self) -> int:
        """Pairs that become matches."""
        return int(self.decisions[:2, 2].sum())

    @property
    def parted_count(self) -> int:
        """Pairs that cease to be matches."""
        return int(self.decisions[2, :2].sum())

    @property
    def changed_count(self) -> int:
        """Pairs whose decision changes in any way."""
        return int(self.decisions.sum() - np.trace(self.decisions))


@dataclass(frozen=True)
class Scan:
    """Counts over all candidate pairs.

    Attributes:
        histogram: pairs by probability in `BINS` bins of equal width; the last bin includes 1.
        pairs_at: pairs at each wanted threshold and above.
        waiting: pairs that would wait for a person; None where nobody asked.
        comparison: with the model in production; None where there is none to compare with.
    """

    histogram: NDArray[np.int64]
    pairs_at: dict[float, int]
    waiting: int | None
    comparison: Comparison | None

    def pairs_between(self, thresholds: Thresholds) -> int:
        """Pairs between the thresholds, also those whose records other pairs put into one entity."""
        return self.pairs_at[thresholds.review] - self.pairs_at[thresholds.match]


@dataclass(frozen=True)
class Entities:
    """What it takes to tell the entities that a model makes.

    Attributes:
        records: all records.
        decisions: what people decided about pairs of them.
        features_of: features of pairs given by two arrays of record keys, the smaller key first.
    """

    records: Records
    decisions: Decisions
    features_of: Callable[[Keys, Keys], Floats]


def scan(
    batches: Iterable[PairBatch],
    spec: Spec,
    artefact: Artefact,
    production: Artefact | None,
    thresholds: Iterable[float],
    entities: Entities,
    count_waiting: bool,
    examples: int,
) -> Scan:
    """Score a stream of candidate pairs. The batch, the pairs at or above the floor and the records bound the memory.

    Args:
        batches: the pairs, in any order.
        spec: for the thresholds that decide.
        artefact: the model that the report is about.
        production: the model to compare with; None where there is none.
        thresholds: probabilities for which to count the pairs at or above.
        entities: how to tell the entities that a model makes.
        count_waiting: whether to count the pairs that would wait for a person, which takes the entities.
        examples: how many pairs and entities that change to keep of each sort.
    """
    own = artefact.decided(spec).thresholds
    wanted = np.array(sorted({*thresholds, own.match, own.review}))
    scored = _Scored(artefact, spec, entities)
    counter = _Comparing(_Scored(production, spec, entities), scored, examples) if production else None
    histogram, at_least = np.zeros(BINS, dtype=np.int64), np.zeros(len(wanted), dtype=np.int64)
    for batch in batches:
        after = _probability(artefact, batch.features, spec)
        histogram += np.bincount(np.minimum((after * BINS).astype(int), BINS - 1), minlength=BINS)
        at_least += len(after) - np.searchsorted(np.sort(after), wanted)
        if counter or count_waiting:
            scored.add(batch, after)
        if production and counter:
            counter.add(batch, _probability(production, batch.features, spec), after)
    return Scan(
        histogram,
        dict(zip(wanted.tolist(), at_least.tolist(), strict=True)),
        scored.waiting() if count_waiting else None,
        counter.result() if counter else None,
    )


class _Scored:
    """Collects, batch by batch, the pairs that a model scores at or above the floor, and tells its entities."""

    def __init__(self, model: Artefact, declared: Spec, entities: Entities) -> None:
        self.spec = model.decided(declared)
        self.records = entities.records
        self._model = model
        self._entities = entities
        self._batches: list[Scored] = [(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))]

    def add(self, batch: PairBatch, probabilities: Floats) -> None:
        kept = probabilities >= self.spec.floor
        self._batches.append((batch.left[kept], batch.right[kept], probabilities[kept]))

    @cached_property
    def pairs(self) -> ScoredPairs:
        return ScoredPairs(*(np.concatenate(side) for side in zip(*self._batches, strict=True)))

    @cached_property
    def clusters(self) -> Keys:
        """The cluster of each record."""

        def probabilities(left: Keys, right: Keys) -> Floats:
            return _probability(self._model, self._entities.features_of(left, right), self.spec)

        closed = with_closure(self.records, self.pairs, self.spec, probabilities)
        return resolve(self.records, closed, self._entities.decisions, self.spec)

    def waiting(self) -> int:
        """Pairs at the review threshold or above that no label decides and whose records are in two entities."""
        decisions, pairs = self._entities.decisions, self.pairs
        left, right = (self.clusters[np.searchsorted(self.records.keys, side)] for side in (pairs.left, pairs.right))
        open_pairs = (pairs.probability >= self.spec.thresholds.review) & (left != right)
        decided = {frozenset(pair) for pair in (*decisions.must_link, *decisions.cannot_link)}
        asked = zip(pairs.left[open_pairs].tolist(), pairs.right[open_pairs].tolist(), strict=True)
        return sum(frozenset(pair) not in decided for pair in asked)


class _Comparing:
    """Collects, batch by batch, what differs between two models."""

    def __init__(self, before: _Scored, after: _Scored, examples: int) -> None:
        self._models = (before, after)
        self._examples = examples
        self._limits = [[model.spec.thresholds.review, model.spec.thresholds.match] for model in self._models]
        self._decisions = np.zeros((3, 3), dtype=np.int64)
        self._merged: list[Flip] = []
        self._parted: list[Flip] = []

    def add(self, batch: PairBatch, before: Floats, after: Floats) -> None:
        was, now = (
            np.searchsorted(limits, side, side="right")
            for limits, side in zip(self._limits, (before, after), strict=True)
        )
        self._decisions += np.bincount(was * 3 + now, minlength=9).reshape(3, 3)
        self._models[0].add(batch, before)
        self._merged = self._furthest(self._merged, batch, before, after, (now == 2) & (was < 2))
        self._parted = self._furthest(self._parted, batch, before, after, (now < 2) & (was == 2))

    def _furthest(
        self, kept: list[Flip], batch: PairBatch, before: Floats, after: Floats, flipped: NDArray[np.bool_]
    ) -> list[Flip]:
        rows = np.flatnonzero(flipped)
        order = np.lexsort((batch.right[rows], batch.left[rows], -np.abs(after - before)[rows]))
        flips = [
            Flip(int(batch.left[row]), int(batch.right[row]), float(before[row]), float(after[row]))
            for row in rows[order[: self._examples]]
        ]
        return sorted([*kept, *flips], key=lambda f: (-abs(f.after - f.before), f.left, f.right))[: self._examples]

    def result(self) -> Comparison:
        record_keys = self._models[0].records.keys
        before, after = (model.clusters for model in self._models)
        merges, merge_count = regrouped(record_keys, after, before, self._examples)
        splits, split_count = regrouped(record_keys, before, after, self._examples)
        return Comparison(
            decisions=self._decisions,
            merged=tuple(self._merged),
            parted=tuple(self._parted),
            entities_before=len(np.unique(before)),
            entities_after=len(np.unique(after)),
            merges=merges,
            splits=splits,
            merge_count=merge_count,
            split_count=split_count,
        )


def regrouped(keys: Keys, whole: Keys, parts: Keys, examples: int) -> tuple[tuple[Regrouped, ...], int]:
    """Clusters of `whole` whose records lie in several clusters of `parts`: a few of the largest, and how many.

    Args:
        keys: n record keys, ascending.
        whole: the cluster of each record in one way of grouping them.
        parts: the same in the other way.
        examples: how many to return.
    """
    pairs = np.unique(np.stack([whole, parts]), axis=1)
    clusters, n_parts = np.unique(pairs[0], return_counts=True)
    torn = clusters[n_parts > 1]
    inside = np.isin(whole, torn)
    keys, whole, parts = keys[inside], whole[inside], parts[inside]
    sizes = dict(zip(*(column.tolist() for column in np.unique(whole, return_counts=True)), strict=True))
    shown = sorted(sizes, key=lambda cluster: (-sizes[cluster], cluster))[:examples]
    return tuple(_regrouped(keys[whole == cluster], parts[whole == cluster]) for cluster in shown), len(torn)


def _regrouped(keys: Keys, parts: Keys) -> Regrouped:
    groups = [tuple(keys[parts == part].tolist()) for part in np.unique(parts)]
    return Regrouped(tuple(sorted(groups, key=lambda group: (-len(group), group))))


def _probability(artefact: Artefact, features: Floats, spec: Spec) -> Floats:
    return probability(artefact.classifier.decision_function(features[:, artefact.columns(spec)]))
