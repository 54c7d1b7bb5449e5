"""Made pairs of relatives: what they take from a match, what from strangers, and what they weigh."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pyarrow as pa
import pytest
from examples import make_spec

from dbt_dedup.spec import Spec
from dbt_dedup.training import relatives
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.relatives import Relatives
from dbt_dedup.training.self_training import Answer, CandidatePairs, without_relatives
from dbt_dedup.training.structure import FieldScores
from dbt_dedup.training.with_labels import train

TYPES = {"given": "given_name", "born": "date", "mail": "email", "street": "address", "tax": "identifier"}
MATCH = np.array([1.0, 1.0, 1.0, 1.0, 1.0])
STRANGERS = np.array([[0.0, 0.1, 0.2, 0.3, 0.4]])


def spec_of(types: dict[str, str]) -> Spec:
    return make_spec(
        fields=[{"name": name, "column": name, "type": type_} for name, type_ in types.items()],
        features=[{"name": f"{name}_exact", "field": name, "direction": 1, "description": ""} for name in types],
    )


def added(
    types: dict[str, str], features: np.ndarray, is_match: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs that are added to some, with their labels and weights."""
    made = Relatives.of(spec_of(types), STRANGERS[:, : len(types)])
    assert made is not None
    result = made.add_to(features, np.array(is_match))
    assert np.array_equal(result[0][: len(features)], features, equal_nan=True)
    return result[0][len(features) :], result[1][len(features) :], result[2][len(features) :]


def test_relatives_share_the_address_and_have_a_name_of_their_own() -> None:
    pairs, labels, _ = added(TYPES, MATCH[None, :], [1])
    assert {tuple(pair) for pair in pairs} == {
        (0.0, 1.0, 1.0, 1.0, 0.4),  # twins
        (0.0, 0.1, 1.0, 1.0, 0.4),  # couples
        (0.0, 0.1, 0.2, 1.0, 0.4),  # couples with a mailbox each
        (1.0, 0.1, 0.2, 0.3, 0.4),  # namesakes
    }
    assert not labels.any()


def test_father_and_son_of_one_name_are_made_where_asked_for_and_people_have_dates() -> None:
    def made(types: dict[str, str]) -> set[tuple[float, ...]]:
        found = Relatives.of(spec_of(types), STRANGERS[:, : len(types)], generations=True)
        assert found is not None
        return {tuple(pair) for pair in found.add_to(MATCH[None, : len(types)], np.array([1]))[0][1:]}

    assert (1.0, 0.1, 1.0, 1.0, 0.4) in made(TYPES)
    assert (1.0, 0.1, 1.0) in made({"name": "full_name", "born": "date", "street": "address"})
    assert (1.0, 0.1, 1.0) not in made({"firm": "company", "founded": "date", "street": "address"})
    assert (1.0, 0.1, 1.0) not in made({"given": "given_name", "mail": "email", "street": "address"})


def test_the_made_pairs_of_a_sort_weigh_a_share_of_the_matches() -> None:
    _, _, weights = added(TYPES, np.stack([MATCH, MATCH, 0 * MATCH]), [1, 1, 0])
    assert weights.sum() == pytest.approx(2 * 4 * relatives.EACH)  # four sorts


def test_given_weights_of_the_matches_count() -> None:
    made = Relatives.of(spec_of(TYPES), STRANGERS)
    assert made is not None
    weights = made.add_to(np.stack([MATCH, MATCH]), np.array([1, 0]), np.array([4.0, 1.0]))[2]
    assert weights[:2].tolist() == [4.0, 1.0]
    assert weights[2:].sum() == pytest.approx(4 * 4 * relatives.EACH)


def test_relatives_without_a_name_on_both_sides_are_not_made() -> None:
    made = Relatives.of(spec_of(TYPES), np.where(STRANGERS == 0, np.nan, STRANGERS))
    assert made is not None
    pairs = made.add_to(MATCH[None, :], np.array([1]))[0][1:]
    assert pairs.tolist() == [[1.0, 0.1, 0.2, 0.3, 0.4]]  # namesakes


def test_an_entity_whose_records_nothing_names_has_no_relatives() -> None:
    assert Relatives.of(spec_of({"title": "text", "price": "number"}), STRANGERS[:, :2]) is None


