"""All pairs of an entity, scored by a model that was just trained, to choose its thresholds on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import BATCH_ROWS
from dbt_dedup.pair_features import RequestedPairs, read_features
from dbt_dedup.resolve import ScoredPairs
from dbt_dedup.resolve.closure import with_closure
from dbt_dedup.resolve.dbt_models import read_records
from dbt_dedup.spec import Spec
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.thresholds import CUTS, ClusteredPairs
from dbt_dedup.warehouse import DbtProject, Warehouse

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]


def candidate_pairs(
    project: DbtProject, spec: Spec, labelled: LabelledPairs, classifier: PairClassifier, held_out: Floats
) -> ClusteredPairs:
    """Score the candidate pairs of an entity, and those of the closure at the lowest threshold that is tried.

    16 bytes for each candidate pair at the floor or above bound the memory. The held-out score of a labelled pair takes
    the place of that of the model, which has seen its label.

    Args:
        project: the project, in which `int_<entity>__pair_features` is built.
        spec: the entity.
        labelled: the pairs that the classifier was fitted on.
        classifier: fitted and calibrated.
        held_out: calibrated log2 odds of each labelled pair by a model that saw neither entity; NaN where none did.

    Raises:
        DedupError: the features do not compile.
    """
    requested = RequestedPairs.of(project, spec)
    with project.open() as warehouse:
        records = read_records(warehouse.read(f"int_{spec.name}__keyed_records"), spec)
        scored = _score(warehouse, spec, classifier)

        def probabilities(left: Keys, right: Keys) -> Floats:
            found = np.empty(len(left))
            for start in range(0, len(left), BATCH_ROWS):
                rows = slice(start, start + BATCH_ROWS)
                features = requested.read(warehouse, left[rows], right[rows])
                found[rows] = probability(classifier.decision_function(features))
            return found

        lowest = max(spec.floor, CUTS[0])
        pairs = with_closure(records, scored, spec.with_thresholds(lowest, lowest), probabilities)
    place = _places(pairs, labelled)
    is_held_out = (place >= 0) & ~np.isnan(held_out)
    known = pairs.probability.copy()
    known[place[is_held_out]] = probability(held_out[is_held_out])
    return ClusteredPairs(
        records, replace(pairs, probability=known), place, labelled.is_match, np.where(is_held_out, held_out, 0.0)
    )


def _score(warehouse: Warehouse, spec: Spec, classifier: PairClassifier) -> ScoredPairs:
    lefts: list[Keys] = [np.empty(0, dtype=np.int32)]
    rights: list[Keys] = [np.empty(0, dtype=np.int32)]
    probabilities: list[Floats] = [np.empty(0)]
    for batch in read_features(warehouse.read(f"int_{spec.name}__pair_features"), spec):
        scored = probability(classifier.decision_function(batch.features))
        kept = scored >= spec.floor
        lefts.append(batch.left[kept])
        rights.append(batch.right[kept])
        probabilities.append(scored[kept])
    left, right, both = np.concatenate(lefts), np.concatenate(rights), np.concatenate(probabilities)
    order = np.lexsort((right, left))
    return ScoredPairs(left[order], right[order], both[order])


def _places(pairs: ScoredPairs, labelled: LabelledPairs) -> NDArray[np.int64]:
    """The place of each labelled pair among the scored ones; -1 where it is not there."""
    if labelled.record_keys is None or not len(pairs.left):
        return np.full(len(labelled), -1)
    codes = pairs.left.astype(np.int64) << 32 | pairs.right.astype(np.int64)
    order = np.argsort(codes, kind="stable")
    wanted = labelled.record_keys[:, 0].astype(np.int64) << 32 | labelled.record_keys[:, 1].astype(np.int64)
    position = np.minimum(np.searchsorted(codes[order], wanted), len(codes) - 1)
    found = order[position]
    return np.where(codes[found] == wanted, found, -1)
