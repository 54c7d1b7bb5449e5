"""What each kind of classifier keeps, promises and refuses, on numbers that one can check."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from examples import make_labelled

from dbt_dedup.classifiers import KINDS, AdditiveClassifier, BoostedClassifier, LogisticClassifier, PairClassifier
from dbt_dedup.classifiers.base import count_groups, probability, varies, weight_of_null
from dbt_dedup.classifiers.leaves import LeafFinder, Trees
from dbt_dedup.classifiers.parameters import Range
from dbt_dedup.classifiers.sql import LADDER, case, sql_number, step_function
from dbt_dedup.names import SUPERVISED

NAN = np.nan
NAMES = ("name_similarity", "birth_days", "email_same", "phone_same")
every_kind = pytest.mark.parametrize("kind", KINDS)
every_kind_with_labels = pytest.mark.parametrize("kind", SUPERVISED)


@lru_cache
def fitted(kind: str, nulls: float = 0.1) -> PairClassifier:
    labelled = make_labelled(300, nulls=nulls)
    few = {"n_trees": 25} if kind == "boosted" else {}
    return KINDS[kind]((1, -1, 1, 0), **few).fit(labelled.features, labelled.is_match)


def unseen() -> np.ndarray:
    """Pairs with values on, next to and far from those of training, and nulls."""
    random = np.random.default_rng(11)
    features = make_labelled(300).features
    features = np.concatenate([features, features * random.normal(1, 1, features.shape), np.full((1, 4), NAN)])
    features[random.random(features.shape) < 0.1] = NAN
    return features


def documented(kind: str) -> dict[str, str]:
    """What the documentation says of each parameter."""
    text = inspect.getdoc(KINDS[kind]) or ""
    found = re.findall(
        r"^ +(\w+): (.+?)(?=^ +\w+: |\n\n|\Z)", text.split("Args:")[1].split("Attributes")[0], re.M | re.S
    )
    return {name: " ".join(said.split()) for name, said in found}


@every_kind
def test_the_defaults_are_those_that_are_documented(kind: str) -> None:
    for name, value in KINDS[kind]().get_params().items():
        assert re.search(rf"default {re.escape(str(value))}[.;,]", documented(kind)[name]), name


@every_kind
def test_the_ranges_are_those_that_are_documented(kind: str) -> None:
    for name, allowed in KINDS[kind].ranges.items():
        said = documented(kind)[name]
        step = 1 if said.startswith("int") else 1e-9
        if found := re.match(r"(?:int|float) >= (\d+)", said):
            low, high = float(found[1]), None
        elif found := re.match(r"int from (\d+) to (\d+)", said):
            low, high = float(found[1]), float(found[2])
        else:
            assert said.startswith("float in (0, 1]"), said
            low, high = step, 1.0
        number: Callable[[float], float] = int if said.startswith("int") else float
        allowed.check(name, number(low))
        with pytest.raises(ValueError, match=f"^{name} must be"):
            allowed.check(name, number(low - step))
        if high is None:
            allowed.check(name, number(10**9))
        else:
            allowed.check(name, number(high))
            with pytest.raises(ValueError, match=f"^{name} must be"):
                allowed.check(name, number(high + step))
        if step == 1:
            with pytest.raises(ValueError, match="must be a whole number"):
                allowed.check(name, low + 0.5)
        else:
            allowed.check(name, 0.5)


@pytest.mark.parametrize(
    ("allowed", "text"),
    [
        (Range(2), "a number at least 2"),
        (Range(0, 1, above_low=True), "a number above 0 and at most 1"),
        (Range(2, 64, whole=True), "a whole number at least 2 and at most 64"),
    ],
)
def test_a_range_is_put_in_words(allowed: Range, text: str) -> None:
    assert str(allowed) == text
    for wrong in (True, None, "3", NAN):
        with pytest.raises(ValueError, match=f"^n must be {text}, found "):
            allowed.check("n", wrong)


def test_probabilities_of_log2_odds() -> None:
    assert probability(np.array([0.0, 1.0, 2.0, -2.0, 5000.0, -5000.0])).tolist() == [0.5, 2 / 3, 0.8, 0.2, 1.0, 0.0]


def test_a_feature_varies_where_two_values_differ() -> None:
    assert varies(np.array([1.0, NAN, 2.0]))
    assert not varies(np.array([1.0, NAN, 1.0]))
    assert not varies(np.array([NAN, NAN]))


def test_groups_are_numbered_from_0() -> None:
    assert count_groups(None) == 0
    assert count_groups([0, 2, 1]) == 3


def test_a_null_that_was_hardly_seen_is_half_way_between_matches_and_others() -> None:
    contribution = np.array([4.0, 2.0, 1.0, -3.0, 9.0, 9.0])
    null = np.array([False, False, False, False, True, False])
    is_match, weights = np.array([1, 1, 0, 0, 1, 0]), np.array([3.0, 1.0, 1.0, 1.0, 5.0, 0.0])
    # matches (3 * 4 + 2) / 4 = 3.5, others (1 - 3) / 2 = -1
    assert weight_of_null(contribution, null, is_match, weights) == 1.25
    assert weight_of_null(contribution, null | (is_match == 0), is_match, weights) == 3.5
    assert weight_of_null(contribution, np.ones(6, dtype=bool), is_match, weights) == 0.0


@every_kind
def test_a_pair_is_a_match_where_the_odds_are_better_than_even(kind: str) -> None:
    model = fitted(kind)
    weight = model.decision_function(unseen())
    assert model.predict(unseen()).tolist() == (weight > 0).astype(int).tolist()
    proba = model.predict_proba(unseen())
    assert proba.sum(axis=1) == pytest.approx(1)
    assert proba[:, 1] == pytest.approx(1 / (1 + 2.0**-weight))


def test_even_odds_are_no_match_and_labels_come_back_as_they_were() -> None:
    model = LogisticClassifier().fit([[0.0], [1.0]] * 20, ["no", "yes"] * 20)
    model.slopes_, model.offsets_, model.bias_ = np.array([1.0]), np.array([0.0]), -0.5
    assert model.predict([[0.5], [0.50001], [0.4]]).tolist() == ["no", "yes", "no"]


@every_kind
def test_only_used_features_weigh_anything(kind: str) -> None:
    labelled = make_labelled(200)
    features = np.column_stack([labelled.features, np.ones(200)])
    model = KINDS[kind]((1, -1, 1, 1, 1)).fit(features, labelled.is_match)
    weights = model.explain(features)
    weighs = np.flatnonzero((weights != 0).any(axis=0)).tolist()
    assert model.used_features() == weighs == [0, 1, 2, 3]
    columns = {j: features[:, j] for j in model.used_features()}
    total, none = model.scorer(None)(columns, 200)
    assert total.tolist() == model.decision_function(features).tolist()
    assert none.shape == (200, 0)
    _, by_group = model.scorer([0, 1, 1, 0, 2])(columns, 200)
    assert by_group == pytest.approx(
        np.column_stack([weights[:, [0, 3]].sum(1), weights[:, [1, 2]].sum(1), weights[:, 4]])
    )


@every_kind
def test_a_recalibrated_model_has_a_line_of_its_odds(kind: str) -> None:
    labelled = make_labelled(200)
    model = KINDS[kind]((1, -1, 1, 1)).fit(labelled.features, labelled.is_match)
    before, weights = model.decision_function(unseen()), model.explain(unseen())
    model.recalibrate(0.5, 2.0)
    assert model.decision_function(unseen()) == pytest.approx(0.5 * before + 2.0)
    assert model.explain(unseen()) == pytest.approx(0.5 * weights)
    assert model.explain(unseen()).sum(axis=1) + model.bias_ == pytest.approx(0.5 * before + 2.0)


def by_sql(model: PairClassifier, features: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Total and weights that DuckDB computes from the SQL of a model."""
    sql = model.to_sql(NAMES)
    table = pa.table({name: pa.array(features[:, j], mask=np.isnan(features[:, j])) for j, name in enumerate(NAMES)})
    prepared = "".join(f', {text} as "{name}"' for name, text in sql.prepared.items())
    weights = ", ".join(f'{text} as "w_{name}"' for name, text in sql.weights.items())
    with duckdb.connect() as connection:
        connection.register("pairs", table.append_column("place", [np.arange(len(features))]))
        found = connection.sql(f"select {weights} from (select *{prepared} from pairs) order by place").to_arrow_table()
    columns = {name: found[f"w_{name}"].to_numpy() for name in sql.weights}
    return model.bias_ + sum(columns.values()), columns


