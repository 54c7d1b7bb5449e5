"""Choose the pair to ask about next: doubtful ones, ones unlike those asked before, and random ones for a fair test.

Some candidate pairs are set apart by a digest of their record ids (`constants.SET_APART`). Random pairs come only from
these, and no other way of choosing uses them, so they stay a random sample of the candidate pairs. Where few candidate
pairs are matches, an even sample would hold hardly any: pairs that look like matches are drawn more often, and each
random pair carries the number of pairs it represents (stratified sampling; Cochran, "Sampling Techniques", 1977,
chapter 5). Precision and recall measured on them with these weights hold for all candidate pairs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import AdditiveClassifier, PairClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import MIN_LABELS, MIN_LABELS_EACH
from dbt_dedup.names import DIVERSITY, MATCH, MIXED, NO_MATCH, RANDOM, UNCERTAINTY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Of ten pairs seven are doubtful, one is unlike all before and two are random, spread so that these shares hold for a
# session that ends early.
PATTERN = (
    UNCERTAINTY,
    UNCERTAINTY,
    RANDOM,
    UNCERTAINTY,
    UNCERTAINTY,
    DIVERSITY,
    UNCERTAINTY,
    RANDOM,
    UNCERTAINTY,
    UNCERTAINTY,
)
WAYS: dict[str, tuple[str, ...]] = {
    MIXED: PATTERN,
    UNCERTAINTY: (UNCERTAINTY,) * 10,
    DIVERSITY: (DIVERSITY,) * 10,
    RANDOM: (RANDOM,) * 10,
}
SHORTLIST = 10  # doubtful pairs looked at for each one asked
DIVERSITY_PAIRS = 200  # drawn at random, so that the one least like the others is seldom an outlier
REMEMBERED = 1_000  # pairs asked before that a new one should be unlike


@dataclass(frozen=True)
class Pool:
    """n candidate pairs to choose from, not asked before, in random order.

    Attributes:
        features: n pairs by f features; NaN is null.
        set_apart: n booleans, True for the pairs that only random sampling takes.
        directions: +1, -1 or 0 for each feature, as in the spec.
    """

    features: Floats
    set_apart: NDArray[np.bool_]
    directions: Sequence[int]

    def __len__(self) -> int:
        return len(self.features)


@dataclass(frozen=True)
class Choice:
    """A pair to ask about.

    Attributes:
        row: of the pair among those to choose from.
        sampled_by: how it was chosen.
        sampling_weight: how many pairs a random one represents.
        note: what to show under it.
    """

    row: int
    sampled_by: str
    sampling_weight: int | None = None
    note: str = ""


class Chooser:
    """Chooses pairs in batches of ten, and learns from the answers in between.

    Doubt is that of a classifier fitted to all labels so far, once there are `MIN_LABELS` with `MIN_LABELS_EACH` of
    each. Before that it is that of `production`; without one, pairs are spread evenly over the average similarity.

    Args:
        pool: the pairs to choose from.
        labelled_features: m labelled pairs by f features.
        is_match: m labels, 1 for a match, 0 for no match.
        by: a key of `WAYS`.
        count: pairs that will be asked at most, > 0; random ones are drawn from as many strata as they will be.
        production: the classifier in production, if any fits the features.
        even: draw random pairs evenly, because the labels cannot keep the number of pairs that each represents.
    """

    def __init__(
        self,
        pool: Pool,
        labelled_features: Floats,
        is_match: Ints,
        by: str = "mixed",
        count: int = 20,
        production: PairClassifier | None = None,
        even: bool = False,
    ) -> None:
        self._pool = pool
        self._even = even
        self._labelled = [(row, int(label)) for row, label in zip(labelled_features, is_match, strict=True)]
        self._answers: dict[int, int | None] = {}
        self._pattern = WAYS[by]
        self._production = production
        everything = np.vstack([pool.features, labelled_features])
        self._scaled = _scale(everything, pool.directions)
        self._similarity = self._scaled[: len(pool)].mean(axis=1) if len(pool) else np.empty(0)
        self._taken = np.zeros(len(pool), dtype=bool)
        self._queue: deque[Choice] = deque()
        expected = -(-count * self._pattern.count(RANDOM) // len(self._pattern))
        self._random = deque(self._drawn(expected))

    def next(self) -> Choice | None:
        """The next pair to ask about; None where none is left."""
        if not self._queue:
            self._queue.extend(self._batch())
        return self._queue.popleft() if self._queue else None

    def answer(self, choice: Choice, label: str) -> None:
        """Take an answer into account: `match`, `no_match` or `unsure`."""
        self._answers[choice.row] = {MATCH: 1, NO_MATCH: 0}.get(label)

    def take_back(self, choice: Choice, before: Choice | None = None) -> None:
        """Forget an answer and ask about that pair next, and then about `before`, which was on the screen."""
        del self._answers[choice.row]
        if before:
            self._queue.appendleft(before)
        self._queue.appendleft(choice)

    def _batch(self) -> list[Choice]:
        numbers = {way: self._pattern.count(way) for way in (UNCERTAINTY, DIVERSITY, RANDOM)}
        chosen = {
            UNCERTAINTY: self._take([Choice(row, UNCERTAINTY) for row in self._uncertain(numbers[UNCERTAINTY])]),
            DIVERSITY: self._take([Choice(row, DIVERSITY) for row in self._unlike(numbers[DIVERSITY])]),
            RANDOM: self._take(self._at_random(numbers[RANDOM])),
        }
        return [chosen[way].popleft() for way in self._pattern if chosen[way]]

    def _take(self, choices: list[Choice]) -> deque[Choice]:
        self._taken[[choice.row for choice in choices]] = True
        return deque(choices)

    def _open(self) -> Ints:
        return np.flatnonzero(~self._taken & ~self._pool.set_apart)

    def _at_random(self, count: int) -> list[Choice]:
        if not self._random:
            self._random.extend(self._drawn(count))
        return [self._random.popleft() for _ in range(min(count, len(self._random)))]

    def _drawn(self, count: int) -> list[Choice]:
        """`count` random pairs, half of them spread over all pairs set apart and half over the expected matches."""
        rows = np.flatnonzero(~self._taken & self._pool.set_apart)
        classifier = self._classifier() if len(rows) else None
        if classifier is None:
            return _stratified(rows, self._similarity[rows], np.ones(len(rows)), count)
        weight = classifier.decision_function(self._pool.features[rows])
        size = np.full(len(rows), 1.0 / len(rows))
        if not self._even:
            match = probability(weight)
            size += match / max(match.sum(), 1e-300)
        return _stratified(rows, weight, size, count)

    def _uncertain(self, count: int) -> list[int]:
        rows = self._open()
        if not count or not len(rows):
            return []
        classifier = self._classifier()
        if classifier is None:
            return _spread(rows, self._similarity[rows], count)
        doubt = np.abs(classifier.decision_function(self._pool.features[rows]))
        shortlist = rows[np.argsort(doubt, kind="stable")[: SHORTLIST * count]]
        return self._farthest(shortlist, count)

    def _unlike(self, count: int) -> list[int]:
        return self._farthest(self._open()[:DIVERSITY_PAIRS], count)

    def _farthest(self, rows: Ints, count: int) -> list[int]:
        """Rows chosen one after the other, each least like all pairs that were asked or are chosen already."""
        count = min(count, len(rows))
        before = np.concatenate([np.arange(len(self._pool), len(self._scaled)), np.flatnonzero(self._taken)])
        known = self._scaled[before[-REMEMBERED:]]
        candidates = self._scaled[rows]
        distance = np.full(len(rows), np.inf)
        for point in known:
            distance = np.minimum(distance, ((candidates - point) ** 2).sum(axis=1))
        chosen: list[int] = []
        for _ in range(count):
            best = int(distance.argmax())
            chosen.append(int(rows[best]))
            distance = np.minimum(distance, ((candidates - candidates[best]) ** 2).sum(axis=1))
            distance[best] = -1
        return chosen

    def _classifier(self) -> PairClassifier | None:
        answered = [(self._pool.features[row], label) for row, label in self._answers.items() if label is not None]
        known = [*self._labelled, *answered]
        labels = np.array([label for _, label in known], dtype=np.int64)
        if len(labels) >= MIN_LABELS and min(labels.sum(), (1 - labels).sum()) >= MIN_LABELS_EACH:
            features = np.vstack([row for row, _ in known])
            try:
                return AdditiveClassifier(self._pool.directions).fit(features, labels)
            except ValueError:  # no feature varies between the labelled pairs
                pass
        return self._production


def _scale(features: Floats, directions: Sequence[int]) -> Floats:
    """Features between 0 (least alike) and 1 (most alike), a null half way; those of unknown direction keep theirs."""
    scaled = np.full(features.shape, 0.5)
    for j, direction in enumerate(directions):
        known = ~np.isnan(features[:, j])
        values = features[known, j]
        if not len(values):
            continue
        low, high = np.quantile(values, [0.02, 0.98])
        if high == low:
            low, high = values.min(), values.max()
        if high > low:
            share = np.clip((values - low) / (high - low), 0.0, 1.0)
            scaled[known, j] = 1.0 - share if direction < 0 else share
    return scaled


def _spread(rows: Ints, similarity: Floats, count: int) -> list[int]:
    """Of `rows`, those nearest to points spread evenly between the least and the most similar, the ends left out."""
    points = np.linspace(similarity.min(), similarity.max(), count + 2)[1:-1]
    left = np.ones(len(rows), dtype=bool)
    chosen = []
    for point in points[: len(rows)]:
        best = int(np.where(left, np.abs(similarity - point), np.inf).argmin())
        left[best] = False
        chosen.append(int(rows[best]))
    return chosen


def _stratified(rows: Ints, by: Floats, size: Floats, count: int) -> list[Choice]:
    """One of `rows` from each of at most `count` strata along `by` of equal total `size`, in the order of the pool.

    That order is random, so the first row of a stratum is a random one of it. It represents the whole stratum.
    """
    order = np.argsort(by, kind="stable")
    middle = np.cumsum(size[order]) - size[order] / 2
    stratum = np.floor(middle / size.sum() * count)
    strata = np.split(rows[order], np.flatnonzero(np.diff(stratum)) + 1) if count and len(rows) else []
    return sorted((Choice(int(of.min()), RANDOM, len(of)) for of in strata), key=lambda choice: choice.row)