def test_companions_share_all_but_the_number_in_one_text() -> None:
    measures = ("exact", "ngrams", "numbers", "unshared_numbers")
    spec = make_spec(
        fields=[
            {"name": name, "column": name, "type": type_}
            for name, type_ in (("title", "text"), ("venue", "text"), ("year", "number"))
        ],
        features=[
            {"name": name, "field": name.split("_")[0], "direction": 1, "description": ""}
            for name in [f"{field}_{measure}" for field in ("title", "venue") for measure in measures] + ["year_exact"]
        ],
    )
    made = Relatives.of(spec, np.empty((0, 9)))
    assert made is not None
    one_title = [1.0, 0.9, np.nan, 0.0, np.nan, np.nan, np.nan, np.nan, 1.0]  # without a number, and without a venue
    both = [0.0, 0.8, 0.5, 1.0, 1.0, 1.0, 1.0, 0.0, 0.5]
    pairs, labels, weights = made.add_to(np.array([one_title, both, [0.0] * 9]), np.array([1, 1, 0]))
    np.testing.assert_array_equal(
        pairs[3:],
        [
            [0.0, 0.9, 0.0, 2.0, np.nan, np.nan, np.nan, np.nan, 1.0],
            [0.0, 0.8, 0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 0.5],
            [0.0, 0.8, 0.5, 1.0, 0.0, 1.0, 0.0, 2.0, 0.5],
        ],
    )
    assert not labels[3:].any()
    assert weights[3:].tolist() == pytest.approx([relatives.EACH] * 3)


def test_companions_are_not_made_where_another_field_names_the_records() -> None:
    """The description of a firm says nothing of which firm it is."""
    types = {"firm": "company", "about": "text"}
    spec = make_spec(
        fields=[{"name": name, "column": name, "type": type_} for name, type_ in types.items()],
        features=[
            {"name": name, "field": name.split("_")[0], "direction": 1, "description": ""}
            for name in ("firm_exact", "about_exact", "about_numbers", "about_unshared_numbers")
        ],
    )
    made = Relatives.of(spec, STRANGERS[:, :4])
    assert made is not None
    assert made.companions == ()


def test_housemates_have_a_family_name_of_their_own() -> None:
    pairs, _, _ = added(
        {"given": "given_name", "family": "family_name", "born": "date", "street": "address"}, MATCH[None, :4], [1]
    )
    assert {tuple(pair) for pair in pairs} == {
        (0.0, 1.0, 1.0, 1.0),
        (0.0, 1.0, 0.2, 1.0),
        (0.0, 0.1, 0.2, 1.0),  # housemates
        (1.0, 1.0, 0.2, 0.3),  # namesakes
    }


def test_the_same_matches_give_the_same_pairs() -> None:
    features = np.random.default_rng(1).random((50, 5))
    strangers = np.random.default_rng(2).random((30, 5))
    made = Relatives.of(spec_of(TYPES), strangers)
    assert made is not None
    first, second = (made.add_to(features, np.ones(50, dtype=np.int64))[0] for _ in range(2))
    assert np.array_equal(first, second)