@every_kind
@pytest.mark.parametrize("nulls", [0.0, 0.1])
def test_sql_gives_the_same_weights(kind: str, nulls: float) -> None:
    model, features = fitted(kind, nulls), unseen()
    total, columns = by_sql(model, features)
    assert total == pytest.approx(model.decision_function(features), abs=1e-9)
    weights = model.explain(features)
    for j, name in enumerate(NAMES):
        assert columns.get(name, np.zeros(len(features))) == pytest.approx(weights[:, j], abs=1e-9)


def test_trees_of_two_leaves_are_in_the_sql_and_as_many_are_grown_as_were_asked_for() -> None:
    labelled = make_labelled(300)
    model = BoostedClassifier((1, -1, 1, 1), n_trees=40, max_leaf_nodes=2).fit(labelled.features, labelled.is_match)
    assert len(model.roots_) == 40
    total, _ = by_sql(model, labelled.features)
    assert total == pytest.approx(model.decision_function(labelled.features), abs=1e-9)
    alone = BoostedClassifier(n_trees=3, min_samples_leaf=151).fit(labelled.features, labelled.is_match)
    assert alone.to_sql(NAMES).weights == {}  # no tree has a split


@every_kind
def test_a_feature_that_weighs_nothing_is_not_in_the_sql(kind: str) -> None:
    labelled = make_labelled(200)
    flat = labelled.features.copy()
    flat[:, 2] = 1.0
    model = KINDS[kind]((1, -1, 1, 1)).fit(flat, labelled.is_match)
    assert sorted(model.to_sql(NAMES).weights) == ["birth_days", "name_similarity", "phone_same"]


