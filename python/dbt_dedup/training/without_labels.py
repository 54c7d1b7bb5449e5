"""Learn a model of an entity without labels: from its candidate pairs and from random pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from dbt_dedup.classifiers import PairClassifier, kind_of
from dbt_dedup.constants import BATCH_ROWS, MIN_CANDIDATE_PAIRS, PARITY_VECTORS
from dbt_dedup.errors import DedupError
from dbt_dedup.names import ABSTAINED, MATCH, NO_MATCH
from dbt_dedup.pair_features import feature_batches, pair_columns
from dbt_dedup.spec import Spec
from dbt_dedup.training.held_out import ParityPairs, evenly_spread
from dbt_dedup.training.labelled_pairs import LabelledPairs, canonical_bytes
from dbt_dedup.training.unlabelled_answer import LearnedWithoutLabels, learn_from_pairs
from dbt_dedup.training.unlabelled_cut import Cut, UnlabelledThresholds, cut_that_holds_together, thresholds_at
from dbt_dedup.warehouse import DbtProject, Warehouse

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]


@dataclass(frozen=True)
class UnlabelledModel:
    """A classifier learned without labels, and how it was learned.

    Attributes:
        classifier: fitted; of an abstaining model it is the plain sum of surprises.
        feature_names: f names, in order.
        candidate_pairs: number of candidate pairs.
        sampled_pairs: how many of them it was learned from.
        random_pairs: number of random pairs it was learned from.
        learned: the answers that were compared, and the verdict.
        cut: where pairs are merged from, and what that leads to.
        thresholds: the same as probabilities, with a review band.
        training_digest: sha256 of the pairs it was learned from.
        parity_pairs: record ids, input digests and features of at most `PARITY_VECTORS` candidate pairs, spread evenly
            over the probabilities.
    """

    classifier: PairClassifier
    feature_names: tuple[str, ...]
    candidate_pairs: int
    sampled_pairs: int
    random_pairs: int
    learned: LearnedWithoutLabels
    cut: Cut
    thresholds: UnlabelledThresholds
    training_digest: str
    parity_pairs: ParityPairs
    held_out_pairs: None = None

    @property
    def kind(self) -> str:
        """Kind of the classifier: a key of `dbt_dedup.classifiers.KINDS`."""
        return kind_of(self.classifier)

    @property
    def abstained(self) -> bool:
        """Whether only what is beyond doubt is merged."""
        return self.learned.verdict == ABSTAINED

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
            "thresholds": {"match": self.thresholds.match, "review": self.thresholds.review},
            "without_labels": {
                "verdict": self.learned.verdict,
                "reasons": list(self.learned.reasons),
                "candidate_pairs": self.candidate_pairs,
                "sampled_pairs": self.sampled_pairs,
                "random_pairs": self.random_pairs,
                "surest_pairs": self.learned.surest_pairs,
                "weight_of_missing_pairs": self.learned.missing,
                "chosen": self.learned.chosen,
                "answers": [
                    {
                        "answer": answer.name,
                        "pairs": answer.structure.pairs,
                        "consistency": round(answer.structure.consistency, 4),
                        "weakest_field": answer.structure.weakest_field,
                        "support": round(answer.structure.support, 4),
                        "opposed_field": answer.structure.opposed_field,
                        "contrast": round(answer.structure.contrast, 4),
                        "strangers": round(answer.structure.strangers, 4),
                        "score": round(answer.structure.score, 4),
                    }
                    for answer in self.learned.answers
                ],
                "pairs_at_match_threshold": self.cut.pairs,
                "transitivity": self.cut.transitivity,
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

    The model is learned from the candidate pairs that `int_<entity>__unlabelled_features` marks as sampled: all those
    among a part of the records. The cut is chosen on all pairs, of which 12 bytes each are held. The same records give
    the same model, bit for bit.

    Raises:
        DedupError: unknown entity, too few candidate pairs, or features that do not vary.
    """
    spec = project.entity_spec(entity)
    project.build(f"+{_candidates(spec)}", f"+int_{entity}__random_pair_features")
    with project.open() as warehouse:
        return spec, _learn(warehouse, spec)


def learn_next_to_labels(project: DbtProject, entity: str, labelled: LabelledPairs) -> PairClassifier | None:
    """A classifier learned without labels, to compare with those that a few labels give.

    None where nothing can be learned, and where learning abstains while the labels are too few to tell more.
    """
    try:
        _, model = train_without_labels(project, entity)
    except DedupError:  # too few candidate pairs, or features that do not vary
        return None
    return model.classifier if labelled.are_enough or not model.abstained else None


def _candidates(spec: Spec) -> str:
    return f"int_{spec.name}__unlabelled_features"


