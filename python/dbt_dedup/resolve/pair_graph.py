"""The graph of the records of an entity: its edges are the pairs that are matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.constants import MOST_CERTAIN
from dbt_dedup.graph import bounded_components, components
from dbt_dedup.resolve.records import Decisions, Floats, Keys, Positions, RecordPlaces, Records, ScoredPairs
from dbt_dedup.spec import Spec


@dataclass(frozen=True)
class PairGraph:
    """The records as nodes in the order that breaks ties; copies are folded into the record they copy.

    Attributes:
        position: the place of each node in `records`.
        node_of: the node of each record, by its place in that order.
        left, right: the nodes of each known pair.
        weight: log2 odds of each pair, at most `MOST_CERTAIN` either way; the inner threshold is subtracted.
        is_edge: whether the pair connects its records.
        absent: weight of a pair that is not known.
        inner: log2 odds that are subtracted.
        must, cannot: the decisions, as nodes.
        sources: number of the source of each node if it allows one record an entity, else -1.
    """

    position: Positions
    node_of: Positions
    left: Positions
    right: Positions
    weight: Floats
    is_edge: NDArray[np.bool_]
    absent: float
    inner: float
    must: Positions
    cannot: Positions
    sources: Positions | None

    @classmethod
    def of(cls, records: Records, pairs: ScoredPairs, decisions: Decisions, spec: Spec) -> PairGraph:
        """The graph of some records, with the thresholds and duplicate-free sources of their entity.

        Raises:
            DedupError: a pair names a record that is not in `records`.
        """
        position, rank = _in_order(records)
        positions = RecordPlaces(records.keys, spec.name)

        def nodes(keys: Keys) -> Positions:
            return rank[positions.of(keys)]

        left, right = nodes(pairs.left), nodes(pairs.right)
        must, cannot = (
            nodes(np.array(decided, dtype=np.int32).reshape(-1, 2))
            for decided in (decisions.must_link, decisions.cannot_link)
        )
        sources = _source_numbers(records, spec)
        sources = None if sources is None else sources[position]
        is_match = pairs.probability >= spec.thresholds.match
        copies = None if records.representatives is None else nodes(records.representatives)[position]
        node_of = np.arange(len(records))
        probability = pairs.probability
        if copies is not None:
            constrained = np.zeros(len(records), dtype=bool)
            constrained[cannot.ravel()] = True
            if sources is not None:
                constrained |= sources >= 0
            if records.distinctive is not None:
                certain = records.distinctive[position] & (copies != np.arange(len(copies)))
                left, right, probability = _with_certain_copies(left, right, probability, copies, certain)
            left, right, probability = _as_their_originals(left, right, probability, copies, constrained)
            is_match = probability >= spec.thresholds.match
            follows = is_match & ((copies[left] == right) | (copies[right] == left)) & (copies[left] == copies[right])
            copy = np.where(copies[left] == right, left, right)
            follows &= ~constrained[copy]
            node_of[copy[follows]] = copies[copy[follows]]
            left, right, must = node_of[left], node_of[right], node_of[must]
            kept = left != right
            left, right, probability, is_match = left[kept], right[kept], probability[kept], is_match[kept]
        inner = _log_odds(np.array([min(spec.thresholds.match, 0.5)]))[0]
        return cls(
            position=position,
            node_of=node_of,
            left=np.minimum(left, right),
            right=np.maximum(left, right),
            weight=_log_odds(probability) - inner,
            is_edge=is_match,
            absent=float(-_log_odds(np.array([1.0]))[0] - inner),
            inner=float(inner),
            must=must,
            cannot=cannot,
            sources=sources,
        )

    def components(self, limits: Sequence[int]) -> list[Positions]:
        """The number of the component of each node, for each limit; where no component is too large, the same array.

        Must-link decisions are the strongest edges.
        """
        left = np.concatenate([self.must[:, 0], self.left[self.is_edge]])
        right = np.concatenate([self.must[:, 1], self.right[self.is_edge]])
        strength = np.concatenate([np.full(len(self.must), np.inf), self.weight[self.is_edge]])
        component = components(left, right, len(self.position))
        return [bounded_components(component, left, right, strength, limit) for limit in limits]

    def named(self, numbers: Positions, keys: Keys) -> Keys:
        """For each record, in order of its key, the smallest key of those with the number of its node."""
        number = np.empty(len(keys), dtype=np.int64)
        number[self.position] = numbers[self.node_of]
        first = np.empty(number.max(initial=-1) + 1, dtype=np.int64)
        first[number[::-1]] = np.arange(len(keys))[::-1]  # of several values the last one stays
        smallest: Keys = keys[first[number]]  # keys ascend, so the first is the smallest
        return smallest


def _with_certain_copies(
    left: Positions, right: Positions, probability: Floats, copies: Positions, certain: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats]:
    """The pairs, with one of each certain copy and the record it copies that is a match whatever its score."""
    is_theirs = (certain[left] & (copies[left] == right)) | (certain[right] & (copies[right] == left))
    copy = np.flatnonzero(certain)
    return (
        np.concatenate([left[~is_theirs], copy]),
        np.concatenate([right[~is_theirs], copies[copy]]),
        np.concatenate([probability[~is_theirs], np.ones(len(copy))]),
    )


def _as_their_originals(
    left: Positions, right: Positions, probability: Floats, copies: Positions, constrained: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats]:
    """The pairs, and for each constrained copy those of the record it copies, since blocking proposes no others."""
    copies_of: dict[int, list[int]] = {}
    for copy in np.flatnonzero(constrained & (copies != np.arange(len(copies)))).tolist():
        copies_of.setdefault(int(copies[copy]), []).append(copy)
    if not copies_of:
        return left, right, probability
    has_copies = np.zeros(len(copies), dtype=bool)
    has_copies[list(copies_of)] = True
    added: list[tuple[int, int, float]] = []
    of_copy: dict[int, float] = {}
    for pair in np.flatnonzero(has_copies[left] | has_copies[right]):
        one, other, value = int(left[pair]), int(right[pair]), float(probability[pair])
        if copies[one] == copies[other]:
            of_copy[other if copies[other] == one else one] = value
            continue
        ones, others = [one, *copies_of.get(one, [])], [other, *copies_of.get(other, [])]
        added += [(a, b, value) for a in ones for b in others if (a, b) != (one, other)]
    for of_one in copies_of.values():
        known = [copy for copy in of_one if copy in of_copy]
        added += [(a, b, of_copy[a]) for place, a in enumerate(known) for b in known[place + 1 :]]
    if not added:
        return left, right, probability
    lefts, rights, probabilities = zip(*added, strict=True)
    return (
        np.concatenate([left, np.array(lefts, dtype=np.int64)]),
        np.concatenate([right, np.array(rights, dtype=np.int64)]),
        np.concatenate([probability, np.array(probabilities)]),
    )


def _source_numbers(records: Records, spec: Spec) -> Positions | None:
    """For each record the number of its source if the spec says that it has no duplicates, else -1."""
    if not spec.duplicate_free or records.sources is None:
        return None
    numbers = {source: number for number, source in enumerate(spec.duplicate_free)}
    return np.array([numbers.get(source, -1) for source in records.sources], dtype=np.int64)


def _log_odds(probability: Floats) -> Floats:
    bounded = np.clip(probability, 1 - MOST_CERTAIN, MOST_CERTAIN)
    return np.asarray(np.log2(bounded / (1 - bounded)))


def _in_order(records: Records) -> tuple[Positions, Positions]:
    """The place in `records` of each node, and the node at each place."""
    places = np.arange(len(records))
    if records.order is None:
        return places, places
    position = np.argsort(records.order, kind="stable")
    rank = np.empty_like(position)
    rank[position] = places
    return position, rank
