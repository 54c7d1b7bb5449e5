from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from examples import make_labelled
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.estimator_checks import estimator_checks_generator

from dbt_dedup.classifiers import KINDS, AdditiveClassifier, BoostedClassifier, LogisticClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.names import SUPERVISED
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier

ABOUT_LABELS = {  # what a classifier that learns without labels cannot do: it does not look at them
    "check_classifiers_one_label",
    "check_classifiers_classes",
    "check_classifiers_train",
    "check_classifiers_regression_target",
    "check_supervised_y_no_nan",
    "check_supervised_y_2d",
    "check_classifier_not_supporting_multiclass",
}
EXPECTED_FAILURES = {
    "check_sample_weight_equivalence_on_dense_data": "a repeated pair counts as two in the bins of the trees and in"
    " the folds that choose the penalty, a pair of weight two as one; scikit-learn's own boosting fails it too",
}
every_kind = pytest.mark.parametrize("kind", KINDS)
every_kind_with_labels = pytest.mark.parametrize("kind", SUPERVISED)


def example(rows: int = 400, nulls: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    labelled = make_labelled(rows, nulls=nulls)
    return labelled.features, labelled.is_match


def boosters(patch: pytest.MonkeyPatch) -> list[HistGradientBoostingClassifier]:
    """The boosters of scikit-learn that are fitted from now on."""
    fitted: list[HistGradientBoostingClassifier] = []

    class Recorded(HistGradientBoostingClassifier):  # type: ignore[misc]  # scikit-learn has no types
        def fit(self, *args: Any, **options: Any) -> Recorded:
            fitted.append(self)
            super().fit(*args, **options)
            return self

    patch.setattr("sklearn.ensemble.HistGradientBoostingClassifier", Recorded)
    return fitted


def test_a_build_loads_nothing_that_only_training_needs() -> None:
    """Every build loads scikit-learn; what only training needs took a third of a second more."""
    loaded = "import sys, dbt_dedup.score, dbt_dedup.resolve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    parts = {f"sklearn.{part}" for part in ("ensemble", "linear_model", "metrics", "model_selection", "tree")}
    assert parts & set(done.stdout.split()) == set()


@every_kind
def test_estimator_follows_the_scikit_learn_api(kind: str) -> None:
    for estimator, check in estimator_checks_generator(KINDS[kind](), mark=None):
        if check.func.__name__ in EXPECTED_FAILURES or (kind not in SUPERVISED and check.func.__name__ in ABOUT_LABELS):
            continue
        try:
            check(estimator)
        except pytest.skip.Exception:
            pass
        except Exception as error:
            if type(error).__name__ != "SkipTest":  # checks that need pandas
                raise AssertionError(f"{check.func.__name__}: {error}") from error


@every_kind
def test_contributions_and_bias_add_up_to_the_log_odds(kind: str) -> None:
    features, is_match = example()
    model = KINDS[kind]((1, -1, 1, 1)).fit(features, is_match)
    total = model.explain(features).sum(axis=1) + model.bias_
    match = model.predict_proba(features)[:, 1]
    np.testing.assert_allclose(total, model.decision_function(features), rtol=0, atol=1e-12)
    np.testing.assert_allclose(probability(total), match, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "boosted"])
def test_a_null_contributes_nothing(kind: str) -> None:
    features, is_match = example()
    model = KINDS[kind]().fit(features, is_match)
    assert (model.explain(np.full((2, 4), np.nan)) == 0).all()
    assert model.decision_function(np.full((1, 4), np.nan))[0] == model.bias_


