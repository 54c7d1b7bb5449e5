"""Fields on the scale of surprise, their levels, and what matches and other pairs look like in them: by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.isotonic import isotonic_regression

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.classifiers.anchored import Patterns, ascending, learn_anchored
from dbt_dedup.classifiers.measured_pairs import MeasuredPairs, count_patterns
from dbt_dedup.classifiers.mixture import Mixture
from dbt_dedup.classifiers.steps import find_steps

NAN = np.nan


def bits(at_least: float, of: float) -> float:
    """Bits of a value which so many of the random values reach."""
    return float(-np.log2((at_least + 0.5) / (of + 0.5)))


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_a_value_surprises_by_how_few_random_pairs_reach_it() -> None:
    chance = column(0, 0, 0, 0, 1, 1, 2, NAN)
    scores = FellegiSunterClassifier().measure(column(0, 0.5, 1, 2, 3, NAN), chance).scores[:, 0]
    expected = [0.0, bits(3, 7), bits(3, 7), bits(1, 7), bits(0, 7)]
    assert scores[:5] == pytest.approx(expected)
    assert np.isnan(scores[5])


def test_where_less_is_more_alike_smaller_values_surprise() -> None:
    chance = column(9, 9, 9, 9, 5, 5, 1)
    scores = FellegiSunterClassifier((-1,)).measure(column(9, 7, 5, 1, 0), chance).scores[:, 0]
    assert scores == pytest.approx([0.0, bits(3, 7), bits(3, 7), bits(1, 7), bits(0, 7)])


def test_without_random_pairs_candidates_say_what_surprises() -> None:
    scores = FellegiSunterClassifier().measure(column(0, 0, 0, 1)).scores[:, 0]
    assert scores == pytest.approx([0.0, 0.0, 0.0, bits(1, 4)])


def test_steps_are_at_least_an_eighth_of_a_bit_and_cost_less_than_one() -> None:
    random = np.random.default_rng(1)
    chance = random.random((3000, 1))
    values = random.random((500, 1))
    model = FellegiSunterClassifier()
    scores = model.measure(values, chance).scores[:, 0]
    exact = np.array([bits((chance[:, 0] >= value).sum(), 3000) for value in values[:, 0]])
    assert (np.abs(scores - exact) < 0.126).all()
    assert 50 < len(model.upper_ends_) < 100
    # eighths are counted from 0: of each the first value is kept
    known = model.surprises_[:-2]
    assert len(set(np.floor(known / 0.125).tolist())) == len(known)


def test_the_score_of_a_field_is_the_mean_of_its_features_and_unknown_where_all_are() -> None:
    chance = np.array([[0.0, 0.0]] * 7 + [[1.0, 1.0]])
    features = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, NAN], [NAN, NAN], [0.0, 0.0]])
    measured = FellegiSunterClassifier(fields=("name", "name")).measure(features, chance)
    one = bits(1, 8)
    assert measured.scores[[0, 1, 2, 4], 0] == pytest.approx([one, one / 2, one / 2, 0.0])
    assert np.isnan(measured.scores[3, 0])
    assert measured.total == pytest.approx([one, one / 2, one / 2, 0.0, 0.0])


def test_fields_are_numbered_by_their_first_feature_that_is_used() -> None:
    features = np.array([[1.0, 0.0, 5.0, 0.0, 1.0], [0.0, 1.0, 5.0, 1.0, 0.0]])
    model = FellegiSunterClassifier((1, 0, 1, 1, -1), fields=("a", "b", "c", "d", "a"))
    measured = model.measure(features, features)
    assert model.fields_.tolist() == [0, -1, -1, 1, 0]
    assert model.ignored_features_.tolist() == [1, 2]
    assert model.used_features() == [0, 3, 4]
    assert measured.scores.shape == (2, 2)


def test_levels_end_at_quantiles_of_candidates_and_of_random_pairs() -> None:
    """Hundred distinct values, of which random pairs reach fewer and fewer."""
    values = np.arange(101.0)
    model = FellegiSunterClassifier(n_levels=4)
    measured = model.measure(values[:, None], values[:, None])
    scores = np.sort(measured.scores[:, 0])
    wanted = {float(scores[at]) for at in (25, 50, 75, 50, 80, 95, 99)}
    assert model.level_ends_[:-2].tolist() == sorted(wanted)
    assert np.isposinf(model.level_ends_[-2])
    assert np.isnan(model.level_ends_[-1])
    assert measured.sizes == [len(wanted) + 2]
    expected = [sum(end < score for end in sorted(wanted)) for score in measured.scores[:, 0]]
    assert measured.levels[:, 0].tolist() == measured.random_levels[:, 0].tolist() == expected
    candidates_only = FellegiSunterClassifier(n_levels=4)
    candidates_only.measure(values[:, None])
    assert len(candidates_only.level_ends_) == 3 + 2


def test_no_level_is_above_the_highest_score() -> None:
    model = FellegiSunterClassifier(n_levels=4)
    measured = model.measure(column(0, 0, 0, 0, 0, 0, 1, 1), column(0, 0, 0, 1))
    assert measured.sizes == [3]
    assert measured.levels[:, 0].tolist() == [0] * 6 + [1] * 2
    assert model.level_ends_[0] == 0.0


def test_an_unknown_score_has_the_last_level() -> None:
    model = FellegiSunterClassifier()
    measured = model.measure(column(0, 1, NAN), column(0, 0, 1, NAN))
    assert measured.levels[2, 0] == measured.random_levels[3, 0] == measured.sizes[0] - 1


def test_the_plain_sum_weighs_scores_in_eighths_of_a_bit() -> None:
    random = np.random.default_rng(3)
    features, chance = random.random((80, 3)), random.random((200, 3))
    features[random.random((80, 3)) < 0.2] = NAN
    model = FellegiSunterClassifier(fields=("name", "name", "city"))
    measured = model.measure(features, chance)
    model.take_surprise(measured, -2.0)
    scores = np.nan_to_num(measured.scores)
    assert model.decision_function(features) == pytest.approx(-2.0 + (np.ceil(scores * 8) / 8).sum(axis=1))
    model.check_state()
    assert np.isnan(model.match_share_)
    assert (model.discounts_ == 1).all()
    assert np.isnan(model.m_).all()
    assert np.isnan(model.u_).all()


def shared_field() -> FellegiSunterClassifier:
    """Two features of one field: the second says twice as much as the first in a pair that has both."""
    chance = np.array([[0.0, 0.0]] * 12 + [[1.0, 0.0]] * 3 + [[1.0, 1.0]])
    model = FellegiSunterClassifier(fields=("name", "name"))
    model.take_surprise(model.measure(np.array([[1.0, 1.0], [0.0, 0.0]]), chance), 0.0)
    return model


def test_what_a_field_says_for_a_match_is_shared_by_surprise() -> None:
    model = shared_field()
    pairs = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, NAN]])
    first, second = bits(4, 16), bits(1, 16)
    both, one, other = model.explain(pairs)
    assert both[1] / both[0] == pytest.approx(second / first)
    assert both.sum() == pytest.approx(np.ceil((first + second) / 2 * 8) / 8)
    assert one.tolist() == other.tolist() == [np.ceil(first / 2 * 8) / 8, 0.0]


def test_what_a_field_says_against_a_match_is_shared_evenly_between_what_is_known() -> None:
    model = shared_field()
    model.level_weights_ = np.append(model.level_weights_[:-1] - 9.0, 0.0)
    total = model.decision_function(np.array([[1.0, 0.0], [1.0, NAN], [NAN, NAN]]))
    shared = model.explain(np.array([[1.0, 0.0], [1.0, NAN], [NAN, NAN]]))
    assert (total[:2] < 0).all()
    assert shared.tolist() == [[total[0] / 2] * 2, [total[1], 0.0], [0.0, 0.0]]
    # a weight for a match of a field that does not surprise is shared evenly too
    model.level_weights_ = np.append(model.level_weights_[:-1] + 20.0, 0.0)
    assert model.explain(np.array([[0.0, 0.0]])).tolist() == [[model.level_weights_[0] / 2] * 2]


def test_a_group_has_all_that_its_features_weigh() -> None:
    random = np.random.default_rng(4)
    features = random.random((30, 4))
    model = FellegiSunterClassifier(fields=("name", "name", "city", "phone"))
    model.take_surprise(model.measure(features, random.random((90, 4))), 0.0)
    columns = dict(enumerate(features.T))
    weights = model.explain(features)
    for groups in ([0, 0, 1, 1], [0, 1, 1, 0], [2, 2, 2, 0]):
        total, of_groups = model.scorer(groups)(columns, 30)
        together = [weights[:, np.array(groups) == group].sum(axis=1) for group in range(max(groups) + 1)]
        assert of_groups == pytest.approx(np.column_stack(together))
        assert total == pytest.approx(model.decision_function(features))
    assert model.scorer(None)(columns, 30)[1].shape == (30, 0)


def test_a_table_of_steps_that_was_tampered_with_is_refused() -> None:
    random = np.random.default_rng(5)

    def fitted() -> FellegiSunterClassifier:
        features = random.random((40, 2))
        model = FellegiSunterClassifier()
        return model.take_surprise(model.measure(features, random.random((90, 2))), 0.0)

    def changed(values: np.ndarray, at: int, value: float) -> np.ndarray:
        values = values.copy()
        values[at] = value
        return values

    def tampered(**changes: Any) -> None:
        model = fitted()
        for name, change in changes.items():
            setattr(model, name, change(getattr(model, name)))
        with pytest.raises(ValueError, match="the levels of the model do not belong together"):
            model.check_state()

    fitted().check_state()
    tampered(directions_=lambda d: np.array([1, 2]))
    tampered(directions_=lambda d: d[:1])
    tampered(fields_=lambda f: f[:1])
    tampered(fields_=lambda f: np.array([0, -2]), discounts_=lambda d: d[:1])
    tampered(fields_=lambda f: np.array([1, -2]))
    tampered(discounts_=lambda d: np.ones(3))
    tampered(bias_=lambda b: np.inf)
    for starts, ends, values in (
        ("starts_", "upper_ends_", "surprises_"),
        ("level_starts_", "level_ends_", "level_weights_"),
    ):
        tampered(**{starts: lambda s: s[1:]})
        tampered(**{starts: lambda s: np.append(0, s)})
        tampered(**{starts: lambda s: changed(s, 0, 1)})
        tampered(**{starts: lambda s: changed(s, -1, s[-1] - 1)})
        tampered(**{starts: lambda s: changed(s, 1, s[-1] - 1)})
        tampered(**{starts: lambda s: changed(s, 1, 1)})
        tampered(**{starts: lambda s: changed(s, 1, s[1] + 1)})
        tampered(**{ends: lambda e: e[1:]})
        tampered(**{values: lambda v: v[1:]})
        tampered(**{values: lambda v: changed(v, 0, np.nan)})
        tampered(**{values: lambda v: changed(v, -1, 0.5)})
        tampered(**{ends: lambda e: changed(e, -1, np.inf)})


@pytest.mark.parametrize("cuts", [5, 24, 25, 40])
def test_a_step_counts_the_cuts_below_a_value_and_null_has_one_of_its_own(cuts: int) -> None:
    ends = np.arange(cuts, dtype=float)
    values = np.array([-1.0, 0.0, 0.5, 3.0, cuts - 1.0, cuts + 5.0, NAN])
    assert find_steps(values, ends).tolist() == [0, 0, 1, 3, cuts - 1, cuts, cuts + 1]


def test_patterns_are_counted_and_each_pair_knows_its_own() -> None:
    levels = np.array([[1, 0], [0, 1], [1, 0], [1, 1], [0, 1], [1, 0]])
    distinct, count, of_row = count_patterns(levels, [2, 2])
    assert distinct[of_row].tolist() == levels.tolist()
    assert sorted(zip(distinct.tolist(), count.tolist(), strict=True)) == [([0, 1], 2), ([1, 0], 3), ([1, 1], 1)]


def test_patterns_of_more_levels_than_a_number_can_hold_are_told_apart() -> None:
    """Thirty fields of ten levels have 10^30 patterns, and a number has 63 bits."""
    random = np.random.default_rng(6)
    levels = random.integers(0, 10, (50, 30))
    levels = np.concatenate([levels, levels[:20], levels[:5]])
    distinct, count, of_row = count_patterns(levels, [10] * 30)
    assert distinct[of_row].tolist() == levels.tolist()
    assert len(distinct) == 50
    assert sorted(count.tolist()) == [1] * 30 + [2] * 15 + [3] * 5


def test_shares_have_half_a_pair_added_to_each_level_and_leave_null_out() -> None:
    patterns = Patterns(np.array([[0, 1], [1, 1], [2, 0]]), np.array([4.0, 2.0, 5.0]))
    first, second = patterns.shares([3, 3])
    assert first == pytest.approx([4.5 / 7, 2.5 / 7])
    assert second == pytest.approx([5.5 / 12, 6.5 / 12])
    first, _ = patterns.shares([3, 3], np.array([0.5, 1.0, 0.0]))
    assert first == pytest.approx([2.5 / 5, 2.5 / 5])


def test_the_covariance_of_weights_counts_each_pattern_by_its_pairs() -> None:
    patterns = Patterns(np.array([[0, 0], [1, 0], [1, 1]]), np.array([1.0, 2.0, 3.0]))
    contributions = patterns.weigh([np.array([0.0, 2.0, 0.0]), np.array([-1.0, 1.0, 0.0])])
    assert contributions.tolist() == [[0, -1], [2, -1], [2, 1]]
    pairs = np.repeat(contributions, [1, 2, 3], axis=0)
    assert patterns.covariance(contributions) == pytest.approx(np.cov(pairs.T, ddof=0))
    half = patterns.covariance(contributions, np.array([1.0, 0.5, 0.0]))
    assert half == pytest.approx(np.cov(contributions[:2].T, aweights=[1.0, 1.0], ddof=0))
    assert patterns.covariance(contributions, np.zeros(3)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_values_that_never_fall(seed: int) -> None:
    random = np.random.default_rng(seed)
    values, weights = random.integers(-5, 6, 12) / 2, random.integers(1, 4, 12).astype(float)
    assert ascending(values, weights) == pytest.approx(isotonic_regression(values, sample_weight=weights))


def shares_of(patterns: Patterns, weight: np.ndarray, size: int, field: int) -> np.ndarray:
    mass = np.zeros(size - 1)
    for levels, count, part in zip(patterns.levels, patterns.count, weight, strict=True):
        if levels[field] < size - 1:
            mass[levels[field]] += count * part
    shares: np.ndarray = (mass + 0.5) / (mass + 0.5).sum()
    return shares


def test_one_round_of_anchored_estimation_by_hand() -> None:
    candidates = Patterns(np.array([[1, 1], [0, 1], [1, 0], [0, 0], [2, 1]]), np.array([30.0, 20.0, 10.0, 90.0, 8.0]))
    chance = Patterns(np.array([[0, 0], [1, 0], [0, 1], [2, 1]]), np.array([500.0, 40.0, 60.0, 5.0]))
    start, pairs = np.array([0.95, 0.2, 0.3, 0.01, 0.5]), 300.0
    learned = learn_anchored(candidates, chance, [3, 3], pairs, start, 1, discounted=False)
    evidence = np.zeros(5)
    for field in (0, 1):
        of_match = shares_of(candidates, start, 3, field)
        of_chance = shares_of(chance, np.ones(4), 3, field)
        assert learned.m[field] == pytest.approx(of_match)
        assert learned.u[field] == pytest.approx(of_chance)
        weights = np.append(np.log(of_match / of_chance), 0.0)
        assert (np.diff(weights[:2]) > 0).all()
        assert learned.weights[field] == pytest.approx(weights)
        evidence += weights[candidates.levels[:, field]]
    assert learned.discounts.tolist() == [1.0, 1.0]
    # as many matches as these odds make probable
    probable = 1 / (1 + np.exp(-(evidence + np.log(learned.matches / pairs))))
    assert (probable * candidates.count).sum() == pytest.approx(learned.matches, rel=1e-6)
    assert learned.bias == pytest.approx(np.log(learned.matches / pairs))
    assert learned.log_odds == pytest.approx(evidence + learned.bias)


def test_anchored_estimation_ends_at_rest_and_matches_are_those_that_it_makes_probable() -> None:
    random = np.random.default_rng(8)
    is_match = random.random(3000) < 0.3
    levels = np.where(is_match[:, None], random.random((3000, 3)) < 0.9, random.random((3000, 3)) < 0.15).astype(int)
    distinct, count, _ = count_patterns(levels, [3] * 3)
    candidates = Patterns(distinct, count.astype(float))
    rare, counted, _ = count_patterns((random.random((20_000, 3)) < 0.05).astype(int), [3] * 3)
    chance = Patterns(rare, counted.astype(float))
    start = np.where(distinct.sum(axis=1) >= 2, 0.9, 0.1)
    found = learn_anchored(candidates, chance, [3] * 3, 1e6, start, 300, discounted=False)
    again = learn_anchored(candidates, chance, [3] * 3, 1e6, start, 900, discounted=False)
    assert found.log_odds.tolist() == again.log_odds.tolist()
    match = 1 / (1 + np.exp(-found.log_odds))
    for field in range(3):
        assert found.m[field] == pytest.approx(shares_of(candidates, match, 3, field), abs=1e-6)
    few = learn_anchored(candidates, chance, [3] * 3, 1e6, start, 2, discounted=False)
    assert np.abs(few.log_odds - found.log_odds).max() > 1e-6


def test_relatives_and_matches_settle_to_where_they_make_each_other_probable() -> None:
    """Matches agree on the name and the town, relatives on the town alone, and chance on neither."""
    random = np.random.default_rng(8)
    kind = random.choice(3, 6000, p=[0.2, 0.4, 0.4])
    chances = np.array([[0.9, 0.9, 0.9], [0.1, 0.9, 0.1], [0.1, 0.1, 0.1]])[kind]
    distinct, count, _ = count_patterns((random.random((6000, 3)) < chances).astype(int), [3] * 3)
    candidates = Patterns(distinct, count.astype(float))
    rare, counted, _ = count_patterns((random.random((20_000, 3)) < 0.1).astype(int), [3] * 3)
    start = np.where(distinct.sum(axis=1) == 3, 0.9, 0.1)
    found = learn_anchored(
        candidates, Patterns(rare, counted.astype(float)), [3] * 3, 20_000.0, start, 400, discounted=False, related=True
    )
    match = 1 / (1 + np.exp(-found.log_odds))
    for field in range(3):
        assert found.m[field] == pytest.approx(shares_of(candidates, match, 3, field), abs=1e-3)
    assert (match * candidates.count).sum() == pytest.approx(found.matches, rel=1e-3)
    assert found.matches == pytest.approx((kind == 0).sum(), rel=0.5)


def test_no_more_pairs_match_than_there_are_and_at_least_one_does() -> None:
    patterns = Patterns(np.array([[1], [0]]), np.array([50.0, 2.0]))
    chance = Patterns(np.array([[0], [1]]), np.array([5000.0, 1.0]))
    all_of_them = learn_anchored(patterns, chance, [3], 40.0, np.array([1.0, 0.0]), 1, discounted=False)
    assert all_of_them.matches == pytest.approx(40.0 * 0.999)
    hardly_any = learn_anchored(patterns, chance, [3], 1e12, np.array([0.0, 1.0]), 1, discounted=False)
    assert hardly_any.matches == 1.0


def test_a_discount_is_the_variance_of_a_field_by_what_it_has_in_common_with_all() -> None:
    """Two fields that always say the same count half each, and one that says something else counts whole."""
    levels = np.array([[a, a, b] for a in (0, 1) for b in (0, 1)])
    candidates = Patterns(levels, np.array([10.0, 10.0, 10.0, 10.0]))
    chance = Patterns(levels, np.array([81.0, 9.0, 9.0, 1.0]))
    start = np.array([0.2, 0.4, 0.4, 0.8])
    learned = learn_anchored(candidates, chance, [3] * 3, 1e4, start, 1, discounted=True)
    assert learned.discounts[:2] == pytest.approx([0.5, 0.5], abs=0.02)
    assert learned.discounts[2] > 0.9
    flat = learn_anchored(candidates, candidates, [3] * 3, 1e4, np.ones(4), 1, discounted=True)
    assert flat.discounts.tolist() == [1.0, 1.0, 1.0]  # no field says anything


def mixture(
    levels: np.ndarray, sizes: list[int], prior: list[np.ndarray], unrelated: np.ndarray
) -> tuple[Any, np.ndarray, np.ndarray]:
    patterns, count, of_pair = count_patterns(levels, sizes)
    score = np.bincount(of_pair, weights=levels.sum(axis=1).astype(float)) / count
    return Mixture(patterns, count, sizes, prior).learn(score, unrelated, 500), patterns, count


def two_classes(seed: int, share: float, fields: int = 4) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    is_match = random.random(4000) < share
    chances = np.where(is_match[:, None], np.linspace(0.7, 0.95, fields), np.linspace(0.3, 0.05, fields))
    return (random.random((4000, fields)) < chances).astype(int), is_match


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8])
def test_a_mixture_agrees_with_itself(share: float) -> None:
    """Weights make matches probable, and these give the shares and weights; half a pair and some of chance added."""
    levels, is_match = two_classes(int(100 * share), share)
    levels[::50, 0] = 2  # null
    prior = [np.array([0.9, 0.1]) for _ in range(4)]
    learned, patterns, count = mixture(levels, [3] * 4, prior, np.empty((0, 4), dtype=int))
    contributions = np.column_stack([learned.weights[j][patterns[:, j]] for j in range(4)])
    match = 1 / (1 + np.exp(-(np.log(learned.share / (1 - learned.share)) + contributions.sum(axis=1))))
    assert learned.share == pytest.approx((match * count).sum() / 4000, abs=1e-4)
    assert learned.share == pytest.approx(is_match.mean(), abs=0.03)
    covariance = np.zeros((4, 4))
    plain = contributions / learned.discounts
    for mass, part in ((match * count, learned.share), ((1 - match) * count, 1 - learned.share)):
        covariance += part * np.cov(plain.T, aweights=mass, ddof=0)
    together = np.where(covariance > 0, covariance, 0).sum(axis=1)
    assert learned.discounts == pytest.approx(np.diag(covariance) / together, abs=1e-3)
    for j in range(4):
        of_match, of_other = (
            np.array([(mass * count)[patterns[:, j] == level].sum() for level in (0, 1)]) for mass in (match, 1 - match)
        )
        of_match, of_other = of_match + 0.5, of_other + 0.5 + 20 * prior[j]
        of_match, of_other = of_match / of_match.sum(), of_other / of_other.sum()
        assert learned.m[j] == pytest.approx(of_match, abs=1e-4)
        assert learned.u[j] == pytest.approx(of_other, abs=1e-4)
        weights = learned.discounts[j] * np.log(of_match / of_other)
        assert learned.weights[j] == pytest.approx(np.append(weights, 0.0), abs=1e-3)


def test_at_least_one_pair_is_no_match() -> None:
    """All pairs agree where chance never does: else nothing more could be learned of other pairs."""
    levels = np.ones((400, 3), dtype=int)
    learned, _, _ = mixture(levels, [3] * 3, [np.array([0.999, 0.001])] * 3, np.empty((0, 3), dtype=int))
    assert learned.share == pytest.approx(1 - 1 / 402, abs=1e-6)
    assert all(np.isfinite(weights).all() for weights in learned.weights)


def test_the_rounds_of_all_pairs_are_counted() -> None:
    levels, _ = two_classes(2, 0.3)
    patterns, count, of_pair = count_patterns(levels, [3] * 4)
    score = np.bincount(of_pair, weights=levels.sum(axis=1).astype(float)) / count
    for most in (1, 3):
        learner = Mixture(patterns, count, [3] * 4, [np.array([0.9, 0.1])] * 4)
        learner.learn(score, np.empty((0, 4), dtype=int), most)
        assert learner.rounds == most


def test_fitted_weights_are_discounted_log2_odds_of_the_shares_and_make_as_many_matches_probable() -> None:
    levels, is_match = two_classes(4, 0.3)
    random = np.random.default_rng(4)
    chance = (random.random((3000, 4)) < 0.05).astype(float)
    model = FellegiSunterClassifier().fit(levels.astype(float), random_pairs=chance)
    likely = model.predict_proba(levels)[:, 1]
    assert model.match_share_ == pytest.approx(likely.mean(), abs=1e-3)
    assert model.match_share_ == pytest.approx(is_match.mean(), abs=0.05)
    assert model.bias_ == pytest.approx(np.log2(model.match_share_ / (1 - model.match_share_)))
    for field in range(4):
        at = slice(model.level_starts_[field], model.level_starts_[field + 1] - 1)
        ratio = np.log2(model.m_[at] / model.u_[at])
        assert model.level_weights_[at] == pytest.approx(model.discounts_[field] * ratio)
        assert model.level_weights_[at.stop] == 0
        assert np.isnan(model.m_[at.stop])
    assert model.n_patterns_ == len(np.unique(levels, axis=0))


def totals(scores: Sequence[Sequence[float]]) -> list[float]:
    nothing = np.empty((len(scores), 0), dtype=int)
    found: list[float] = MeasuredPairs(np.array(scores), nothing, nothing, []).total.tolist()
    return found


def test_the_plain_sum_leaves_out_what_is_unknown() -> None:
    assert totals([[1.0, 2.0], [NAN, 2.0], [NAN, NAN]]) == [3.0, 2.0, 0.0]