def _learn(warehouse: Warehouse, spec: Spec) -> UnlabelledModel:
    count = len(warehouse.read(f"int_{spec.name}__candidate_pairs"))
    if count < MIN_CANDIDATE_PAIRS:
        raise DedupError(
            f"Entity {spec.name!r} has {count} candidate pairs; learning without labels needs at least"
            f" {MIN_CANDIDATE_PAIRS}. {spec.name}_block_stats shows what each blocking rule proposes: add rules or"
            " records."
        )
    sample = _in_order(warehouse.read(_candidates(spec), where={"is_sampled": [True]}), spec)
    chance = _in_order(warehouse.read(f"int_{spec.name}__random_pair_features"), spec)
    records = _Records.read(warehouse, spec)
    all_pairs = records.pairs * len(sample.features) / count  # of a part of the records, as large a part of their pairs
    try:
        with threadpool_limits(limits=1):  # sums in one order: the same pairs give the same bytes
            learned = learn_from_pairs(
                records.number(sample.left),
                records.number(sample.right),
                records.sources_apart(sample.left, sample.right),
                sample.features,
                chance.features,
                all_pairs,
                spec,
            )
    except ValueError as error:
        raise DedupError(f"Entity {spec.name!r}: nothing can be learned without labels. {error}") from error
    left, right, weight = _weights_of_all(warehouse, spec, count, sample, learned.classifier)
    cut = cut_that_holds_together(left, right, weight, spec, learned.least_weight)
    return UnlabelledModel(
        classifier=learned.classifier,
        feature_names=spec.feature_names,
        candidate_pairs=count,
        sampled_pairs=len(sample.features),
        random_pairs=len(chance.features),
        learned=learned,
        cut=cut,
        thresholds=thresholds_at(cut, weight, spec),
        training_digest=_digest(spec, sample, chance),
        parity_pairs=_spread_pairs(warehouse, spec, sample, learned.classifier),
    )


@dataclass(frozen=True)
class _Records:
    """The records, in order of their keys, and which of them say exactly the same.

    Attributes:
        keys: n record keys, ascending.
        representative: for each, the position of the record that stands for all that say the same.
        source: number of the source of each.
    """

    keys: NDArray[np.int64]
    representative: NDArray[np.int64]
    source: NDArray[np.int64]

    @classmethod
    def read(cls, warehouse: Warehouse, spec: Spec) -> _Records:
        table = warehouse.read(
            f"int_{spec.name}__keyed_records", ["record_key", "representative_key", "source"]
        ).to_arrow_table()
        stand_in = pc.coalesce(table["representative_key"], table["record_key"])
        source = table["source"].combine_chunks().dictionary_encode().indices.fill_null(-1)
        keys, stand_ins, sources = (
            np.asarray(column.to_numpy(), dtype=np.int64) for column in (table["record_key"], stand_in, source)
        )
        order = np.argsort(keys)
        keys = keys[order]
        return cls(keys, np.searchsorted(keys, stand_ins[order]), sources[order])

    @property
    def pairs(self) -> float:
        """Number of pairs of records that do not say the same."""
        distinct = int(np.count_nonzero(np.bincount(self.representative)))
        return max(distinct * (distinct - 1) / 2, 1.0)

    def number(self, keys: Keys) -> NDArray[np.int64]:
        """A number for each record; records that say the same share it."""
        return self.representative[np.searchsorted(self.keys, keys)]

    def sources_apart(self, left: Keys, right: Keys) -> bool:
        """Whether no pair is of two records of one source, so that two matches of one record close no pair."""
        sides = (self.source[np.searchsorted(self.keys, keys)] for keys in (left, right))
        return bool(np.not_equal(*sides).all())


def _in_order(pairs: Any, spec: Spec) -> _Pairs:
    """The pairs of a DuckDB relation with all features of the spec, in order of their keys."""
    wanted = range(len(spec.features))
    batches = [pair_columns(batch, spec, wanted) for batch in feature_batches(pairs, spec, wanted)]
    no_keys = np.empty(0, dtype=np.int32)
    left = np.concatenate([no_keys, *(batch.left for batch in batches)])
    right = np.concatenate([no_keys, *(batch.right for batch in batches)])
    order = np.lexsort((right, left))
    features = np.empty((len(order), len(wanted)), order="F")
    for j in wanted:
        features[:, j] = np.concatenate([np.empty(0), *(batch.features.pop(j) for batch in batches)])[order]
    return _Pairs(left[order], right[order], features)


def _weights_of_all(
    warehouse: Warehouse, spec: Spec, count: int, sample: _Pairs, classifier: PairClassifier
) -> tuple[Keys, Keys, NDArray[np.floating[Any]]]:
    """Keys and weights of all candidate pairs, 12 bytes each: first those of the sample, which are read already."""
    weight_of_sample = _in_batches(sample.features, classifier)
    if count == len(sample.features):
        return sample.left, sample.right, weight_of_sample
    left, right = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    weight = np.empty(count, dtype=np.float32)
    start = len(sample.features)
    left[:start], right[:start], weight[:start] = sample.left, sample.right, weight_of_sample
    scorer, used = classifier.scorer(None), classifier.used_features()
    others = warehouse.read(_candidates(spec), where={"is_sampled": [False]})
    for record_batch in feature_batches(others, spec, used):
        batch = pair_columns(record_batch, spec, used)
        at = slice(start, start + len(batch))
        left[at], right[at] = batch.left, batch.right
        weight[at] = scorer(batch.features, len(batch))[0]
        start = at.stop
    return left, right, weight


def _in_batches(features: Floats, classifier: PairClassifier) -> NDArray[np.float32]:
    weights: Iterator[Floats] = (
        classifier.decision_function(features[start : start + BATCH_ROWS])
        for start in range(0, len(features), BATCH_ROWS)
    )
    return np.concatenate([weight.astype(np.float32) for weight in weights])


def _spread_pairs(warehouse: Warehouse, spec: Spec, sample: _Pairs, classifier: PairClassifier) -> ParityPairs:
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
