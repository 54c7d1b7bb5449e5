"""How an answer without labels is judged: every number worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dbt_dedup.training.structure import FieldScores, Structure, judge

NAN = np.nan


def structure(**changes: float) -> Structure:
    values = {"pairs": 16, "consistency": 0.8, "support": 1.0, "contrast": 1.0, "strangers": 0.0, **changes}
    return Structure(**values, weakest_field="name", opposed_field="city")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({}, 0.8),
        ({"support": 0.4, "contrast": 0.75, "strangers": 0.1}, 0.8),  # at the limits
        ({"support": 0.1}, 0.2),
        ({"contrast": 0.15}, 0.16),
        ({"strangers": 0.55}, 0.4),
        ({"support": 0.2, "contrast": 0.375, "strangers": 0.55}, 0.1),
        ({"support": -0.4}, -0.8),
    ],
)
def test_the_score_falls_in_proportion_to_what_does_not_speak_for_the_matches(
    changes: dict[str, float], score: float
) -> None:
    assert structure(**changes).score == pytest.approx(score)


def test_the_standard_error_of_a_score_is_that_of_a_share_of_the_pairs() -> None:
    assert structure().variance == pytest.approx(0.8 * 0.2 / 16)
    assert structure().lower_bound == pytest.approx(0.7)
    assert structure(pairs=1).variance == pytest.approx(0.16)
    assert structure(pairs=0).variance == pytest.approx(0.16)


def test_names_are_of_strangers_where_all_that_are_known_have_nothing_in_common() -> None:
    scores = np.array([[0.9, 1.9], [1.0, 1.9], [0.9, 2.0], [NAN, 1.9], [0.9, NAN], [NAN, NAN], [5.0, 5.0]])
    found = FieldScores.of(scores, {0: 1.0, 1: 2.0})
    assert found.are_named.tolist() == [True, True, True, True, True, False, True]
    assert found.are_strangers.tolist() == [True, False, False, True, True, False, False]
    assert found.bits[3].tolist() == [0.0, 1.9]
    assert found.known.tolist() == [[1, 1], [1, 1], [1, 1], [0, 1], [1, 0], [0, 0], [1, 1]]
    of_two_people = FieldScores.of(scores, {0: 1.0, 1: 2.0}, {0: np.arange(7) == 1})
    assert of_two_people.are_strangers.tolist() == [True, True, False, True, True, False, False]
    assert not FieldScores.of(scores).are_named.any()


def test_strangers_are_a_share_of_the_pairs_with_names_and_nothing_where_these_are_few() -> None:
    scores = np.array([[0.0], [0.0], [9.0], [9.0], [9.0], [NAN], [0.0]])
    found = FieldScores.of(scores, {0: 1.0})
    assert found.strangers(np.arange(7) < 6) == 0.4
    assert found.strangers(np.arange(7) < 4) == 0.0  # four are too few
    assert found.strangers(np.arange(7) < 0) == 0.0


def test_the_mean_of_a_field_takes_five_pairs_in_which_it_is_known() -> None:
    scores = np.column_stack([[1.0, 2.0, 3.0, 4.0, 10.0, 99.0], [1.0, 1.0, 1.0, 1.0, NAN, 99.0]])
    first, second = FieldScores.of(scores).means(np.arange(6) < 5)
    assert first == 4.0
    assert np.isnan(second)
    assert FieldScores.of(scores).means(np.arange(6) != 4)[1] == pytest.approx(103 / 5)


def test_dates_differ_where_one_is_known_and_none_has_anything_in_common() -> None:
    scores = np.array([[1.9, 1.9], [1.9, 2.0], [1.9, NAN], [NAN, NAN], [2.0, NAN]])
    assert FieldScores.of(scores, dates=[0, 1]).dates_differ().tolist() == [True, False, True, False, False]
    assert FieldScores.of(scores, dates=[1]).dates_differ().tolist() == [True, False, False, False, False]


def test_dates_agree_where_one_says_half_of_what_it_says_of_the_surest_pairs() -> None:
    scores = np.full((8, 3), 10.0)
    scores[5:, 0] = [5.0, 4.9, NAN]
    scores[:, 1] = NAN  # not known among the surest: it cannot agree
    scores[5:, 1] = 10.0
    surest = np.arange(8) < 5
    assert FieldScores.of(scores, dates=[0, 1]).dates_agree(surest).tolist() == [True] * 6 + [False, False]
    assert FieldScores.of(scores, dates=[2]).dates_agree(surest).all()


def test_consistency_is_twice_what_is_likely_inside_of_all_that_is_likely_and_all_inside() -> None:
    weight = np.log2([9.0, 9.0, 1.0, 1 / 9])  # probabilities 0.9, 0.9, 0.5 and 0.1
    scores = FieldScores.of(np.empty((4, 0)))
    found = judge(weight, np.array([True, True, False, False]), scores, np.zeros(4, dtype=bool), ())
    assert found.consistency == pytest.approx(2 * 1.8 / (2.4 + 2))
    assert (found.pairs, found.weakest_field, found.support, found.opposed_field) == (2, "", 1.0, "")
    nothing = judge(weight, np.zeros(4, dtype=bool), scores, np.zeros(4, dtype=bool), ())
    assert (nothing.pairs, nothing.consistency, nothing.score) == (0, 0.0, 0.0)


def test_fields_are_compared_with_the_surest_pairs_and_with_the_others() -> None:
    """Three fields: what they say in five sure pairs, five more inside, and five outside."""
    said = {"name": (8.0, 4.0, 1.0), "city": (4.0, 8.0, 8.0), "phone": (0.0, 3.0, -1.0), "mail": (9.0, NAN, 1.0)}
    scores = np.column_stack([np.repeat(of_field, 5) for of_field in said.values()])
    surest = np.arange(15) < 5
    inside = (np.arange(15) >= 5) & (np.arange(15) < 10)
    found = judge(np.zeros(15), inside, FieldScores.of(scores), surest, list(said))
    assert (found.weakest_field, found.support) == ("name", 0.5)  # phone says nothing in the surest pairs
    # outside are the surest pairs too: name has 4.5 there, city 6
    assert found.opposed_field == "name"
    assert found.contrast == pytest.approx(4 / 4.5)
    little = FieldScores.of(np.repeat([0.5, 0.25, 0.5], 5)[:, None])
    found = judge(np.zeros(15), inside, little, surest, ("city",))
    assert (found.weakest_field, found.support, found.opposed_field, found.contrast) == ("city", 0.5, "city", 0.5)
