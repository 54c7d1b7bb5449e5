"""Where learning without labels begins."""

from __future__ import annotations

import numpy as np
import pytest

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.classifiers.anchored import learn_anchored
from dbt_dedup.training.starts import Start, otsu, starts, surest_pairs

FIELDS = ("name", "city", "phone")


def test_the_surest_pairs_are_the_best_of_both_their_records_and_stand_out() -> None:
    left = np.array([0, 0, 2, 4, 6, 8])
    right = np.array([1, 3, 3, 5, 7, 9])
    # 0 has a better pair than 0, 3; that of 6 and 7 does not stand out
    total = np.array([20.0, 19.0, 18.0, 21.0, 2.0, 3.0])
    assert surest_pairs(left, right, total, 10).tolist() == [True, False, False, True, False, False]
    total[1] = 20.0  # as good as the best of 0
    assert surest_pairs(left, right, total, 10).tolist() == [True, True, False, True, False, False]


def test_otsus_cut_leaves_the_least_variance_on_either_side() -> None:
    random = np.random.default_rng(2)
    for _ in range(20):
        values = np.concatenate(
            [random.normal(0, 1, 40), random.normal(random.uniform(2, 9), 2, random.integers(5, 90))]
        )
        within = {
            cut: sum(side.var() * len(side) for side in (values[values <= cut], values[values > cut]))
            for cut in np.sort(values)[:-1]
        }
        best = min(within, key=lambda cut: within[cut])
        width = (values.max() - values.min()) / 256
        neighbours = np.sort(values)[
            [np.searchsorted(np.sort(values), best), np.searchsorted(np.sort(values), best) + 1]
        ]
        assert neighbours[0] - width <= otsu(values) <= neighbours[1] + width
        assert otsu(values / 1000) == pytest.approx(otsu(values) / 1000, abs=width / 1000)  # in any unit


def measured_example() -> tuple[list[Start], np.ndarray, np.ndarray]:
    """Starts of 400 pairs of which one in four is a match, the plain sums, and the surest pairs."""
    random = np.random.default_rng(4)
    is_match = np.arange(400) % 4 == 0
    features = np.where(is_match[:, None], random.random((400, 3)) < 0.9, random.random((400, 3)) < 0.2).astype(float)
    features += random.random((400, 3)) * 0.3
    chance = (random.random((2000, 3)) < 0.05) + random.random((2000, 3)) * 0.3
    blank = FellegiSunterClassifier((1, 1, 1), FIELDS)
    measured = blank.measure(features, chance)
    surest = is_match & (measured.total > np.quantile(measured.total, 0.95))
    return list(starts(blank, measured, surest, 50_000.0)), measured.total, surest


def test_starts_are_named_by_what_they_are_learned_from_and_some_keep_relatives_apart() -> None:
    found, _, surest = measured_example()
    count = int(surest.sum())
    assert 10 <= count < 400 / 16
    assert [start.name for start in found] == [
        "surest pairs, discounted",
        "surest pairs",
        "surest pairs, widened",
        "above the prior, discounted",
        "with relatives",
        "with relatives, discounted",
        *(f"plain sum, {count * times} pairs" for times in (1, 2, 4, 8, 16)),
    ]
    assert [start.classifier is not None for start in found] == [True] * 4 + [False] * 7
    assert [start.keeps_relatives_apart for start in found] == [False] * 4 + [True] * 2 + [False] * 5


