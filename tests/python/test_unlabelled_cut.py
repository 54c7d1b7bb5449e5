"""Where a ranking learned without labels is cut, and what is beyond doubt: by hand."""

from __future__ import annotations

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.spec import Spec
from dbt_dedup.training.unlabelled_cut import Cut, cut_that_holds_together, sum_beyond_doubt, thresholds_at


def spec(precision: float = 0.98, review_budget: int = 10, floor: float = 0.01) -> Spec:
    targets = {"precision": precision, "recall": 0.9, "review_budget": review_budget}
    return make_spec(targets=targets, thresholds={"match": "auto", "review": "auto", "floor": floor})


def cut(pairs: list[tuple[int, int, float]], precision: float = 0.98, least: float = 0.0) -> Cut:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    return cut_that_holds_together(left, right, np.array([pair[2] for pair in pairs]), spec(precision), least)


def lump(strength: float, against: float) -> list[tuple[int, int, float]]:
    """Four records of which two pairs match, and two more of them connect with `strength`; two speak against it."""
    return [(0, 1, 12.0), (2, 3, 12.0), (1, 2, strength), (0, 3, strength), (0, 2, against), (1, 3, against)]


def test_entities_that_hold_together_are_cut_at_the_least_weight() -> None:
    found = cut([(0, 1, 3.0), (1, 2, 2.0), (0, 2, 0.5), (3, 4, -1.0)])
    assert (found.weight, found.pairs, found.transitivity) == (0.0, 3, 1.0)
    assert cut([(0, 1, 3.0), (2, 3, 1.0)], least=2.0) == Cut(2.0, 1, 1.0)
    assert cut([(0, 1, 2.0)], least=2.0) == Cut(2.0, 1, 1.0)  # at the cut itself
    assert cut([]) == Cut(0.0, 0, 1.0)


def test_the_cut_rises_by_half_bits_to_where_enough_pairs_inside_are_matches() -> None:
    # the bridges of 2.2 bits bring two pairs of -0.5 into one entity: four of six are matches
    assert cut(lump(2.2, -0.5), 0.66) == Cut(0.0, 4, 4 / 6)
    assert cut(lump(2.2, -0.5), 0.67) == Cut(2.5, 2, 1.0)
    assert cut(lump(1.9, -0.5), 0.98) == Cut(2.0, 2, 1.0)
    assert cut(lump(2.2, -0.5), 0.98, least=0.25) == Cut(2.25, 2, 1.0)


def test_a_pair_of_even_odds_is_no_match_inside_an_entity() -> None:
    assert cut(lump(2.0, 0.0), 0.5).transitivity == pytest.approx(4 / 6)


def test_where_no_cut_holds_together_it_is_above_all_pairs() -> None:
    """Even the surest pairs bring others into entities: three records at 12 bits, the third pair against."""
    found = cut([(0, 1, 12.0), (1, 2, 12.0), (0, 2, -0.5)], 0.98)
    assert (found.pairs, found.transitivity) == (0, 1.0)
    assert found.weight == 12.5


@pytest.mark.parametrize(
    ("budget", "floor", "below", "review"),
    [
        (2, 0.01, [0.5, 0.4, 0.3, 0.2], 0.4),
        (9, 0.01, [0.5, 0.4, 0.3, 0.2], 0.2),  # all of them
        (0, 0.01, [0.5, 0.4, 0.3, 0.2], 0.5),  # at least one
        (9, 0.25, [0.5, 0.4, 0.3, 0.2], 0.25),  # none below the floor
        (9, 0.7, [0.5, 0.4, 0.3, 0.2], 0.4),  # unless half of the match threshold is lower
        (9, 0.01, [], 0.4),  # nothing is below: half of it
    ],
)
def test_the_review_threshold_leaves_as_many_pairs_as_there_is_time_for(
    budget: int, floor: float, below: list[float], review: float
) -> None:
    probability = np.random.default_rng(1).permutation([0.95, 0.8, *below])
    found = thresholds_at(Cut(2.0, 2, 1.0), np.log2(probability / (1 - probability)), spec(0.98, budget, floor))
    assert found.match == pytest.approx(0.8)
    assert found.review == pytest.approx(review)


def test_review_is_below_match_whatever_waits() -> None:
    weight = np.array([5.0, np.nextafter(2.0, 0)])
    found = thresholds_at(Cut(2.0, 1, 1.0), weight, spec())
    assert 0 < found.review < found.match


def test_beyond_doubt_is_above_every_pair_with_a_field_that_does_not_agree_and_above_chance() -> None:
    total = np.array([30.0, 25.0, 22.0, 40.0])
    scores = np.array([[15.0, 15.0], [24.5, 0.5], [21.0, 1.0], [40.0, np.nan]])
    assert sum_beyond_doubt(total, scores, 2.0**12) == 25.0
    assert sum_beyond_doubt(total, scores, 2.0**16) == 26.0  # one pair in a thousand of all by chance
    agree = np.full((4, 2), 9.0)
    assert sum_beyond_doubt(total, agree, 2.0**3) == 13.0
    assert sum_beyond_doubt(total, agree, 2.0**-12) == 0.0