@pytest.mark.parametrize("steps", [1, 2, LADDER, LADDER + 1, 40, 200])
def test_the_sql_of_a_step_function_counts_the_last_end_as_infinite(steps: int) -> None:
    ends, results = [float(end) for end in range(steps)], [2.0**-end for end in range(steps)]
    values = [None, -1.0, 0.0, *(end + shift for end in range(steps) for shift in (0.0, 0.5)), 9.0**9]
    sql = step_function("x", ends, results)
    with duckdb.connect() as connection:
        connection.register("v", pa.table({"x": pa.array(values, pa.float64()), "place": np.arange(len(values))}))
        found = [value for (value,) in connection.sql(f"select {sql} from v order by place").fetchall()]
    expected = [0.0 if value is None else results[min(sum(end < value for end in ends), steps - 1)] for value in values]
    assert found == expected
    assert max(block.count("when") for block in sql.split("case")) <= LADDER + 1


def test_numbers_and_cases_as_sql() -> None:
    assert [sql_number(value) for value in (0.1, -2, 1e-300, 1e22)] == ["0.1e0", "-2.0e0", "1e-300", "1e+22"]
    assert case(["else 1"]) == "1"
    assert case(["when x then 1", "else 2"]) == "case\n    when x then 1\n    else 2\nend"


def refused(model: PairClassifier, message: str, name: str, value: Any) -> None:
    original = getattr(model, name)
    setattr(model, name, value)
    try:
        with pytest.raises(ValueError, match=message):
            model.check_state()
    finally:
        setattr(model, name, original)
    model.check_state()


def changed(values: np.ndarray, at: int, value: float) -> np.ndarray:
    values = values.copy()
    values[at] = value
    return values


def test_step_functions_that_were_tampered_with_are_refused() -> None:
    model = fitted("additive")
    assert isinstance(model, AdditiveClassifier)
    starts, ends, weights = model.starts_, model.upper_ends_, model.weights_
    for name, value in (
        ("starts_", starts[:-1]),
        ("starts_", changed(starts, 0, 1)),
        ("starts_", changed(starts, -1, starts[-1] - 1)),
        ("starts_", changed(starts, 1, starts[2])),
        ("starts_", changed(starts, 1, starts[2] - 1)),
        ("starts_", changed(starts, 1, starts[1] + 2)),
        ("upper_ends_", ends[:-1]),
        ("upper_ends_", changed(ends, -1, np.inf)),
        ("upper_ends_", changed(ends, int(starts[1]) - 1, np.inf)),
        ("weights_", weights[:-1]),
        ("weights_", changed(weights, 0, np.inf)),
    ):
        refused(model, "the step functions of the model do not belong together", name, value)


