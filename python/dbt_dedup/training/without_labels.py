"""Learn a model of an entity without labels: from its candidate pairs and from random pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import BATCH_ROWS, MIN_CANDIDATE_PAIRS, PARITY_VECTORS
from dbt_dedup.errors import DedupError
from dbt_dedup.names import MATCH, NO_MATCH, UNSUPERVISED
from dbt_dedup.pair_features import read_features
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, resolve
from dbt_dedup.spec import Spec
from dbt_dedup.training.held_out import ParityPairs, evenly_spread
from dbt_dedup.training.labelled_pairs import canonical_bytes
from dbt_dedup.warehouse import DbtProject, Warehouse

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]

HALF_STEPS = 2  # steps of the guard in a bit
OLD_DEFAULTS = {"match": 0.9, "review": 0.5}


@dataclass(frozen=True)
class Guard:
    """How the clusters of a model were kept from chaining.

    Attributes:
        lowered: bits taken off the weight of every pair, >= 0.
        expected_precision: mean probability, before anything was taken off, of the candidate pairs inside the clusters
            that the pairs at the match threshold make; 1 where there are none.
        pairs: candidate pairs at the match threshold and above, after it was taken off.
    """

    lowered: float
    expected_precision: float
    pairs: int


@dataclass(frozen=True)
class UnlabelledModel:
    """A classifier learned without labels, and how it was learned.

    Attributes:
        classifier: fitted, its bias lowered by the guard.
        feature_names: f names, in order.
        candidate_pairs: number of candidate pairs.
        sampled_pairs: how many of them it was learned from.
        random_pairs: number of random pairs it was learned from.
        guard: how chaining was prevented.
        training_digest: sha256 of the pairs it was learned from.
        parity_pairs: record ids, input digests and features of at most `PARITY_VECTORS` candidate pairs, spread evenly
            over the probabilities.
    """

    classifier: FellegiSunterClassifier
    feature_names: tuple[str, ...]
    candidate_pairs: int
    sampled_pairs: int
    random_pairs: int
    guard: Guard
    training_digest: str
    parity_pairs: ParityPairs
    kind: str = UNSUPERVISED
    held_out_pairs: None = None

    @property
    def ignored_features(self) -> tuple[str, ...]:
        """Names of the features of unknown direction, or null or of one value in all candidate pairs."""
        return tuple(self.feature_names[j] for j in self.classifier.ignored_features_)

    @property
    def card_entries(self) -> dict[str, Any]:
        """The entries of the card that only this way of training has."""
        return {
            "labels": {MATCH: 0, NO_MATCH: 0},
            "cross_validation": None,
            "thresholds": dict(OLD_DEFAULTS),
            "without_labels": {
                "candidate_pairs": self.candidate_pairs,
                "sampled_pairs": self.sampled_pairs,
                "random_pairs": self.random_pairs,
                "distinct_patterns": self.classifier.n_patterns_,
                "match_share": self.classifier.match_share_,
                "bits_taken_off": self.guard.lowered,
                "expected_precision": self.guard.expected_precision,
                "pairs_at_match_threshold": self.guard.pairs,
            },
        }


@dataclass(frozen=True)
class _Pairs:
    """n pairs in order of their keys: keys and features; NaN is null."""

    left: Keys
    right: Keys
    features: Floats


def train_without_labels(project: DbtProject, entity: str) -> tuple[Spec, UnlabelledModel]:
    """Build the features of an entity's candidate and random pairs, without tests, and learn from them.

    The model is learned from the candidate pairs that `int_<entity>__unlabelled_features` marks as sampled. The guard
    looks at all of them and holds 12 bytes for each. The same records give the same model, bit for bit.

    Raises:
        DedupError: unknown entity, too few candidate pairs, or features that do not vary.
    """
    spec = project.entity_spec(entity)
    project.build(f"+{_candidates(spec)}", f"+int_{entity}__random_pair_features")
    with project.open() as warehouse:
        return spec, _learn(warehouse, spec.fill_thresholds(**OLD_DEFAULTS))


def hold_to_precision(left: Keys, right: Keys, weight: NDArray[np.floating[Any]], spec: Spec) -> Guard:
    """Find how much to take off the weights so that the clusters keep the precision that the entity asks for.

    One wrong pair joins two clusters, and every candidate pair between them is then inside a cluster: the mean
    probability of the candidate pairs inside is the precision that the model itself expects of the clusters. The guard
    takes off the smallest number of half bits with which it reaches the entity's precision target.

    Args:
        left: smaller record keys of the n candidate pairs.
        right: larger record keys.
        weight: their weights in log2 odds.
        spec: for the match threshold and the precision target.
    """
    weights = weight.astype(np.float64)
    expected_probability = probability(weights)
    most = max(left.max(initial=-1), right.max(initial=-1))
    record_keys = np.arange(most + 1, dtype=np.int32)  # keys that no record has are clusters of their own

    def with_less(half_bits: int) -> Guard:
        lowered = half_bits / HALF_STEPS
        scored = ScoredPairs(left, right, probability(weights - lowered))
        clusters = resolve(Records(record_keys), scored, Decisions(), spec)
        inside = clusters[left] == clusters[right]
        expected = float(expected_probability[inside].mean()) if inside.any() else 1.0
        return Guard(lowered, expected, int((scored.probability >= spec.thresholds.match).sum()))

    guard = with_less(0)
    low, high = 0, int(HALF_STEPS * max(64.0, float(weight.max(initial=0.0)) + 64.0))
    if guard.expected_precision >= spec.targets.precision:
        return guard
    while high - low > 1:  # at `low` the target is missed, at `high` it is reached
        middle = (low + high) // 2
        if with_less(middle).expected_precision >= spec.targets.precision:
            high = middle
        else:
            low = middle
    return with_less(high)


def _candidates(spec: Spec) -> str:
    return f"int_{spec.name}__unlabelled_features"


def _learn(warehouse: Warehouse, spec: Spec) -> UnlabelledModel:
    count = len(warehouse.read(_candidates(spec)))
    if count < MIN_CANDIDATE_PAIRS:
        raise DedupError(
            f"Entity {spec.name!r} has {count} candidate pairs; learning without labels needs at least"
            f" {MIN_CANDIDATE_PAIRS}. {spec.name}_block_stats shows what each blocking rule proposes: add rules or"
            " records."
        )
    sample = _in_order(warehouse.read(_candidates(spec), where={"is_sampled": [True]}), spec)
    chance = _in_order(warehouse.read(f"int_{spec.name}__random_pair_features"), spec)
    try:
        classifier = FellegiSunterClassifier(spec.directions, [feature.field for feature in spec.features]).fit(
            sample.features, random_pairs=chance.features
        )
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: nothing can be learned without labels. {error}") from error
    guard = hold_to_precision(*_weights_of_all(warehouse, spec, count, sample, classifier), spec)
    classifier.bias_ -= guard.lowered
    return UnlabelledModel(
        classifier=classifier,
        feature_names=spec.feature_names,
        candidate_pairs=count,
        sampled_pairs=len(sample.features),
        random_pairs=len(chance.features),
        guard=guard,
        training_digest=_digest(spec, sample, chance),
        parity_pairs=_spread_pairs(warehouse, spec, sample, classifier),
    )


def _in_order(pairs: Any, spec: Spec) -> _Pairs:
    """The pairs of a DuckDB relation with all features of the spec, in order of their keys."""
    no_keys = np.empty(0, dtype=np.int32)
    batches = list(read_features(pairs, spec))
    left = np.concatenate([no_keys, *(batch.left for batch in batches)])
    right = np.concatenate([no_keys, *(batch.right for batch in batches)])
    order = np.lexsort((right, left))
    features = np.empty((len(order), len(spec.features)), order="F")
    for j in range(len(spec.features)):
        features[:, j] = np.concatenate([np.empty(0), *(batch.features[:, j] for batch in batches)])[order]
    return _Pairs(left[order], right[order], features)


def _weights_of_all(
    warehouse: Warehouse, spec: Spec, count: int, sample: _Pairs, classifier: FellegiSunterClassifier
) -> tuple[Keys, Keys, NDArray[np.floating[Any]]]:
    """Keys and weights of all candidate pairs, 12 bytes each."""
    if count == len(sample.features):
        return sample.left, sample.right, _in_batches(sample.features, classifier)
    left, right = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    weight = np.empty(count, dtype=np.float32)
    start = 0
    for batch in read_features(warehouse.read(_candidates(spec)), spec):
        at = slice(start, start + len(batch.left))
        left[at], right[at] = batch.left, batch.right
        weight[at] = classifier.decision_function(batch.features)
        start = at.stop
    return left, right, weight


def _in_batches(features: Floats, classifier: FellegiSunterClassifier) -> NDArray[np.float32]:
    weights: Iterator[Floats] = (
        classifier.decision_function(features[start : start + BATCH_ROWS])
        for start in range(0, len(features), BATCH_ROWS)
    )
    return np.concatenate([weight.astype(np.float32) for weight in weights])


def _spread_pairs(warehouse: Warehouse, spec: Spec, sample: _Pairs, classifier: FellegiSunterClassifier) -> ParityPairs:
    """At most `PARITY_VECTORS` of the sampled pairs, from the least to the most probable, with ids and digests."""
    rows = evenly_spread(_in_batches(sample.features, classifier), PARITY_VECTORS)
    left, right = sample.left[rows].tolist(), sample.right[rows].tolist()
    described = warehouse.read(
        _candidates(spec),
        ["record_key_l", "record_key_r", "record_id_l", "record_id_r", "input_digest"],
        where={"record_key_l": sorted(set(left)), "record_key_r": sorted(set(right))},
    ).fetchall()
    by_keys = {(l_key, r_key): ((str(l_id), str(r_id)), str(digest)) for l_key, r_key, l_id, r_id, digest in described}
    ids, digests = zip(*(by_keys[keys] for keys in zip(left, right, strict=True)), strict=True)
    return ids, digests, sample.features[rows]


def _digest(spec: Spec, *samples: _Pairs) -> str:
    sha = hashlib.sha256(repr((spec.feature_names, spec.declared_thresholds, spec.targets)).encode())
    for pairs in samples:
        for keys in (pairs.left, pairs.right):
            sha.update(keys.astype("<i4").tobytes())
        for column in pairs.features.T:
            sha.update(canonical_bytes(column))
    return sha.hexdigest()
