from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.classifiers.anchored import Patterns, learn_anchored
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier
from dbt_dedup.training.unlabelled_cut import cut_that_holds_together, thresholds_at

FIELDS = ("name", "name", "name", "city", "postcode", "birth", "phone")
DIRECTIONS = (1, 1, 1, 1, 1, -1, 1)


def people(pairs: int, matches: float, seed: int = 0, nulls: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of people: three features of one name, city and postcode that go together, birth days apart, phone."""
    random = np.random.default_rng(seed)
    is_match = (random.random(pairs) < matches).astype(np.int64)
    same_name = random.random(pairs) < np.where(is_match, 0.8, 0.05)
    spelling = np.where(same_name, 1.0, random.beta(np.where(is_match, 8, 3), np.where(is_match, 2, 4)))
    rarity = np.where(same_name, random.gamma(8, 1, pairs) * np.where(is_match, 1, 0.4), 0.0)
    same_city = random.random(pairs) < np.where(is_match, 0.9, 0.1)
    same_postcode = np.where(random.random(pairs) < 0.1, random.random(pairs) < 0.5, same_city)
    days = np.where(random.random(pairs) < np.where(is_match, 0.85, 0.01), 0.0, random.exponential(9, pairs))
    phone = random.random(pairs) < np.where(is_match, 0.6, 0.01)
    features = np.column_stack([same_name, spelling, rarity, same_city, same_postcode, days, phone]).astype(float)
    features[:, 3:][random.random((pairs, 4)) < nulls] = np.nan
    features[random.random(pairs) < nulls, :3] = np.nan
    return features, is_match


def learn(candidates: np.ndarray, **options: Any) -> FellegiSunterClassifier:
    random, _ = people(5000, 0.001, seed=9)
    return FellegiSunterClassifier(DIRECTIONS, FIELDS, **options).fit(candidates, random_pairs=random)


@pytest.mark.parametrize("matches", [0.1, 0.2, 0.5, 0.75, 0.95, 0.98])
def test_share_of_matches_and_matches_are_found_without_labels(matches: float) -> None:
    features, is_match = people(6000, matches)
    model = learn(features)
    assert model.match_share_ == pytest.approx(is_match.mean(), abs=0.03)
    said = model.predict(features)
    hits = (said & is_match).sum()
    assert 2 * hits / (said.sum() + is_match.sum()) > 0.93


def test_weights_never_fall_where_a_feature_grows_more_alike() -> None:
    features, _ = people(3000, 0.3)
    model = learn(features)
    for j, direction in enumerate(DIRECTIONS):
        for row in features[:5]:
            grid = np.sort(np.unique(features[~np.isnan(features[:, j]), j]))[::direction]
            rows = np.repeat(row[None], len(grid), axis=0)
            rows[:, j] = grid
            assert (np.diff(model.decision_function(rows)) >= 0).all()


def test_agreement_on_a_rare_value_weighs_more_than_on_a_common_one() -> None:
    model = learn(people(6000, 0.3)[0])
    rare, common = model.explain([[1, 1, 12.0, *[np.nan] * 4], [1, 1, 1.0, *[np.nan] * 4]]).sum(axis=1)
    assert rare > common + 1


def test_fields_that_say_the_same_are_discounted_and_independent_ones_hardly() -> None:
    discounts = dict(zip(dict.fromkeys(FIELDS), learn(people(6000, 0.3)[0]).discounts_, strict=True))
    assert discounts["city"] < 0.7
    assert discounts["postcode"] < 0.7
    assert min(discounts[field] for field in ("name", "birth", "phone")) > 0.8


def test_weights_of_the_features_of_a_field_add_up_and_null_weighs_nothing() -> None:
    features, _ = people(2000, 0.3)
    model = learn(features)
    weights = model.explain(features)
    np.testing.assert_allclose(weights.sum(axis=1) + model.bias_, model.decision_function(features), rtol=0, atol=1e-12)
    assert (weights[np.isnan(features)] == 0).all()
    nothing = np.full((1, 7), np.nan)
    assert model.decision_function(nothing)[0] == model.bias_


def test_null_weighs_nothing_in_the_plain_sum_of_surprises() -> None:
    model = FellegiSunterClassifier(DIRECTIONS, FIELDS)
    model.take_surprise(model.measure(people(2000, 0.3)[0], people(5000, 0.001, seed=9)[0]), -3.0)
    assert model.decision_function(np.full((1, 7), np.nan))[0] == -3.0


def test_order_of_the_pairs_makes_no_difference_and_the_file_is_the_same() -> None:
    features, _ = people(2000, 0.3)
    model = learn(features)
    again = learn(features.copy())
    data = dump_classifier(model)
    assert data == dump_classifier(again)
    assert dump_classifier(load_classifier(data)) == data
    shuffled = learn(features[np.random.default_rng(3).permutation(2000)])
    np.testing.assert_allclose(shuffled.level_weights_, model.level_weights_, rtol=0, atol=1e-9)


def test_features_of_unknown_direction_and_of_one_value_are_left_out() -> None:
    features, _ = people(2000, 0.3)
    features[:, 6] = 1.0
    model = FellegiSunterClassifier((1, 1, 1, 0, 1, -1, 1), FIELDS).fit(features)
    assert model.ignored_features_.tolist() == [3, 6]
    assert (model.explain(features)[:, [3, 6]] == 0).all()


@pytest.mark.parametrize("value", [np.nan, 1.0])
def test_pairs_that_are_all_alike_teach_nothing(value: float) -> None:
    with pytest.raises(ValueError, match="No feature of known direction varies between the pairs"):
        FellegiSunterClassifier().fit(np.full((50, 3), value))


@pytest.mark.parametrize(("random_rows", "value"), [(0, 0.0), (30, np.nan)])
def test_random_pairs_may_be_none_or_say_nothing(random_rows: int, value: float) -> None:
    features, _ = people(3000, 0.3)
    model = FellegiSunterClassifier(DIRECTIONS, FIELDS).fit(features, random_pairs=np.full((random_rows, 7), value))
    model.check_state()
    assert np.isfinite(model.decision_function(features)).all()


def test_fields_must_fit_the_features() -> None:
    with pytest.raises(ValueError, match="fields must name the field of each of 7 features, found 2 names"):
        FellegiSunterClassifier(fields=("name", "city")).fit(people(100, 0.3)[0])


@pytest.mark.parametrize(
    "change",
    [
        {"level_weights_": np.array([1.0])},
        {"directions_": np.array([1, 2, 1, 1, 1, 1, 1])},
        {"bias_": float("nan")},
        {"fields_": np.array([0, 1, 2, 3, 4, 5, 9])},
    ],
)
def test_state_that_does_not_belong_together_is_refused(change: dict[str, Any]) -> None:
    model = learn(people(500, 0.3)[0])
    for name, value in change.items():
        setattr(model, name, value)
    with pytest.raises(ValueError, match="the levels of the model do not belong together"):
        model.check_state()


def chain(wrong: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """20 clusters of four records, all pairs inside certain; between neighbours one pair of weight `wrong`."""
    pairs: list[tuple[int, int, float]] = []
    for cluster in range(20):
        first = 4 * cluster
        for a in range(4):
            for b in range(a + 1, 4):
                pairs.append((first + a, first + b, 12.0))
            for b in range(4, 8):
                if cluster < 19:
                    pairs.append((first + a, first + b, wrong if (a, b) == (3, 4) else -9.0))
    left, right, weights = zip(*pairs, strict=True)
    return np.array(left, dtype=np.int32), np.array(right, dtype=np.int32), np.array(weights)


def test_a_bridge_between_entities_that_differ_does_not_raise_the_cut() -> None:
    """Resolving keeps the two entities apart by their other pairs, so nothing wrong is inside an entity."""
    cut = cut_that_holds_together(*chain(wrong=5.0), make_spec())
    assert (cut.weight, cut.pairs, cut.transitivity) == (0, 139, 1.0)


def test_the_cut_is_raised_to_where_entities_hold_together() -> None:
    left, right, weights = chain(wrong=12.0)
    lumped = np.where(weights == -9.0, -0.5, weights)  # doubtful pairs that strong bridges pull into entities
    spec = make_spec()  # precision target 0.98
    cut = cut_that_holds_together(left, right, lumped, spec)
    assert cut.transitivity >= 0.98


@pytest.mark.parametrize("weights", [[], [-5.0], [40.0]])
def test_the_cut_takes_any_number_of_pairs(weights: list[float]) -> None:
    keys, spec = np.arange(len(weights), dtype=np.int32), make_spec()
    cut = cut_that_holds_together(keys, keys + 1, np.array(weights, dtype=np.float32), spec)
    assert (cut.weight, cut.pairs) == (0, sum(w > 0 for w in weights))
    thresholds = thresholds_at(cut, np.array(weights, dtype=np.float32), spec)
    assert 0 < thresholds.review < thresholds.match < 1


def test_the_review_band_has_as_many_pairs_as_there_is_time_for() -> None:
    left, right, weight = chain(wrong=-1.0)
    spec = make_spec(targets={"precision": 0.98, "recall": 0.9, "review_budget": 10})
    thresholds = thresholds_at(cut_that_holds_together(left, right, weight, spec), weight, spec)
    band = (weight < 0) & (1 / (1 + 2.0**-weight) >= thresholds.review)
    assert band.sum() == 19  # pairs of equal probability are not told apart


def test_related_pairs_speak_against_a_match_as_much_as_their_own_levels_say() -> None:
    """One round, by hand: fields `name` and two that say nearly the same of the place; level 0 differs, 2 is null."""
    levels = np.array([[1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0], [2, 1, 0], [0, 0, 1]])
    candidates = Patterns(levels, np.array([40.0, 60.0, 10.0, 200.0, 5.0, 15.0]))
    chance = Patterns(levels, np.array([1.0, 30.0, 40.0, 5000.0, 60.0, 70.0]))
    start, pairs = np.array([0.95, 0.1, 0.3, 0.01, 0.4, 0.02]), 20_000.0
    learned = learn_anchored(candidates, chance, [3, 3, 3], pairs, start, 1, discounted=True, related=True)
    assert 1 > learned.discounts[0] > learned.discounts[1:].max()
    others = np.full(len(levels), np.log(((1 - start) * candidates.count).sum() / pairs))
    evidence = np.full(len(levels), learned.bias)
    for field in range(3):
        for level in (0, 1):
            has_level, known = levels[:, field] == level, levels[:, field] != 2
            shares = [
                ((mass * has_level).sum() + 0.5) / ((mass * known).sum() + 1.0)
                for mass in (start * candidates.count, (1 - start) * candidates.count, chance.count)
            ]
            of_match, of_related, of_chance = np.log(shares)
            evidence[has_level] += (of_match - of_chance) * learned.discounts[field]
            others[has_level] += (of_related - of_chance) * learned.discounts[field]
    assert learned.log_odds == pytest.approx(evidence - np.log1p(np.exp(others)))
    # the number of matches agrees with itself
    assert (candidates.count / (1 + np.exp(-learned.log_odds))).sum() == pytest.approx(learned.matches, rel=1e-6)


def test_recalibration_is_a_line_in_the_log_odds() -> None:
    features = people(400, 0.3)[0]
    model = learn(features)
    before = model.decision_function(features)
    model.recalibrate(0.8, -1.5)
    np.testing.assert_allclose(model.decision_function(features), 0.8 * before - 1.5, atol=1e-9)
    model.check_state()