def test_lines_that_were_tampered_with_are_refused() -> None:
    model = fitted("logistic")
    assert isinstance(model, LogisticClassifier)
    for name in ("slopes_", "offsets_"):
        refused(model, "the slopes and offsets of the model do not belong", name, changed(getattr(model, name), 0, NAN))
    for size in (3, 5):
        model = LogisticClassifier().fit(np.random.default_rng(0).random((40, 4)), [0, 1] * 20)
        model.slopes_ = model.offsets_ = np.ones(size)
        with pytest.raises(ValueError, match="the slopes and offsets of the model do not belong together"):
            model.check_state()


def test_trees_that_were_tampered_with_are_refused() -> None:
    model = fitted("boosted")
    assert isinstance(model, BoostedClassifier)
    nodes = len(model.values_)
    leaf = int(np.flatnonzero(model.lefts_ == np.arange(nodes))[0])
    split = int(np.flatnonzero(model.lefts_ != np.arange(nodes))[1])
    message = "the trees of the model do not belong together"
    for name in ("features_", "thresholds_", "lefts_", "rights_", "nulls_left_", "values_"):
        refused(model, message, name, getattr(model, name)[:-1])
        refused(model, message, name, getattr(model, name)[:, None])
    for name, value in (
        ("features_", changed(model.features_, split, 4)),
        ("features_", changed(model.features_, split, -1)),
        ("roots_", changed(model.roots_, 0, nodes)),
        ("roots_", changed(model.roots_, 0, -1)),
        ("roots_", model.roots_[:0]),
        ("roots_", model.roots_[:-1]),
        ("roots_", model.roots_[:, None]),
        ("lefts_", changed(model.lefts_, split, nodes)),
        ("lefts_", changed(model.lefts_, split, -1)),
        ("lefts_", changed(model.lefts_, split, split)),
        ("lefts_", changed(model.lefts_, split, 0)),
        ("lefts_", changed(model.lefts_, leaf, leaf + 1)),
        ("rights_", changed(model.rights_, split, model.lefts_[split])),
        ("rights_", changed(model.rights_, split, nodes)),
        ("values_", changed(model.values_, leaf, np.inf)),
        ("depth_", -1),
        ("depth_", nodes + 1),
        ("depth_", 2.0),
    ):
        refused(model, message, name, value)
    for depth in (0, nodes):  # the least and the most that there can be
        model.depth_, before = depth, model.depth_
        model.check_state()
        model.depth_ = before


@pytest.mark.parametrize(("nulls_seen", "learns"), [(9, False), (10, True)])
@pytest.mark.parametrize("kind", ["additive", "logistic"])
def test_the_weight_of_null_is_learned_from_ten_pairs_on(kind: str, nulls_seen: int, *, learns: bool) -> None:
    """Each pair with a null is a match: learned, null says match; not learned, it is half way between both."""
    is_match = np.tile([0, 1], 100)
    features = np.column_stack([is_match, np.arange(200) % 7]).astype(float)
    features[1 : 2 * nulls_seen : 2, 0] = NAN
    model = KINDS[kind]().fit(features, is_match)
    says_match, says_none = model.explain([[1.0, NAN], [0.0, NAN]])[:, 0]
    assert (says_match == pytest.approx(-says_none)) is not learns


def test_lines_follow_the_standardized_regression_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(2)
    features = random.normal([3.0, -50.0], [0.5, 20.0], (200, 2))
    is_match = (features[:, 0] - 3 + (features[:, 1] + 50) / 40 + random.normal(0, 0.3, 200) > 0).astype(int)
    model = LogisticClassifier().fit(features, is_match)
    assert model.strength_ in [pytest.approx(10.0**power) for power in np.arange(-3, 2.5, 0.5)]
    standardized = (features - features.mean(axis=0)) / features.std(axis=0)
    line = LogisticRegression(C=model.strength_, solver="newton-cholesky", max_iter=200).fit(standardized, is_match)
    odds = line.decision_function(standardized) / np.log(2)
    assert model.decision_function(features) == pytest.approx(odds, abs=1e-6)


