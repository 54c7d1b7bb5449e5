"""Pairs that blocking did not propose: which of them are compared."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.constants import CLOSURE_RECORDS
from dbt_dedup.resolve import Records, ScoredPairs
from dbt_dedup.resolve.closure import with_closure

Pairs = list[tuple[int, int]]
KEYS = (2, 3, 5, 7, 11, 13)


def asked(matches: Pairs, keys: tuple[int, ...] = KEYS, spec: dict[str, Any] | None = None, **records: Any) -> Pairs:
    """The pairs whose probability is asked for, where these match."""
    pairs: Pairs = []

    def probabilities(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        pairs.extend(zip(left.tolist(), right.tolist(), strict=True))
        return np.arange(len(left)) / 100

    left, right = (np.array([pair[side] for pair in matches], dtype=np.int32) for side in (0, 1))
    given = ScoredPairs(left, right, np.full(len(matches), 0.95))
    changed = dataclasses.replace(make_spec(), **(spec or {}))
    closed = with_closure(Records(np.array(keys, dtype=np.int32), **records), given, changed, probabilities)
    if not pairs:
        assert closed is given
    assert list(zip(closed.left.tolist(), closed.right.tolist(), strict=True)) == matches + pairs
    assert closed.probability.tolist() == [0.95] * len(matches) + [place / 100 for place in range(len(pairs))]
    return sorted(pairs)


def test_every_other_pair_of_records_that_matches_connect_is_compared() -> None:
    star_and_path = [(2, 5), (2, 7), (11, 2), (3, 13)]
    assert asked(star_and_path) == [(5, 7), (5, 11), (7, 11)]
    assert asked([(2, 5), (7, 3), (7, 11)]) == [(3, 11)]
    assert asked([(2, 5), (5, 7), (3, 11), (13, 3)]) == [(2, 7), (11, 13)]


def test_nothing_is_compared_where_every_pair_is_known_or_there_is_none() -> None:
    assert asked([(2, 3), (3, 5), (5, 2), (7, 11)]) == []
    assert asked([]) == []
    assert asked([], keys=()) == []


def test_a_copy_is_not_compared_as_its_original_is() -> None:
    copies = np.array([2, 2, 5, 7, 11, 13], dtype=np.int32)
    assert asked([(2, 3), (2, 5), (5, 7)], representatives=copies) == [(2, 7)]


@pytest.mark.parametrize(
    ("source_mode", "compared"),
    [("both", [(2, 7), (3, 7), (5, 7)]), ("link_only", [(3, 7), (5, 7)]), ("dedupe_only", [(2, 7)])],
)
def test_only_pairs_that_the_source_mode_allows_are_compared(source_mode: str, compared: Pairs) -> None:
    sources = np.array(["crm", "web", "web", "crm", "crm", "crm"], dtype=object)
    matches = [(2, 3), (3, 5), (5, 2), (7, 13), (11, 13), (7, 11), (3, 11), (5, 11), (3, 13), (5, 13), (2, 11), (2, 13)]
    spec = {"source_mode": source_mode}
    assert asked(matches, sources=sources, spec=spec) == compared


def test_an_entity_without_sources_compares_all_whatever_its_source_mode() -> None:
    assert asked([(2, 3), (3, 5)], spec={"source_mode": "link_only"}) == [(2, 5)]


def test_groups_are_no_larger_than_components_and_than_the_limit_of_the_closure() -> None:
    path = [(2, 3), (3, 5), (5, 7)]
    assert asked(path, spec={"max_cluster_size": 3}) == [(2, 5)]
    many = tuple(range(CLOSURE_RECORDS + 1))
    star = [(0, key) for key in many[1:]]
    found = asked(star, keys=many, spec={"max_cluster_size": 1000})
    assert len(found) == (CLOSURE_RECORDS - 1) * (CLOSURE_RECORDS - 2) // 2
    assert CLOSURE_RECORDS not in {key for pair in found for key in pair}