def people(pairs: int, *, matches_share_a_name: bool) -> tuple[np.ndarray, np.ndarray]:
    """Features name, birth date and street of pairs, half of them matches; nobody has relatives."""
    draw = np.random.default_rng(5)
    is_match = np.repeat([1, 0], pairs // 2)
    alike = np.where(is_match == 1, 0.8, 0.15)
    features = (draw.random((3, pairs)) < alike).T.astype(float) * 0.6 + draw.random((pairs, 3)) * 0.4
    if not matches_share_a_name:  # as where people go by any of several names
        features[:, 0] = draw.random(pairs) * 0.3
    return features, is_match


@pytest.mark.parametrize("matches_share_a_name", [True, False])
def test_labels_decide_whether_pairs_are_made(matches_share_a_name: bool) -> None:
    types = {"given": "given_name", "born": "date", "street": "address"}
    spec = spec_of(types)
    features, is_match = people(600, matches_share_a_name=matches_share_a_name)
    names = [f"{name}_exact" for name in types]
    ids = [f"{place:04}" for place in range(2 * len(is_match))]
    columns = {
        "record_id_l": ids[::2],
        "record_id_r": ids[1::2],
        "label": is_match,
        "sampled_by": ["random"] * len(is_match),
        "sampling_weight": np.ones(len(is_match)),
        "input_digest": [""] * len(is_match),
    }
    labelled = LabelledPairs.from_arrow(pa.table(columns | dict(zip(names, features.T, strict=True))), names, "people")
    unrelated = people(600, matches_share_a_name=True)[0][300:]
    made = Relatives.of(spec, unrelated)
    with_pairs, without = (train("logistic", spec, labelled, relatives=given) for given in (made, None))
    assert with_pairs.compared[0].made_pairs is matches_share_a_name
    assert with_pairs.compared[0].log_loss <= without.compared[0].log_loss
    assert (with_pairs.classifier.slopes_ == without.classifier.slopes_).all() is not matches_share_a_name


def test_made_pairs_do_not_change_how_many_matches_are_expected() -> None:
    types = {"given": "given_name", "born": "date", "street": "address"}
    features, is_match = people(600, matches_share_a_name=True)
    weight = np.where(is_match == 1, 9.0, -9.0)
    left = 2 * np.arange(len(weight))
    scores, surest = FieldScores.of(np.empty((len(left), 0))), np.zeros(len(left), dtype=bool)
    pairs = CandidatePairs(left, left + 1, 2 * len(left), features, scores, surest, (), -6.0)
    made = Relatives.of(spec_of(types), features[300:])
    assert made is not None
    answer = cast(Answer, SimpleNamespace(weight=weight, structure=SimpleNamespace(score=0.0, variance=0.0)))
    learned = without_relatives(pairs, answer, (1, 1, 1), made)
    assert learned is not None
    assert learned.predict_proba(features)[:, 1].sum() == pytest.approx(300, abs=1)


@pytest.mark.parametrize(
    ("score", "variance", "are_strangers", "is_used"),
    [
        (0.99, 0.0, False, False),  # the entities held together better before, and names of those apart are alike
        (0.99, 0.0, True, True),  # those apart are relatives
        (0.99, 1.0, False, True),  # nobody can tell
        (0.50, 0.0, False, True),
    ],
)
def test_made_pairs_that_take_matches_apart_are_not_used(
    score: float, variance: float, are_strangers: bool, is_used: bool
) -> None:
    features, is_match = people(600, matches_share_a_name=False)
    left, named = 2 * np.arange(600), np.ones(600, dtype=bool)
    scores = FieldScores(np.empty((600, 0)), np.empty((600, 0)), named, named & are_strangers)
    pairs = CandidatePairs(left, left + 1, 1200, features, scores, ~named, (), -6.0)
    before = SimpleNamespace(score=score, variance=variance)
    answer = cast(Answer, SimpleNamespace(weight=np.where(is_match == 1, 9.0, -9.0), structure=before))
    made = Relatives.of(spec_of({"given": "given_name", "born": "date", "street": "address"}), features[300:])
    assert made is not None
    assert (without_relatives(pairs, answer, (1, 1, 1), made) is not None) is is_used


@pytest.mark.parametrize("score_without_strangers", [0.99, 0.80])
def test_relatives_inside_entities_are_left_out_where_entities_then_hold_together_better(
    score_without_strangers: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    features, is_match = people(600, matches_share_a_name=True)
    features[:90, 1:] = np.maximum(features[:90, 1:], 0.7)
    features[:90, 0] = 0.05  # of the pairs inside entities these are of two people of one household
    left, named = 2 * np.arange(600), np.ones(600, dtype=bool)
    scores = FieldScores(np.empty((600, 0)), np.empty((600, 0)), named, features[:, 0] == 0.05)
    pairs = CandidatePairs(left, left + 1, 1200, features, scores, ~named, (), -6.0)
    answer = cast(
        Answer,
        SimpleNamespace(weight=np.where(is_match == 1, 9.0, -9.0), structure=SimpleNamespace(score=0.5, variance=0.0)),
    )
    made = Relatives.of(spec_of({"given": "given_name", "born": "date", "street": "address"}), features[300:])
    assert made is not None
    judged = iter([0.9, score_without_strangers])
    monkeypatch.setattr(
        "dbt_dedup.training.self_training.judge", lambda *_: SimpleNamespace(score=next(judged), variance=0.0)
    )
    learned = without_relatives(pairs, answer, (1, 1, 1), made)
    assert learned is not None
    of_relatives, of_others = (learned.predict_proba(features[at])[:, 1].mean() for at in (slice(90), slice(90, 300)))
    assert of_others > 0.6
    assert bool(of_relatives < 0.5) is (score_without_strangers == 0.99)


@pytest.mark.parametrize("is_attested", [True, False])
def test_people_of_one_name_are_two_where_their_records_attest_two_birth_dates(is_attested: bool) -> None:
    """Entities of four records: two records have another date than the other two, or one has a date of its own."""
    random = np.random.default_rng(3)
    groups = [0, 0, 1, 1] if is_attested else [0, 0, 0, 1]
    inside = [(4 * e + i, 4 * e + j, groups[i] == groups[j]) for e in range(60) for i in range(4) for j in range(i)]
    between = [(4 * e, 4 * e + 4, False) for e in range(59)] + [(4 * e + 1, 4 * e + 5, False) for e in range(59)]
    left, right, is_one_date = (np.array(each) for each in zip(*inside, *between, strict=True))
    together = np.arange(len(left)) < len(inside)
    features = np.column_stack([together, is_one_date, together]) * 0.8 + random.random((len(left), 3)) * 0.2
    scores = FieldScores.of(10 * features, {0: 1.0}, None, [1])
    pairs = CandidatePairs(
        left, right, 240, features, scores, together & is_one_date, ("given", "born", "street"), -6.0
    )
    before = SimpleNamespace(score=0.999, variance=0.0)  # the entities held together better
    answer = cast(Answer, SimpleNamespace(weight=np.where(together, 9.0, -9.0), structure=before))
    types = {"given": "given_name", "born": "date", "street": "address"}
    made = Relatives.of(spec_of(types), features[~together], generations=True)
    assert made is not None
    learned = without_relatives(pairs, answer, (1, 1, 1), made)
    if not is_attested:
        assert learned is None
        return
    assert learned is not None
    likely = learned.predict_proba(features)[:, 1]
    assert likely[together & ~is_one_date].max() < 0.5 < likely[together & is_one_date].min()
