"""What is said of an answer that is not used, and what is learned where pairs stand alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from neighbours import FIELDS, neighbour_pairs, neighbours_spec

from dbt_dedup.classifiers import FellegiSunterClassifier, LogisticClassifier
from dbt_dedup.names import ABSTAINED, USABLE
from dbt_dedup.spec import Spec
from dbt_dedup.training.self_training import Answer
from dbt_dedup.training.structure import Structure
from dbt_dedup.training.unlabelled_answer import LearnedWithoutLabels, _reasons, learn_from_pairs

ADVICE = (
    "Label 30 pairs (`dbt-dedup label customers --count 30`), or add a field that tells such records apart;"
    " customers_block_stats shows which blocking rule proposes most pairs."
)


def reasons(known_fields: tuple[str, ...] = FIELDS, surest: int = 9, **changes: Any) -> tuple[str, ...]:
    values = {"pairs": 1600, "consistency": 0.8, "support": 1.0, "contrast": 1.0, "strangers": 0.0, **changes}
    structure = Structure(**values, weakest_field="city", opposed_field="phone")
    best = Answer("best", LogisticClassifier(), np.empty(0), structure)
    return _reasons(
        best if "pairs" not in changes or changes["pairs"] else None, surest, known_fields, neighbours_spec()
    )


def test_an_answer_is_used_where_its_score_is_enough_by_one_standard_error() -> None:
    # 0.92 less sqrt(0.92 * 0.08 / 1600) = 0.0068, and 0.905 less 0.0073
    assert reasons(consistency=0.92) == ()
    first, *_, advice = reasons(consistency=0.905)
    assert first == (
        "No answer holds together: the best one, of 1,600 pairs, has a structure score of 0.91 (less 0.01, its standard"
        " error), and 0.9 is asked."
    )
    assert advice == ADVICE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"support": 0.3},
            "On field city its pairs say 30% of what the surest pairs say: they may be relatives or neighbours.",
        ),
        ({"strangers": 0.2}, "In 20% of its pairs the names have nothing in common: they may be families."),
        (
            {"contrast": 0.5},
            "Field phone speaks against its pairs: other candidate pairs agree on it more. A rule that blocks without"
            " phone may bring relatives together.",
        ),
    ],
)
def test_what_speaks_against_an_answer_is_named(changes: dict[str, Any], reason: str) -> None:
    assert reasons(**changes)[1:] == (reason, ADVICE)
    at_the_limit = {"support": 0.4, "strangers": 0.1, "contrast": 0.75}
    at_its_limit: dict[str, Any] = {name: at_the_limit[name] for name in changes}
    assert len(reasons(**at_its_limit)) == 2


def test_too_few_sure_pairs_and_one_field_alone_are_named_first() -> None:
    few = "Only 4 pairs stand out as surely of one entity: too few to learn from."
    assert reasons(surest=4, pairs=0) == (few, ADVICE)
    one = "Only field city varies between the pairs: no other speaks for or against a match."
    assert reasons(("city",), consistency=0.99) == (one, ADVICE)
    assert reasons(("city", "whole_text"), consistency=0.99) == (one, ADVICE)  # the text of the record is no field


def learned(
    left: np.ndarray, right: np.ndarray, features: np.ndarray, chance: np.ndarray, spec: Spec, *, apart: bool = False
) -> LearnedWithoutLabels:
    records = int(max(left.max(), right.max())) + 1
    return learn_from_pairs(left, right, apart, features, chance, records * (records - 1) / 2, spec)


def test_answers_are_ranked_by_their_structure_and_the_best_is_used() -> None:
    left, right, features, chance, is_match = neighbour_pairs(60, 3)
    found = learned(left, right, features, chance, neighbours_spec())
    assert (found.verdict, found.reasons, found.least_weight) == (USABLE, (), 0.0)
    scores = [answer.structure.score for answer in found.answers]
    assert scores == sorted(scores, reverse=True)
    assert found.chosen in {answer.name for answer in found.answers if answer.classifier is not None}
    assert ((found.classifier.decision_function(features) > 0) == is_match).all()
    assert found.surest_pairs >= 5
    assert found.missing < -1


def test_numbers_of_records_may_have_gaps_and_where_sources_are_apart_nothing_is_said_of_missing_pairs() -> None:
    left, right, features, chance, _ = neighbour_pairs(60, 3)
    near = learned(left, right, features, chance, neighbours_spec())
    gaps = learn_from_pairs(7 * left + 5, 7 * right + 5, False, features, chance, 180 * 179 / 2, neighbours_spec())
    assert near.missing == gaps.missing
    assert [answer.name for answer in near.answers] == [answer.name for answer in gaps.answers]
    assert learned(left, right, features, chance, neighbours_spec(), apart=True).missing == -6.0


def test_where_pairs_stand_alone_no_answer_goes_on_from_where_it_starts() -> None:
    random = np.random.default_rng(3)
    is_match = np.arange(400) % 4 == 0
    features = np.where(is_match[:, None], 0.9, 0.1) + random.normal(0, 0.05, (400, 3))
    left = 2 * np.arange(400)
    found = learned(left, left + 1, features, 0.1 + random.normal(0, 0.05, (3000, 3)), neighbours_spec())
    assert {answer.name.rpartition(", ")[2] for answer in found.answers} == {"0 rounds"}
    assert len(found.answers) == 4
    assert all(isinstance(answer.classifier, FellegiSunterClassifier) for answer in found.answers)


@pytest.mark.parametrize(("declared", "match"), [("auto", 0.9), (0.8, 0.8), (0.3, 0.5), (1.0, 0.999)])
def test_a_model_that_abstains_merges_only_above_every_pair_that_is_in_doubt(
    declared: float | str, match: float
) -> None:
    """No pair stands out: the last field says nothing of 200 pairs, and all else is noise."""
    random = np.random.default_rng(5)
    features = random.random((200, 3)).round(1)
    left, right = np.arange(200) % 40, 40 + np.arange(200) // 2
    found = learned(left, right, features, random.random((500, 3)).round(1), neighbours_spec(match=declared))
    assert found.verdict == ABSTAINED
    assert found.least_weight == pytest.approx(np.log2(match / (1 - match)))
    weight = found.classifier.decision_function(features)
    assert weight.max() < found.least_weight
    assert np.ptp(weight) > 0  # a ranking all the same