def test_a_line_that_is_flat_or_goes_through_0_weighs_something() -> None:
    model = LogisticClassifier().fit(np.random.default_rng(0).random((40, 4)), [0, 1] * 20)
    model.slopes_, model.offsets_, model.bias_ = np.array([1.0, 0.0, 0.0, 2.0]), np.array([0.0, 3.0, 0.0, 1.0]), 0.0
    assert model.used_features() == [0, 1, 3]
    assert model.to_sql(NAMES).weights == {
        "name_similarity": "coalesce(name_similarity * 1.0e0 + 0.0e0, 0e0)",
        "birth_days": "coalesce(birth_days * 0.0e0 + 3.0e0, 0e0)",
        "phone_same": "coalesce(phone_same * 2.0e0 + 1.0e0, 0e0)",
    }


def test_the_strength_of_the_penalty_is_that_of_least_cross_validated_loss() -> None:
    """Of noise nothing is to be learned, so the penalty is strong; of a clear line it is weak."""
    random = np.random.default_rng(3)
    features = random.random((200, 3))
    noise = LogisticClassifier().fit(features, random.integers(0, 2, 200))
    line = LogisticClassifier().fit(features, features[:, 0] > 0.5)
    assert noise.strength_ <= 0.01
    assert line.strength_ == pytest.approx(100.0)


def test_a_strength_is_not_chosen_where_a_class_has_one_pair() -> None:
    features = np.arange(10.0)[:, None]
    assert LogisticClassifier().fit(features, [0] * 9 + [1]).strength_ == 1.0
    assert LogisticClassifier().fit(features, [0] * 8 + [1] * 2).strength_ != 1.0


def trees(*nodes: tuple[int, float, int, int, bool], roots: Sequence[int] = (0,)) -> Trees:
    """Trees of nodes with feature, threshold, left, right and whether null goes left; a leaf goes to itself."""
    features, thresholds, lefts, rights, nulls_left = (np.array(each) for each in zip(*nodes, strict=True))
    return Trees(np.array(roots), features, thresholds, lefts, rights, nulls_left, np.zeros(len(nodes)))


LEAF = (0, np.inf)
TWO_TREES = trees(
    (1, 0.5, 1, 2, True), (0, 2.0, 3, 4, False), (*LEAF, 2, 2, True), (*LEAF, 3, 3, True), (*LEAF, 4, 4, True),
    (0, 1.0, 6, 7, False), (*LEAF, 6, 6, True), (1, np.inf, 8, 9, False), (*LEAF, 8, 8, True), (*LEAF, 9, 9, True),
    roots=(0, 5),
)  # fmt: skip


def test_trees_know_their_leaves_splits_and_cuts() -> None:
    assert [TWO_TREES.leaves(root) for root in (0, 5)] == [[3, 4, 2], [6, 8, 9]]
    assert [list(TWO_TREES.splits(root)) for root in (0, 5)] == [[0, 1], [5, 7]]
    assert [TWO_TREES.cuts(feature).tolist() for feature in (0, 1)] == [[1.0, 2.0], [0.5]]
    assert TWO_TREES.used_features == [0, 1]
    assert TWO_TREES.is_leaf(2)
    assert not TWO_TREES.is_leaf(5)


def test_the_leaf_of_each_tree_is_found_from_the_left() -> None:
    """On a threshold a pair goes left; an infinite threshold parts null from the rest."""
    pairs = np.array([[2.0, 0.5], [2.1, 0.5], [1.0, 0.6], [1.1, 0.6], [NAN, NAN], [NAN, 0.1], [0.0, NAN], [3.0, NAN]])
    found = LeafFinder(TWO_TREES).find(dict(enumerate(pairs.T)), len(pairs))
    assert found.T.tolist() == [[0, 1], [1, 1], [2, 0], [2, 1], [1, 2], [1, 1], [0, 0], [1, 2]]


def test_a_tree_without_a_split_has_one_leaf() -> None:
    alone = trees((*LEAF, 0, 0, True), (0, 1.0, 2, 3, True), (*LEAF, 2, 2, True), (*LEAF, 3, 3, True), roots=(0, 1))
    found = LeafFinder(alone).find({0: np.array([0.0, 2.0])}, 2)
    assert found.tolist() == [[0, 0], [0, 1]]
    assert LeafFinder(alone).most_leaves == 2
