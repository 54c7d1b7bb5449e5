"""Fellegi and Sunter's model of record linkage, learned without labels."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from dbt_dedup.classifiers.anchored import AnchoredLevels
from dbt_dedup.classifiers.base import Floats, PairClassifier, Scorer, count_groups, varies
from dbt_dedup.classifiers.measured_pairs import MeasuredPairs, count_patterns
from dbt_dedup.classifiers.mixture import Mixture
from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sql import SqlModel, case, sql_number, step_function
from dbt_dedup.classifiers.steps import find_steps

Ints = NDArray[np.int64]
STEP_BITS = 0.125
SUM_BITS = 0.125
MAX_TRUSTED = 100_000  # random pairs


class FellegiSunterClassifier(PairClassifier):
    """One comparison per field, in levels found from the data, weighted by expectation maximization: needs no labels.

    1. Each feature is put on one scale: how surprising it would be, in bits, that a random pair is at least as alike.
       Agreement on a rare value surprises more than on a common one, so this holds the term-frequency adjustment.
       The score of a field is the mean over its features, because they are no independent evidence.
    2. The score of a field is cut into levels at quantiles of the candidate pairs; a field of which nothing is known is
       no level and weighs 0.
    3. The shares m of matches and u of non-matches in each level, and the share of matches, are found by expectation
       maximization over the counts of distinct patterns of levels (Fellegi and Sunter, "A theory for record linkage",
       JASA 64, 1969; Dempster, Laird and Rubin, JRSS B 39, 1977; Winkler, "Using the EM algorithm for weight
       computation in the Fellegi-Sunter model of record linkage", ASA 1988). Both shares are those inside the candidate
       pairs, as blocking makes unrelated pairs agree on what random pairs never do; random pairs smooth u, and
       help to choose between several starts. A level of higher score never weighs less.
    4. Fields are not independent (postcode and city, the parts of a name), and adding their weights counts one fact
       twice. In every round each field's weight is multiplied by its variance / the sum of its positive covariances
       with all fields' weights, within the classes: 1 for a field that is independent, 1/2 for two that say the same.

    Args:
        directions: f values of +1 (larger is more alike), -1 (larger is less alike) and 0, default None. A feature of
            direction 0 is left out; None takes all as +1.
        fields: f hashable names, default None. The field of each feature; None takes each as a field of its own.
        n_levels: int >= 2, default 12. Levels that candidate pairs spread over evenly; a few more are for random pairs.
        max_iter: int >= 1, default 200. Rounds of expectation maximization that the best start may take.

    Attributes after fit (besides those of `PairClassifier`):
        directions_: direction of each feature, f; fields_: number of the field of each, f, from 0; -1 if left out.
        starts_: f + 1 offsets; the steps of feature j stand at `starts_[j]` to `starts_[j + 1]` in the next two.
        upper_ends_: largest (direction times value) of each step, ascending; the last two are +inf, and NaN for null.
        surprises_: bits of each step, >= 0; that of null is 0.
        level_starts_: the same offsets for the g fields, g + 1.
        level_ends_: largest score of each level, in bits; the last two of a field are +inf, and NaN for null.
        level_weights_: log2 odds of each level; that of null is 0.
        m_, u_: shares of matches and of non-matches in each level; NaN for null, and everywhere in a plain sum.
        discounts_: what step 4 multiplied the weights of each field by, in (0, 1].
        match_share_: share of matches among the candidate pairs, in (0, 1).
        n_patterns_: distinct patterns of levels; n_iter_: rounds it took in all.
    """

    ranges: ClassVar[Mapping[str, Range]] = {"n_levels": Range(2, whole=True), "max_iter": Range(1, whole=True)}

    directions_: Ints
    fields_: Ints
    starts_: Ints
    upper_ends_: Floats
    surprises_: Floats
    level_starts_: Ints
    level_ends_: Floats
    level_weights_: Floats
    m_: Floats
    u_: Floats
    discounts_: Floats
    match_share_: float
    n_patterns_: int
    n_iter_: int

    def __init__(
        self,
        directions: Sequence[int] | None = None,
        fields: Sequence[Hashable] | None = None,
        n_levels: int = 12,
        max_iter: int = 200,
    ) -> None:
        self.directions = directions
        self.fields = fields
        self.n_levels = n_levels
        self.max_iter = max_iter

    def fit(  # labels and their weights make no difference
        self, X: ArrayLike, y: object = None, random_pairs: ArrayLike | None = None
    ) -> FellegiSunterClassifier:
        """Learn from candidate pairs.

        Args:
            X: features of candidate pairs, n by f; NaN is null. Some of them should be matches and some not.
            y: ignored, as scikit-learn's clusterers ignore it.
            random_pairs: features of pairs that chance put together, r by f; None takes the candidates themselves.

        Raises:
            ValueError: shapes do not fit, infinite features, or no feature of known direction that varies.
        """
        measured = self.measure(X, random_pairs)
        with threadpool_limits(limits=1):  # sums in one order: the same pairs give the same bytes
            self._learn_levels(measured)
        return self

    def measure(self, X: ArrayLike, random_pairs: ArrayLike | None = None) -> MeasuredPairs:
        """Steps 1 and 2: put features on the scale of surprise and cut the scores of the fields into levels.

        The classifier then knows its levels but no weights; `fit` or `take_anchored` give it some.

        Args and Raises: as in `fit`.
        """
        self._check_parameters()
        candidates = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        unrelated = candidates[:0] if random_pairs is None else self._check_random(random_pairs)
        directions = self._directions(candidates.shape[1], unknown=1)
        used = np.array([d != 0 and varies(column) for d, column in zip(directions, candidates.T, strict=True)])
        if not used.any():
            raise ValueError(
                "No feature of known direction varies between the pairs, so there is nothing to learn from."
            )
        self.classes_ = np.array([0, 1])
        self.directions_ = np.array(directions, dtype=np.int64)
        self.ignored_features_ = np.flatnonzero(~used)
        self.fields_ = self._number_fields(used)
        self._measure_surprise(unrelated if len(unrelated) else candidates, used)
        scores = [score for _, score, _, _ in self._scores(dict(enumerate(candidates.T)))]
        of_random = [score for _, score, _, _ in self._scores(dict(enumerate(unrelated.T)))]
        ends = [self._level_ends(members, other) for members, other in zip(scores, of_random, strict=True)]
        self.level_starts_ = np.cumsum([0, *(len(e) for e in ends)])
        self.level_ends_ = np.concatenate(ends)
        levels, random_levels = (
            np.stack([np.searchsorted(e, score) for e, score in zip(ends, group, strict=True)]).T
            for group in (scores, of_random)
        )
        return MeasuredPairs(np.stack(scores).T, levels, random_levels, [len(e) for e in ends])

    def take_anchored(self, learned: AnchoredLevels, pairs: int) -> FellegiSunterClassifier:
        """Take the weights that anchored expectation maximization found for the levels of `measure`.

        Args:
            learned: without a third class.
            pairs: number of candidate pairs that it was learned from.
        """
        self.level_weights_ = np.concatenate(learned.weights) / np.log(2)
        self.m_, self.u_ = (np.concatenate([np.append(s, np.nan) for s in shares]) for shares in (learned.m, learned.u))
        self.discounts_ = learned.discounts
        self.match_share_ = min(learned.matches / pairs, 1.0)
        self.bias_ = learned.bias / np.log(2)
        return self

    def take_surprise(self, measured: MeasuredPairs, bias: float) -> FellegiSunterClassifier:
        """Weigh a field by its score, in steps of `SUM_BITS`: the plain sum of surprises, which learns nothing.

        Args:
            measured: what `measure` returned.
            bias: log2 odds of a match where nothing is known.
        """
        ends, weights = [], []
        for score in measured.scores.T:
            steps = np.arange(0.0, np.nanmax(score) + SUM_BITS, SUM_BITS)
            ends.append(np.concatenate([steps[:-1], [np.inf, np.nan]]))
            weights.append(np.append(steps, 0.0))
        self.level_starts_ = np.cumsum([0, *(len(e) for e in ends)])
        self.level_ends_, self.level_weights_ = np.concatenate(ends), np.concatenate(weights)
        self.m_ = self.u_ = np.full(len(self.level_weights_), np.nan)
        self.discounts_ = np.ones(len(ends))
        self.match_share_ = float("nan")
        self.bias_ = bias
        return self

    def used_features(self) -> list[int]:
        """Indices of the features that belong to a field: see `PairClassifier`."""
        return [int(j) for j in np.flatnonzero(self.fields_ >= 0)]

    def scorer(self, groups: Sequence[int] | None) -> Scorer:
        """What production scores with: see `PairClassifier`.

        What a field says for a match is shared between its features by their surprise, what it says against one evenly
        between those that are not null.
        """
        check_is_fitted(self)

        def score(columns: Mapping[int, Floats], pairs: int) -> tuple[Floats, Floats]:
            total, weights = np.full(pairs, self.bias_), np.zeros((pairs, count_groups(groups)), order="F")
            for members, weight, surprise, known in self._weigh_fields(columns):
                total += weight
                if groups is None:
                    continue
                if len({groups[j] for j in members}) == 1:
                    weights[:, groups[members[0]]] += weight
                    continue
                by_surprise = (weight > 0) & (surprise.sum(axis=1) > 0)
                share = np.where(by_surprise[:, None], surprise, known.astype(float))
                shares = weight[:, None] * share / np.maximum(share.sum(axis=1), 1e-300)[:, None]
                for j, part in zip(members, shares.T, strict=True):
                    weights[:, groups[j]] += part
            return total, weights

        return score

    def to_sql(self, columns: Sequence[str]) -> SqlModel:
        """SQL of the weight of each field, under its first feature: see `PairClassifier`.

        Prepared is the score of each field: the mean surprise of its features, null where nothing is known.
        """
        check_is_fitted(self)
        weights, prepared = dict[str, str](), dict[str, str]()
        for field in range(int(self.fields_.max()) + 1):
            members = np.flatnonzero(self.fields_ == field)
            at = slice(self.level_starts_[field], self.level_starts_[field + 1] - 1)
            surprises = " + ".join(self._surprise_as_sql(int(j), columns[int(j)]) for j in members)
            known = " or ".join(f"{columns[int(j)]} is not null" for j in members)
            score = f"score_{columns[int(members[0])]}"
            prepared[score] = case([f"when {known} then ({surprises}) / {sql_number(len(members))}", "else null"])
            ends, results = self.level_ends_[at].tolist(), self.level_weights_[at].tolist()
            weights[columns[int(members[0])]] = step_function(score, ends, results)
        return SqlModel(weights, prepared)

    def _surprise_as_sql(self, feature: int, column: str) -> str:
        at = slice(self.starts_[feature], self.starts_[feature + 1] - 1)
        value = column if self.directions_[feature] > 0 else f"(-{column})"
        return step_function(value, self.upper_ends_[at].tolist(), self.surprises_[at].tolist())

    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""
        features, fields = self.n_features_in_, int(self.fields_.max()) + 1
        fits = (
            len(self.directions_) == len(self.fields_) == features
            and bool(np.isin(self.directions_, [-1, 0, 1]).all())
            and int(self.fields_.min()) >= -1
            and len(self.discounts_) == fields
            and _is_table(self.starts_, self.upper_ends_, self.surprises_, features)
            and _is_table(self.level_starts_, self.level_ends_, self.level_weights_, fields)
            and bool(np.isfinite(self.bias_))
        )
        if not fits:
            raise ValueError("the levels of the model do not belong together")

    def recalibrate(self, slope: float, shift: float) -> None:
        """Multiply the log2 odds by `slope` (> 0) and add `shift`: see `PairClassifier`."""
        check_is_fitted(self)
        self.bias_ = self.bias_ * slope + shift
        self.level_weights_ = self.level_weights_ * slope

    def _surprise(self, feature: int, values: Floats) -> Floats:
        """Surprise in bits of the n values of one feature; 0 where null."""
        at = slice(self.starts_[feature], self.starts_[feature + 1])
        return self.surprises_[at].take(find_steps(self.directions_[feature] * values, self.upper_ends_[at][:-2]))

    def _weigh_fields(self, columns: Mapping[int, Floats]) -> Iterator[tuple[Ints, Floats, Floats, NDArray[np.bool_]]]:
        """For each field its features, its weight in each pair, and the surprise of each feature and if it is known."""
        for field, (members, score, surprise, known) in enumerate(self._scores(columns)):
            at = slice(self.level_starts_[field], self.level_starts_[field + 1])
            yield members, self.level_weights_[at].take(find_steps(score, self.level_ends_[at][:-2])), surprise, known

    def _scores(self, columns: Mapping[int, Floats]) -> Iterator[tuple[Ints, Floats, Floats, NDArray[np.bool_]]]:
        """For each field its features, its score in each pair (NaN if nothing is known), and what it is the mean of."""
        for field in range(int(self.fields_.max()) + 1):
            members = np.flatnonzero(self.fields_ == field)
            known = np.column_stack([~np.isnan(columns[int(j)]) for j in members])
            surprise = np.column_stack([self._surprise(int(j), columns[int(j)]) for j in members])
            total = np.zeros(len(surprise))
            for column in surprise.T:
                total += column
            yield members, np.where(known.any(axis=1), total / len(members), np.nan), surprise, known

    def _check_random(self, random_pairs: ArrayLike) -> Floats:
        checked: Floats = validate_data(
            self, random_pairs, dtype=np.float64, ensure_all_finite="allow-nan", reset=False, ensure_min_samples=0
        )
        return checked

    def _number_fields(self, used: NDArray[np.bool_]) -> Ints:
        fields: list[Hashable] = list(range(len(used))) if self.fields is None else list(self.fields)
        if len(fields) != len(used):
            raise ValueError(f"fields must name the field of each of {len(used)} features, found {len(fields)} names.")
        numbers = {field: i for i, field in enumerate(dict.fromkeys(f for f, u in zip(fields, used, strict=True) if u))}
        return np.array([numbers[f] if u else -1 for f, u in zip(fields, used, strict=True)], dtype=np.int64)

    def _measure_surprise(self, random: Floats, used: NDArray[np.bool_]) -> None:
        ends, bits = [], []
        for j, is_used in enumerate(used):
            column = self.directions_[j] * random[:, j]
            feature_ends, feature_bits = _surprise_steps(np.sort(column[~np.isnan(column)]) if is_used else np.empty(0))
            ends.append(np.append(feature_ends, np.nan))
            bits.append(np.append(feature_bits, 0.0))
        self.starts_ = np.cumsum([0] + [len(e) for e in ends])
        self.upper_ends_, self.surprises_ = np.concatenate(ends), np.concatenate(bits)

    def _learn_levels(self, measured: MeasuredPairs) -> None:
        sizes, random_levels = measured.sizes, measured.random_levels
        smoothing = [np.bincount(random_levels[:, j], minlength=n)[:-1] + 1.0 for j, n in enumerate(sizes)]
        patterns, count, of_pair = count_patterns(measured.levels, sizes)
        mixture = Mixture(patterns, count, sizes, [s / s.sum() for s in smoothing])
        score = np.bincount(of_pair, weights=measured.total) / count
        learned = mixture.learn(score, random_levels[:MAX_TRUSTED], self.max_iter)
        self.level_weights_ = np.concatenate(learned.weights) / np.log(2)
        self.m_, self.u_ = (np.concatenate([np.append(s, np.nan) for s in shares]) for shares in (learned.m, learned.u))
        self.discounts_ = learned.discounts
        self.match_share_ = learned.share
        self.bias_ = float(np.log2(learned.share / (1 - learned.share)))
        self.n_patterns_, self.n_iter_ = len(count), mixture.rounds

    def _level_ends(self, score: Floats, of_random: Floats) -> Floats:
        known, of_random = score[~np.isnan(score)], of_random[~np.isnan(of_random)]
        cuts = np.quantile(known, np.linspace(0, 1, self.n_levels + 1)[1:-1], method="nearest")
        if len(of_random):
            cuts = np.append(cuts, np.quantile(of_random, [0.5, 0.8, 0.95, 0.99], method="nearest"))
        cuts = np.unique(cuts)
        return np.concatenate([cuts[cuts < known.max()], [np.inf, np.nan]])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        tags.classifier_tags.poor_score = True
        return tags


def _surprise_steps(ordered: Floats) -> tuple[Floats, Floats]:
    """Upper ends and bits of the steps of -log2 P(a random value is at least as large), from sorted random values.

    Ends closer than an eighth of a bit to the one before are left out, so a feature has at most a few hundred steps.
    """
    values, first = np.unique(ordered, return_index=True)
    n = len(ordered)
    bits = -np.log2((n - np.append(first, n) + 0.5) / (n + 0.5))
    kept = np.flatnonzero(np.diff(np.floor(bits[:-1] / STEP_BITS), prepend=-1.0) > 0)
    return np.append(values[kept], np.inf), np.append(bits[kept], bits[-1])


def _is_table(starts: Ints, ends: Floats, values: Floats, tables: int) -> bool:
    return bool(
        len(starts) == tables + 1
        and starts[0] == 0
        and starts[-1] == len(ends) == len(values)
        and (np.diff(starts) >= 2).all()
        and np.isfinite(values).all()
        and np.isnan(ends[starts[1:] - 1]).all()
        and (values[starts[1:] - 1] == 0).all()
    )
