"""Learn a model of an entity without labels: from its candidate pairs and from random pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dbt_dedup.classifiers import UNSUPERVISED, FellegiSunterClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.errors import DedupError
from dbt_dedup.score import BATCH_ROWS
from dbt_dedup.spec import Spec
from dbt_dedup.training_data import check_known, read_entity_spec
from dbt_dedup.warehouse import DbtProject

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]
ParityPairs = tuple[Sequence[tuple[str, str]], Sequence[str], Floats]

MAX_SAMPLE = 500_000
MIN_PAIRS = 20
PARITY_PAIRS = 200
HALF_STEPS = 2


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
    """A classifier learnt without labels, with what is known of it.

    Attributes:
        classifier: fitted, its bias lowered by what the guard found.
        feature_names: f names, in order.
        candidate_pairs, sampled_pairs, random_pairs: candidate pairs there are, those and the random pairs learnt from.
        guard: how chaining was kept off.
        training_digest: sha256 of the pairs learnt from.
        parity_pairs: record ids, input digests and features of up to 200 candidate pairs, spread evenly over
            the probabilities.
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
    judged_pairs: None = None

    @property
    def ignored_features(self) -> tuple[str, ...]:
        """Names of the features of unknown direction, or null or of one value in all candidate pairs."""
        return tuple(self.feature_names[j] for j in self.classifier.ignored_features_)

    @property
    def card_entries(self) -> dict[str, Any]:
        """What the card says of this way of training."""
        return {
            "labels": {"match": 0, "no_match": 0},
            "cross_validation": None,
            "suggested_thresholds": None,
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
    """Build what is needed of an entity, without its tests, and learn from its candidate and random pairs.

    At most 500,000 candidate pairs, a fixed sample of them, are learnt from; the guard looks at all of them and holds
    12 bytes for each. The same records give the same model, bit for bit.

    Raises:
        DedupError: unknown entity, too few candidate pairs, or features that say nothing.
    """
    check_known(project, entity)
    features, random = f"int_{entity}__unlabelled_features", f"int_{entity}__random_pair_features"
    _ = project.relation(features), project.relation(random)
    spec = read_entity_spec(project, entity)
    tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    project.run("build", "--select", f"+{features}", f"+{random}", *tests)
    with project.connect() as cursor:
        return spec, _learn(cursor, spec, project.relation(features), project.relation(random))


def hold_to_precision(left: Keys, right: Keys, weight: NDArray[np.floating[Any]], spec: Spec) -> Guard:
    """Find how much to take off the weights so that the clusters keep the precision that the entity asks for.

    One wrong pair welds two clusters together, and every candidate pair between them is then inside a cluster: the mean
    probability of the candidate pairs inside is what the model itself expects the clusters' precision to be. The least
    number of half bits is taken off with which it reaches `targets.precision` of the entity.

    Args:
        left: smaller record keys of the n candidate pairs.
        right: larger record keys.
        weight: their weights in log2 odds.
        spec: for the match threshold and the precision target.
    """
    weights = weight.astype(np.float64)
    believed = probability(weights)

    def with_less(half_bits: int) -> Guard:
        lowered = half_bits / HALF_STEPS
        kept = probability(weights - lowered) >= spec.thresholds.match
        inside = _inside(left, right, kept)
        expected = float(believed[inside].mean()) if inside.any() else 1.0
        return Guard(lowered, expected, int(kept.sum()))

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


def _inside(left: Keys, right: Keys, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pairs lie inside the connected components that the kept pairs make."""
    records = int(max(left.max(initial=0), right.max(initial=0))) + 1
    edges = coo_matrix((np.ones(int(kept.sum()), dtype=np.int8), (left[kept], right[kept])), shape=(records, records))
    _, component = connected_components(edges, directed=False)
    return np.asarray(component[left] == component[right])


def _learn(cursor: Any, spec: Spec, features: str, random: str) -> UnlabelledModel:
    ((count,),) = cursor.execute(f"select count(*) from {features}").fetchall()
    if count < MIN_PAIRS:
        raise DedupError(
            f"Entity {spec.name!r} has {count} candidate pairs; learning without labels needs at least {MIN_PAIRS}."
            f" {spec.name}_block_stats shows what each blocking rule proposes: add rules or records."
        )
    # an even sample by whole-number arithmetic (two multiplicative generators of L'Ecuyer, 1988)
    lot = "(record_key_l::bigint * 48271 + record_key_r) % 2147483647 * 40692 % 2147483399"
    sample = _read(cursor, spec, f"{features} where {lot} % {count} < {MAX_SAMPLE}")
    chance = _read(cursor, spec, random)
    try:
        classifier = FellegiSunterClassifier(spec.directions, [feature.field for feature in spec.features]).fit(
            sample.features, random_pairs=chance.features
        )
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: nothing can be learnt without labels. {error}") from error
    guard = hold_to_precision(*_weigh_all(cursor, spec, features, count, sample, classifier), spec)
    classifier.bias_ -= guard.lowered
    return UnlabelledModel(
        classifier=classifier,
        feature_names=spec.feature_names,
        candidate_pairs=count,
        sampled_pairs=len(sample.features),
        random_pairs=len(chance.features),
        guard=guard,
        training_digest=_digest(spec, sample, chance),
        parity_pairs=_spread_pairs(cursor, sample, classifier, features),
    )


def _read(cursor: Any, spec: Spec, source: str) -> _Pairs:
    table = cursor.query(f"select {_columns(spec)} from {source}").to_arrow_table()
    left, right = (np.asarray(table[side].to_numpy(), dtype=np.int32) for side in ("l", "r"))
    order = np.lexsort((right, left))
    features = np.empty((len(order), len(spec.features)), order="F")
    for j, name in enumerate(spec.feature_names):
        features[:, j] = table[name].to_numpy()[order]
    return _Pairs(left[order], right[order], features)


def _columns(spec: Spec) -> str:
    features = ", ".join(f'"{name}"::double as "{name}"' for name in spec.feature_names)
    return f"record_key_l::integer as l, record_key_r::integer as r, {features}"


def _weigh_all(
    cursor: Any, spec: Spec, features: str, count: int, sample: _Pairs, classifier: FellegiSunterClassifier
) -> tuple[Keys, Keys, NDArray[np.floating[Any]]]:
    """Keys and weights of all candidate pairs, 12 bytes each."""
    if count == len(sample.features):
        return sample.left, sample.right, _in_batches(sample.features, classifier)
    left, right = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    weight = np.empty(count, dtype=np.float32)
    start = 0
    for batch in cursor.query(f"select {_columns(spec)} from {features}").to_arrow_reader(BATCH_ROWS):
        at = slice(start, start + len(batch))
        left[at], right[at] = batch.column(0).to_numpy(), batch.column(1).to_numpy()
        rows = np.column_stack([column.to_numpy(zero_copy_only=False) for column in batch.columns[2:]])
        weight[at] = classifier.decision_function(rows)
        start = at.stop
    return left, right, weight


def _in_batches(features: Floats, classifier: FellegiSunterClassifier) -> NDArray[np.float32]:
    weights: Iterator[Floats] = (
        classifier.decision_function(features[start : start + BATCH_ROWS])
        for start in range(0, len(features), BATCH_ROWS)
    )
    return np.concatenate([weight.astype(np.float32) for weight in weights])


def _spread_pairs(cursor: Any, sample: _Pairs, classifier: FellegiSunterClassifier, features: str) -> ParityPairs:
    """Up to 200 of the sampled pairs from the least to the most probable, with what tells them again."""
    by_weight = np.argsort(_in_batches(sample.features, classifier), kind="stable")
    spread = np.linspace(0, len(by_weight) - 1, min(PARITY_PAIRS, len(by_weight))).round().astype(int)
    rows = np.sort(by_weight[spread])
    left, right = sample.left[rows].tolist(), sample.right[rows].tolist()
    one_of = [", ".join(map(str, sorted(set(keys)))) for keys in (left, right)]
    found = cursor.execute(
        f"select record_key_l, record_key_r, record_id_l, record_id_r, input_digest from {features}"
        f" where record_key_l in ({one_of[0]}) and record_key_r in ({one_of[1]})"
    ).fetchall()
    told = {(l_key, r_key): ((str(l_id), str(r_id)), str(digest)) for l_key, r_key, l_id, r_id, digest in found}
    ids, digests = zip(*(told[keys] for keys in zip(left, right, strict=True)), strict=True)
    return ids, digests, sample.features[rows]


def _digest(spec: Spec, *samples: _Pairs) -> str:
    sha = hashlib.sha256(repr((spec.feature_names, spec.thresholds, spec.targets)).encode())
    for pairs in samples:
        for keys in (pairs.left, pairs.right):
            sha.update(keys.astype("<i4").tobytes())
        for column in pairs.features.T:
            known = np.where(np.isnan(column), np.nan, column) + 0.0  # one NaN, one zero
            sha.update(known.astype("<f8").tobytes())
    return sha.hexdigest()
