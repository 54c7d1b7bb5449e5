"""Which leaf of each tree a pair falls into, for all trees at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers.steps import find_steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_LEAVES = 64  # bits of the widest mask
CHUNK = 4096  # pairs whose masks stay in the processor's cache
MAX_TABLE_ROWS = 512  # of a table that several features or trees share


@dataclass(frozen=True)
class Trees:
    """Binary trees as arrays over all nodes; see `BoostedClassifier` for their meaning."""

    roots: Ints
    features: Ints
    thresholds: Floats
    lefts: Ints
    rights: Ints
    nulls_left: NDArray[np.bool_]
    values: Floats

    def is_leaf(self, node: int) -> bool:
        """Whether the node is a leaf, which goes to itself."""
        return bool(self.lefts[node] == node)

    def leaves(self, node: int) -> list[int]:
        """The leaves below a node, from left to right."""
        if self.is_leaf(node):
            return [node]
        return self.leaves(int(self.lefts[node])) + self.leaves(int(self.rights[node]))

    def splits(self, root: int) -> Iterator[int]:
        """The nodes of a tree that are not leaves, parents first."""
        if not self.is_leaf(root):
            yield root
            yield from self.splits(int(self.lefts[root]))
            yield from self.splits(int(self.rights[root]))

    def cuts(self, feature: int) -> Floats:
        """The distinct finite thresholds of a feature, ascending."""
        cuts = self.thresholds[(self.features == feature) & (self.lefts != np.arange(len(self.lefts)))]
        return np.unique(cuts[np.isfinite(cuts)])

    @property
    def used_features(self) -> list[int]:
        """The features that some split looks at, ascending."""
        return sorted({int(self.features[split]) for root in self.roots for split in self.splits(int(root))})


class LeafFinder:
    """Finds the leaf of every tree from the steps of the features, without walking the trees.

    Each step of a feature rules out some leaves of each tree; of those that no feature rules out the leftmost is the
    one a walk arrives at (QuickScorer: Lucchese and others, "QuickScorer: a fast algorithm to rank documents with
    additive ensembles of regression trees", SIGIR 2015). A set of leaves is a mask of one bit a leaf. Features with
    few steps share one table, so that fewer rows are looked up.
    """

    def __init__(self, trees: Trees) -> None:
        leaves = [trees.leaves(int(root)) for root in trees.roots]
        self.most_leaves = max(len(of_tree) for of_tree in leaves)
        self._type = next(
            t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if np.iinfo(t).bits >= self.most_leaves
        )
        self.cuts = {feature: trees.cuts(feature) for feature in trees.used_features}
        self._n_trees = len(trees.roots)
        masks = self._masks(trees, leaves)
        self._groups: list[list[int]] = []
        self._tables: list[NDArray[np.unsignedinteger]] = []
        for feature in sorted(masks, key=lambda feature: len(masks[feature])):
            if self._tables and len(self._tables[-1]) * len(masks[feature]) <= MAX_TABLE_ROWS:
                table = self._tables[-1][:, None] & masks[feature][None]
                self._tables[-1] = table.reshape(-1, self._n_trees)
                self._groups[-1].append(feature)
            else:
                self._tables.append(masks[feature])
                self._groups.append([feature])

    def find(self, columns: Mapping[int, Floats], pairs: int) -> NDArray[np.intp]:
        """The leaf of each tree, counted from the left, t trees by n pairs; `columns` are features by their index."""
        left = np.full((pairs, self._n_trees), np.iinfo(self._type).max, dtype=self._type)
        row = np.empty_like(left)
        for features, table in zip(self._groups, self._tables, strict=True):
            place = np.zeros(pairs, dtype=np.intp)
            for feature in features:
                place *= len(self.cuts[feature]) + 2
                place += find_steps(columns[feature], self.cuts[feature])
            table.take(place, axis=0, out=row, mode="clip")
            left &= row
        leaf = np.bitwise_count(~left & (left - self._type(1)))  # zeros below the lowest bit
        return np.ascontiguousarray(leaf.T).astype(np.intp)

    def _masks(self, trees: Trees, leaves: list[list[int]]) -> dict[int, NDArray[np.unsignedinteger]]:
        """By feature, steps by trees: which leaves are left; the last step is that of null."""
        every = np.iinfo(self._type).max
        masks = {
            feature: np.full((len(cuts) + 2, self._n_trees), every, dtype=self._type)
            for feature, cuts in self.cuts.items()
        }
        for tree, root in enumerate(trees.roots):
            bit = {leaf: 1 << i for i, leaf in enumerate(leaves[tree])}
            for split in trees.splits(int(root)):
                feature = int(trees.features[split])
                not_left, not_right = (
                    self._type(every - sum(bit[leaf] for leaf in trees.leaves(int(child))))
                    for child in (trees.lefts[split], trees.rights[split])
                )
                # an infinite threshold is above all cuts: it separates only null from the rest
                reach = int(np.searchsorted(self.cuts[feature], trees.thresholds[split])) + 1
                mask = masks[feature][:, tree]
                mask[:reach] &= not_right
                mask[reach:-1] &= not_left
                mask[-1] &= not_right if trees.nulls_left[split] else not_left
        return masks