@pytest.mark.parametrize("nulls", [0.0, 0.2])
@pytest.mark.parametrize(
    ("classifier", "cuts"), [(AdditiveClassifier, "upper_ends_"), (BoostedClassifier, "thresholds_")]
)
def test_what_is_kept_of_the_boosted_trees_equals_them(
    classifier: type[AdditiveClassifier | BoostedClassifier], cuts: str, nulls: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = boosters(monkeypatch)
    features, is_match = example(nulls=nulls)
    model = classifier((1, -1, 1, 1)).fit(features, is_match)
    random = np.random.default_rng(7)
    unseen = np.vstack([features, features[random.permutation(len(features))] * random.normal(1, 2, features.shape)])
    if (
        nulls or classifier is BoostedClassifier
    ):  # a null that training did not see contributes nothing to a sum of features
        unseen[::7, 0] = np.nan
    cut = np.unique(getattr(model, cuts)[np.isfinite(getattr(model, cuts))])
    edges = np.repeat(np.concatenate([cut, np.nextafter(cut, np.inf), np.nextafter(cut, -np.inf)])[:, None], 4, 1)
    for rows in (unseen, edges):
        np.testing.assert_allclose(model.predict_proba(rows), trees[0].predict_proba(rows), rtol=0, atol=1e-12)


def test_additive_is_monotone_in_the_direction_of_each_feature() -> None:
    features, is_match = example()
    directions = (1, -1, 1, 0)
    model = AdditiveClassifier(directions).fit(features, is_match)
    for j, direction in enumerate(directions):
        _, weights = model.steps(j)
        assert (direction * np.diff(weights[:-1]) >= 0).all()


@pytest.mark.parametrize("kind", ["additive", "logistic"])
@pytest.mark.parametrize("seen_nulls", [0, 3])
def test_a_null_that_training_hardly_saw_is_half_way_between_match_and_no_match(kind: str, seen_nulls: int) -> None:
    is_match = np.tile([0, 1], 100)
    features = np.column_stack([is_match, np.arange(200) % 7]).astype(float)
    features[:seen_nulls, 0] = np.nan
    model = KINDS[kind]().fit(features, is_match)
    says_match, says_none = model.explain([[1.0, np.nan], [0.0, np.nan]])[:, 0]
    assert says_match > 1
    assert says_match == pytest.approx(-says_none)


@every_kind
@pytest.mark.parametrize("column", [np.full(400, np.nan), np.ones(400), np.tile([1.0, np.nan], 200)])
def test_features_that_teach_nothing_are_left_out(kind: str, column: np.ndarray) -> None:
    features, is_match = example()
    model = KINDS[kind]().fit(np.column_stack([features, column]), is_match)
    assert model.ignored_features_.tolist() == [4]
    assert (model.explain(np.column_stack([features, np.zeros(400)]))[:, 4] == 0).all()


@every_kind_with_labels
@pytest.mark.parametrize(
    ("features", "labels", "message"),
    [
        (np.full((40, 2), np.nan), [0, 1] * 20, "No feature varies between the labelled pairs"),
        (np.random.default_rng(0).random((40, 2)), [1] * 40, "only one class is present: 1"),
        (np.full((40, 2), np.inf), [0, 1] * 20, "Input X contains infinity"),
    ],
)
def test_training_refuses_what_it_cannot_learn_from(
    kind: str, features: np.ndarray, labels: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        KINDS[kind]().fit(features, labels)


@pytest.mark.parametrize(
    ("kind", "parameter", "value", "message"),
    [
        ("additive", "n_trees", 0, "n_trees must be a whole number at least 1, found 0."),
        ("additive", "learning_rate", 0.0, "learning_rate must be a number above 0 and at most 1, found 0.0."),
        ("additive", "min_nulls", -1, "min_nulls must be a whole number at least 0, found -1."),
        ("boosted", "max_leaf_nodes", 65, "max_leaf_nodes must be a whole number at least 2 and at most 64, found 65."),
        ("boosted", "l2_regularization", "much", "l2_regularization must be a number at least 0, found 'much'."),
        ("fellegi_sunter", "n_levels", 2.5, "n_levels must be a whole number at least 2, found 2.5."),
        ("logistic", "n_splits", True, "n_splits must be a whole number at least 2, found True."),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(
    kind: str, parameter: str, value: bool | float | int | str, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        KINDS[kind](**{parameter: value}).fit(*example())


@every_kind
def test_every_numeric_parameter_has_a_range_and_every_parameter_is_documented(kind: str) -> None:
    parameters = KINDS[kind]().get_params()
    assert set(KINDS[kind].ranges) == {name for name, value in parameters.items() if isinstance(value, (int, float))}
    for name in parameters:
        assert f"        {name}: " in (KINDS[kind].__doc__ or "")


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_overrides_a_method_to_say_that_it_is_not_used(kind: str) -> None:
    for name, member in vars(KINDS[kind]).items():
        assert "not used" not in (getattr(member, "__doc__", None) or "").lower(), name


def test_directions_must_fit_the_features() -> None:
    with pytest.raises(ValueError, match=r"directions must be 4 values of -1, 0 and 1, found \(1, 2\)"):
        AdditiveClassifier((1, 2)).fit(*example())


@every_kind
def test_model_file_is_the_same_bytes_for_the_same_labels_and_comes_back_whole(kind: str) -> None:
    features, is_match = example()
    model = KINDS[kind]((1, -1, 1, 1)).fit(features, is_match)
    data = dump_classifier(model)
    assert data == dump_classifier(KINDS[kind]((1, -1, 1, 1)).fit(features.copy(), is_match.copy()))
    loaded = load_classifier(data)
    assert dump_classifier(loaded) == data
    assert (loaded.predict_proba(features) == model.predict_proba(features)).all()


@every_kind
def test_model_file_of_numbers_is_read_without_skops_as_skops_reads_it(kind: str, tmp_path: Path) -> None:
    import skops.io

    data = dump_classifier(KINDS[kind]((1, -1, 1, 1)).fit(*example()))
    by_skops = vars(skops.io.loads(data, trusted=list(KINDS.values())))
    loaded = vars(load_classifier(data))
    assert list(loaded) == list(by_skops)
    for name, value in by_skops.items():
        assert type(loaded[name]) is type(value)
        np.testing.assert_array_equal(loaded[name], value)
    (tmp_path / "model.skops").write_bytes(data)
    code = (
        "import pathlib, sys\nfrom dbt_dedup.registry.classifier_file import load_classifier\n"
        "load_classifier(pathlib.Path(sys.argv[1]).read_bytes())\nsys.exit('skops' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "model.skops"], check=True)


def rewritten(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A model file with another schema."""
    new = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(new, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "schema.json":
                schema = json.loads(part)
                change(schema)
                part = json.dumps(schema).encode()
            target.writestr(name, part)
    return new.getvalue()


def test_model_file_that_holds_more_than_numbers_is_for_skops_to_judge() -> None:
    data = dump_classifier(LogisticClassifier().fit(*example()))
    command = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "__id__": 900, "content": "ls"}
    with pytest.raises(ValueError, match=r"not a classifier of dbt_dedup \(.*system"):
        load_classifier(rewritten(data, lambda schema: schema["content"]["content"].update(bias_=command)))
    with pytest.raises(ValueError, match="not a classifier of dbt_dedup"):
        load_classifier(rewritten(data, lambda schema: schema.pop("__class__")))
    with pytest.raises(ValueError, match="not a classifier of dbt_dedup"):
        load_classifier(rewritten(data, lambda schema: schema["content"]["content"].pop("n_features_in_")))
    # an older protocol is read by skops, which knows it
    older = load_classifier(rewritten(data, lambda schema: schema.update(protocol=1)))
    assert dump_classifier(older) == data


def test_model_file_of_another_class_is_refused() -> None:
    import skops.io
    from sklearn.linear_model import LogisticRegression

    foreign = skops.io.dumps(LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
    with pytest.raises(ValueError, match="found a LogisticRegression"):
        load_classifier(foreign)


@every_kind
def test_model_file_with_arrays_that_do_not_belong_together_is_refused(kind: str) -> None:
    model = KINDS[kind]().fit(*example())
    name = {
        "additive": "weights_",
        "boosted": "values_",
        "fellegi_sunter": "level_weights_",
        "logistic": "slopes_",
    }[kind]
    setattr(model, name, getattr(model, name)[:-1])
    with pytest.raises(ValueError, match=r"do not belong together|inhomogeneous"):
        load_classifier(dump_classifier(model))


def test_boosted_finds_what_only_two_features_together_say() -> None:
    random = np.random.default_rng(0)
    features = random.integers(0, 2, (400, 3)).astype(float)
    is_match = (features[:, 0] != features[:, 1]).astype(int)
    assert BoostedClassifier().fit(features, is_match).score(features, is_match) == 1
    assert AdditiveClassifier().fit(features, is_match).score(features, is_match) < 0.8


def walk(classifier: BoostedClassifier, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a walk down each tree, node by node, gives: the reference for finding all leaves at once."""
    total, weights = np.full(len(features), classifier.baseline_), np.zeros(features.shape)
    each = np.arange(len(features))
    for root in classifier.roots_:
        node = np.full(len(features), root)
        for _ in range(max(classifier.depth_, 1)):
            feature = classifier.features_[node]
            value = features[each, feature]
            left = np.where(np.isnan(value), classifier.nulls_left_[node], value <= classifier.thresholds_[node])
            after = np.where(left, classifier.lefts_[node], classifier.rights_[node])
            weights[each, feature] += classifier.values_[after] - classifier.values_[node]
            node = after
        total += classifier.values_[node]
    return total, weights


@pytest.mark.parametrize("max_leaf_nodes", [2, 8, 9, 31, 64])
def test_leaves_found_at_once_are_those_of_a_walk(max_leaf_nodes: int) -> None:
    random = np.random.default_rng(max_leaf_nodes)
    features = random.normal(size=(5000, 7)).round(1)
    features[random.random(features.shape) < 0.15] = np.nan
    known = np.nan_to_num(features)
    matches = known[:, 0] * known[:, 1] + known[:, 2] + random.normal(size=5000) > 0
    classifier = BoostedClassifier(max_leaf_nodes=max_leaf_nodes, n_trees=50).fit(features, matches)
    total, weights = walk(classifier, features)
    np.testing.assert_array_equal(classifier.decision_function(features), total)
    np.testing.assert_allclose(classifier.explain(features), weights, atol=1e-12, rtol=0)
    groups = np.array([0, 1, 1, 2, 0, 2, 1])
    found, of_groups = classifier.scorer(groups.tolist())(dict(enumerate(features.T)), len(features))
    np.testing.assert_array_equal(found, total)
    together = np.column_stack([weights[:, groups == group].sum(axis=1) for group in range(3)])
    np.testing.assert_allclose(of_groups, together, atol=1e-12, rtol=0)


def test_more_leaves_than_a_mask_has_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="max_leaf_nodes must be a whole number at least 2 and at most 64, found 65"):
        BoostedClassifier(max_leaf_nodes=65).fit([[0.0], [1.0]] * 20, [0, 1] * 20)
