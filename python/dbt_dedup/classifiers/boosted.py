"""Boosted trees with interactions, for text and products, where a sum over features is too simple."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from dbt_dedup.classifiers.base import Floats, LabelledPairClassifier, Scorer, count_groups
from dbt_dedup.classifiers.boosting import RANGES, boost
from dbt_dedup.classifiers.leaves import CHUNK, MAX_LEAVES, MAX_TABLE_ROWS, LeafFinder, Trees
from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sql import SqlModel, case, indented, sql_number

Ints = NDArray[np.int64]


class BoostedClassifier(LabelledPairClassifier):
    """Gradient-boosted trees, monotone in each feature's direction, kept as plain arrays.

    Trained by scikit-learn's `HistGradientBoostingClassifier`; its trees are copied, so that a saved model holds arrays
    only, and give the same probabilities. A feature can mean different things next to others, so here a null may have a
    weight: a tree sends it where the null pairs of training went (or most pairs, where there were none).

    `explain` credits each split on the path of a pair with the change that it makes to the expected weight, expected
    over the training pairs below (Saabas, "Interpreting random forests", 2014). The weights add up exactly to the
    pair's; unlike Shapley values they depend on the place of a feature in the path.

    Args:
        directions: f values of -1, 0 and 1, default None; see `LabelledPairClassifier`.
        n_trees: int >= 1, default 200. Number of trees.
        learning_rate: float in (0, 1], default 0.05. Share of each tree's values that is added.
        max_leaf_nodes: int from 2 to 64, default 8. Leaves that a tree may have.
        min_samples_leaf: int >= 1, default 5. Labelled pairs that a leaf must rest on.
        l2_regularization: float >= 0, default 0.3. Strength that pulls each leaf towards 0.

    Attributes after fit (besides those of `PairClassifier`; `bias_` is the expected weight of a training pair):
        baseline_: log2 odds before the first tree.
        roots_: the node each tree begins at, t; the following are of all nodes, n.
        features_: feature that the node looks at; thresholds_: its largest value that goes to `lefts_`, others go to
            `rights_`; nulls_left_: whether null goes to `lefts_`. A leaf goes to itself.
        values_: log2 odds expected at the node; at a leaf the value of the tree.
        depth_: most splits on a path.
    """

    ranges: ClassVar[Mapping[str, Range]] = {**RANGES, "max_leaf_nodes": Range(2, MAX_LEAVES, whole=True)}

    baseline_: float
    roots_: Ints
    features_: Ints
    thresholds_: Floats
    lefts_: Ints
    rights_: Ints
    nulls_left_: NDArray[np.bool_]
    values_: Floats
    depth_: int

    def __init__(
        self,
        directions: Sequence[int] | None = None,
        n_trees: int = 200,
        learning_rate: float = 0.05,
        max_leaf_nodes: int = 8,
        min_samples_leaf: int = 5,
        l2_regularization: float = 0.3,
    ) -> None:
        super().__init__(directions)
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization

    def used_features(self) -> list[int]:
        """Indices of the features that a tree looks at: see `PairClassifier`."""
        return self._trees.used_features

    def scorer(self, groups: Sequence[int] | None) -> Scorer:
        """A function that production scores with: see `PairClassifier`. The values of trees are added up in order."""
        check_is_fitted(self)
        trees = self._trees
        finder = LeafFinder(trees)
        leaf_values = [self.values_[trees.leaves(int(root))] for root in self.roots_]
        n_leaves, n_groups = max(finder.most_leaves, 2), count_groups(groups)
        leaf_weights = [] if groups is None else self._weights_of_leaves(groups, n_leaves)
        at_once = 1
        while n_leaves ** (at_once + 1) <= MAX_TABLE_ROWS:
            at_once += 1
        batches = [range(i, min(i + at_once, len(leaf_weights))) for i in range(0, len(leaf_weights), at_once)]
        tables = [_added_up([leaf_weights[tree] for tree in batch]) for batch in batches]

        def score(columns: Mapping[int, Floats], pairs: int) -> tuple[Floats, Floats]:
            total, weights = np.full(pairs, self.baseline_), np.zeros((pairs, n_groups))
            for start in range(0, pairs, CHUNK):
                rows = slice(start, min(start + CHUNK, pairs))
                leaves = finder.find({j: column[rows] for j, column in columns.items()}, rows.stop - start)
                for values, leaf in zip(leaf_values, leaves, strict=True):
                    total[rows] += values.take(leaf)
                for batch, table in zip(batches, tables, strict=True):
                    place = leaves[batch[0]]
                    for tree in batch[1:]:
                        place = place * n_leaves + leaves[tree]
                    weights[rows] += table.take(place, axis=0)
            return total, weights

        return score

    def to_sql(self, columns: Sequence[str]) -> SqlModel:
        """SQL of the weight of each feature: see `PairClassifier`.

        Prepared is the leaf that a pair reaches in each tree. Adding up by feature instead of by tree changes the sum
        in its last bits.
        """
        check_is_fitted(self)
        trees, prepared = self._trees, dict[str, str]()
        parts: dict[int, list[str]] = {}
        leaf_weights = self._weights_of_leaves(range(self.n_features_in_), 2)
        for number, (root, table) in enumerate(zip(self.roots_, leaf_weights, strict=True), start=1):
            name, leaves = f"tree_{number}", trees.leaves(int(root))
            if len(leaves) < 2:
                continue
            places = {leaf: place for place, leaf in enumerate(leaves, start=1)}
            prepared[name] = self._leaf_as_sql(int(root), places, columns)
            for j in np.flatnonzero(table.any(axis=0)):
                branches = (
                    f"when {place} then {sql_number(value)}" for place, value in enumerate(table[:, j], start=1)
                )
                parts.setdefault(int(j), []).append(f"case {name} {' '.join(branches)} end")
        return SqlModel({columns[j]: "\n+ ".join(parts[j]) for j in sorted(parts)}, prepared)

    def _leaf_as_sql(self, node: int, places: dict[int, int], columns: Sequence[str]) -> str:
        if node in places:
            return str(places[node])
        left, right = (self._leaf_as_sql(int(side[node]), places, columns) for side in (self.lefts_, self.rights_))
        column, threshold = columns[self.features_[node]], self.thresholds_[node]
        goes_left = f"{column} <= {sql_number(threshold)}" if np.isfinite(threshold) else f"{column} is not null"
        if self.nulls_left_[node]:
            goes_left = f"coalesce({goes_left}, true)"
        return case([f"when {goes_left} then {indented(left)}", f"else {indented(right)}"])

    def recalibrate(self, slope: float, shift: float) -> None:
        """Multiply the log2 odds by `slope` (> 0) and add `shift`: see `PairClassifier`."""
        check_is_fitted(self)
        self.bias_ = self.bias_ * slope + shift
        self.baseline_ = self.baseline_ * slope + shift
        self.values_ = self.values_ * slope

    def check_state(self) -> None:
        """Raise ValueError if the fitted arrays do not belong together, as in a file that was tampered with."""
        n = len(self.values_)
        arrays = (self.features_, self.thresholds_, self.lefts_, self.rights_, self.nulls_left_)
        inside = [(self.roots_, n), (self.lefts_, n), (self.rights_, n), (self.features_, self.n_features_in_)]
        fits = (
            all(len(array) == n for array in arrays)
            and all(len(array) == 0 or (array.min() >= 0 and array.max() < limit) for array, limit in inside)
            and all(array.ndim == 1 for array in (*arrays, self.roots_, self.values_))
            and len(self.roots_) > 0
            and self._are_trees()
            and bool(np.isfinite(self.values_).all())
            and isinstance(self.depth_, int)
            and 0 <= self.depth_ <= n
        )
        if not fits:
            raise ValueError("the trees of the model do not belong together")

    def _are_trees(self) -> bool:
        """Whether each node is a root or the child of one node before it; a leaf goes to itself."""
        node = np.arange(len(self.lefts_))
        splits = (self.lefts_ != node) | (self.rights_ != node)
        left, right = self.lefts_[splits], self.rights_[splits]
        reached = np.sort(np.concatenate([self.roots_, left, right]))
        return bool((left > node[splits]).all() and (right > node[splits]).all() and np.array_equal(reached, node))

    @property
    def _trees(self) -> Trees:
        nodes = self.features_, self.thresholds_, self.lefts_, self.rights_, self.nulls_left_, self.values_
        return Trees(self.roots_, *nodes)

    def _weights_of_leaves(self, groups: Sequence[int], n_leaves: int) -> list[Floats]:
        """For each tree, leaves (from left to right) by groups: the weight of a group on the way to the leaf."""
        weights = []
        for root in self.roots_:
            on_the_way = {int(root): np.zeros(count_groups(groups))}
            for split in self._trees.splits(int(root)):
                for child in (int(self.lefts_[split]), int(self.rights_[split])):
                    on_the_way[child] = on_the_way[split].copy()
                    on_the_way[child][groups[self.features_[split]]] += self.values_[child] - self.values_[split]
            of_tree = np.array([on_the_way[leaf] for leaf in self._trees.leaves(int(root))])
            weights.append(np.vstack([of_tree, np.zeros((max(n_leaves - len(of_tree), 0), of_tree.shape[1]))]))
        return weights

    def _learn(
        self, X: Floats, is_match: Ints, weights: Floats, used: NDArray[np.bool_], directions: list[int]
    ) -> None:
        boosted = boost(self, X[:, used], is_match, weights, np.array(directions)[used].tolist())
        trees = boosted.trees
        self.baseline_ = float(boosted.baseline / np.log(2))
        self.depth_ = max(int(tree["depth"].max()) for tree in trees)
        self.roots_ = np.cumsum([0] + [len(tree) for tree in trees[:-1]])
        nodes = np.concatenate(trees)
        offset = np.repeat(self.roots_, [len(tree) for tree in trees])
        leaf, itself = nodes["is_leaf"] == 1, np.arange(len(nodes))
        self.features_ = np.where(leaf, 0, np.flatnonzero(used)[nodes["feature_idx"]])
        self.thresholds_ = np.where(leaf, np.inf, nodes["num_threshold"])
        self.lefts_ = np.where(leaf, itself, nodes["left"].astype(np.int64) + offset)
        self.rights_ = np.where(leaf, itself, nodes["right"].astype(np.int64) + offset)
        self.nulls_left_ = np.where(leaf, True, nodes["missing_go_to_left"] == 1)
        self.values_ = _expected(nodes, self.lefts_, self.rights_) / np.log(2)
        self.bias_ = self.baseline_ + float(self.values_[self.roots_].sum())


def _added_up(tables: list[Floats]) -> Floats:
    """Rows of several tables added up, one row for each combination of theirs; the last table's row changes fastest."""
    total = tables[0]
    for table in tables[1:]:
        total = (total[:, None] + table[None]).reshape(-1, table.shape[1])
    return total


def _expected(nodes: NDArray[Any], lefts: Ints, rights: Ints) -> Floats:
    """The value of each leaf; at a split the mean of both sides, weighted by the training pairs that went there."""
    values = nodes["value"].astype(np.float64)
    pairs = nodes["count"].astype(np.float64)
    for node in np.argsort(-nodes["depth"].astype(np.int64), kind="stable"):  # children are deeper than parents
        if not nodes["is_leaf"][node]:
            left, right = lefts[node], rights[node]
            below = pairs[left] + pairs[right]
            values[node] = (pairs[left] * values[left] + pairs[right] * values[right]) / below
    return np.asarray(values)