def test_starts_with_relatives_are_log2_odds_from_all_pairs_above_the_prior() -> None:
    random = np.random.default_rng(4)
    is_match = np.arange(400) % 4 == 0
    features = (random.random((400, 3)) < np.where(is_match, 0.9, 0.2)[:, None]).astype(float)
    blank = FellegiSunterClassifier((1, 1, 1), FIELDS)
    measured = blank.measure(features, (random.random((2000, 3)) < 0.1).astype(float))
    candidates, of_pair = measured.patterns()
    sums = np.array([measured.total[of_pair == pattern][0] for pattern in range(len(candidates.count))])
    all_pairs = 2.0 ** ((sums[:-1] + sums[1:]) / 2)[np.argsort(np.abs(sums[:-1] - 5))[0]]
    above = np.where(sums > np.log2(all_pairs), 0.95, 0.05)
    assert 0 < (above > 0.5).sum() < len(sums)
    by_name = {start.name: start for start in starts(blank, measured, is_match, all_pairs)}
    for name, discounted in (("with relatives", False), ("with relatives, discounted", True)):
        learned = learn_anchored(
            candidates,
            measured.random_patterns(),
            measured.sizes,
            all_pairs,
            above,
            30,
            discounted=discounted,
            related=True,
        )
        assert by_name[name].weight == pytest.approx(learned.log_odds[of_pair] / np.log(2))
    learned = learn_anchored(
        candidates, measured.random_patterns(), measured.sizes, all_pairs, above, 30, discounted=True
    )
    assert by_name["above the prior, discounted"].weight == pytest.approx(learned.log_odds[of_pair] / np.log(2))


def test_a_cut_of_the_sum_has_so_many_pairs_above_0_and_3_bits_double_the_odds() -> None:
    found, total, _ = measured_example()
    for start in found[-5:]:
        at = int(start.name.split()[2])
        assert start.weight == pytest.approx((total - np.sort(total)[::-1][at]) / 3)
        assert (start.weight > 0).sum() == at


def test_a_cut_below_all_pairs_is_none() -> None:
    """Of 40 pairs 20 are surest: there is no cut at 40 pairs."""
    random = np.random.default_rng(5)
    features = np.concatenate([np.ones((20, 3)), np.zeros((20, 3))]) + random.random((40, 3)) * 0.2
    blank = FellegiSunterClassifier((1, 1, 1), FIELDS)
    measured = blank.measure(features, random.random((200, 3)) * 0.3)
    names = [start.name for start in starts(blank, measured, np.arange(40) < 20, 780.0)]
    assert names[-1] == "plain sum, 20 pairs"
    names = [start.name for start in starts(blank, measured, np.arange(40) < 1, 780.0)]
    assert names[-5:] == [f"plain sum, {at} pairs" for at in (1, 2, 4, 8, 16)]
    names = [start.name for start in starts(blank, measured, np.arange(40) < 0, 780.0)]
    assert names[-1] == "with relatives, discounted"


def test_the_weights_of_a_start_are_those_of_its_classifier() -> None:
    random = np.random.default_rng(6)
    features = (random.random((300, 3)) < np.where(np.arange(300) % 3 == 0, 0.9, 0.1)[:, None]).astype(float)
    blank = FellegiSunterClassifier((1, 1, 1), FIELDS)
    measured = blank.measure(features, (random.random((900, 3)) < 0.05).astype(float))
    for start in starts(blank, measured, np.arange(300) % 3 == 0, 40_000.0):
        if start.classifier is not None:
            assert start.classifier.decision_function(features) == pytest.approx(start.weight)
            likely = start.classifier.predict_proba(features)[:, 1]
            assert start.classifier.match_share_ == pytest.approx(likely.mean(), abs=1e-3)


def test_matches_look_as_the_surest_pairs_where_one_round_is_learned() -> None:
    """Ten sure pairs that agree on the name and six of them on the city; half a pair is added to each level."""
    features = np.zeros((100, 2))
    features[:10, 0], features[:6, 1], features[50:60, 1] = 1.0, 1.0, 1.0
    random = np.random.default_rng(7)
    chance = (random.random((1000, 2)) < 0.1).astype(float)
    blank = FellegiSunterClassifier((1, 1), ("name", "city"))
    measured = blank.measure(features, chance)
    assert measured.sizes == [3, 3]  # agree, differ, null
    by_name = {start.name: start for start in starts(blank, measured, np.arange(100) < 10, 5_000.0)}
    learned = by_name["surest pairs"].classifier
    assert learned is not None
    assert learned.m_[[0, 1, 3, 4]] == pytest.approx([0.5 / 11, 10.5 / 11, 4.5 / 11, 6.5 / 11])
    assert (learned.discounts_ == 1).all()
    widened = by_name["surest pairs, widened"].classifier
    assert widened is not None
    assert not np.allclose(widened.m_[:2], learned.m_[:2])
