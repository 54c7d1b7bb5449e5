"""Learning from entities instead of labels, step by step on few pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dbt_dedup.classifiers import LogisticClassifier
from dbt_dedup.training import self_training
from dbt_dedup.training.self_training import (
    Answer,
    CandidatePairs,
    best_answer,
    climb,
    looser_starts,
    weigh,
    weight_of_missing,
)
from dbt_dedup.training.starts import Start
from dbt_dedup.training.structure import FieldScores, Structure


def candidates(
    left: list[int], right: list[int], features: np.ndarray | None = None, missing: float = -6.0
) -> CandidatePairs:
    features = np.zeros((len(left), 1)) if features is None else features
    scores, surest = FieldScores.of(np.empty((len(left), 0))), np.zeros(len(left), dtype=bool)
    return CandidatePairs(np.array(left), np.array(right), max(left + right) + 1, features, scores, surest, (), missing)


@pytest.mark.parametrize(
    ("left", "right", "is_structured"),
    [
        ([0, 2, 4, 6], [1, 3, 5, 7], False),
        ([0, 0, 3, 5], [1, 2, 4, 6], False),  # half of the pairs are not most of them
        ([0, 0, 0, 5], [1, 2, 3, 6], True),
        ([0, 2, 3, 5], [1, 1, 1, 6], True),  # by their right sides
        ([0, 1, 2, 5], [1, 2, 3, 6], True),
    ],
)
def test_pairs_are_structured_where_most_share_a_record_with_another(
    left: list[int], right: list[int], is_structured: bool
) -> None:
    assert candidates(left, right).structured is is_structured


def household_pairs() -> tuple[CandidatePairs, np.ndarray]:
    """Twenty entities of three records in ten pairs of neighbours, with the label of each candidate pair.

    The first feature tells matches, the second is noise.
    """
    random = np.random.default_rng(3)
    ends, is_match = [], []
    for house in range(10):
        records = range(6 * house, 6 * house + 6)
        for one in records:
            for other in range(one + 1, 6 * house + 6):
                ends.append((one, other))
                is_match.append(one // 3 == other // 3)
    match = np.array(is_match)
    features = np.column_stack([match + random.normal(0, 0.15, len(match)), random.random(len(match))])
    left, right = zip(*ends, strict=True)
    return candidates(list(left), list(right), features), match


def test_a_climb_learns_from_entities_until_they_are_known() -> None:
    pairs, is_match = household_pairs()
    weight = np.where(is_match, 5.0, -5.0)
    weight[np.flatnonzero(is_match)[::9]] = -1.0  # a few matches that the start does not see
    known: set[bytes] = set()
    answers = list(climb(pairs, Start("by hand", weight), (1, 1), known))
    assert [answer.name for answer in answers] == ["by hand, 0 rounds", "by hand, 1 rounds"]
    assert answers[0].classifier is None
    assert (answers[0].weight == weight).all()
    learned = answers[1]
    assert isinstance(learned.classifier, LogisticClassifier)
    assert learned.weight == pytest.approx(learned.classifier.decision_function(pairs.features))
    assert ((learned.weight > 0) == is_match).all()
    assert learned.classifier.strength_ == 1.0
    assert learned.structure.pairs == is_match.sum()
    # who begins with entities that are known has nothing to learn
    assert len(list(climb(pairs, Start("again", weight), (1, 1), known))) == 1


def test_a_climb_of_noise_ends_after_four_answers() -> None:
    pairs, _ = household_pairs()
    random = np.random.default_rng(5)
    noise = CandidatePairs(
        pairs.left, pairs.right, pairs.records, random.random((150, 2)), pairs.scores, pairs.surest, (), -6.0
    )
    lengths = [len(list(climb(noise, Start("", random.normal(0, 3, 150)), (0, 0), set()))) for _ in range(12)]
    assert max(lengths) == 4


@pytest.mark.parametrize(("joined", "rounds"), [([], 1), ([0], 1), ([0, 1], 2)])
def test_a_climb_takes_two_pairs_inside_entities(joined: list[int], rounds: int) -> None:
    features = np.array([[1.0], [0.9], [0.1], [0.2], [0.0]])
    pairs = candidates([0, 2, 4, 6, 8], [1, 3, 5, 7, 9], features)
    weight = np.full(5, -9.0)
    weight[joined] = 9.0
    assert len(list(climb(pairs, Start("", weight), (1,), set()))) == rounds


def test_a_climb_ends_where_every_pair_is_inside_an_entity() -> None:
    pairs = candidates([0, 2, 4], [1, 3, 5], np.array([[1.0], [0.5], [0.0]]))
    assert len(list(climb(pairs, Start("", np.full(3, 9.0)), (1,), set()))) == 1


@pytest.mark.parametrize(("keeps_relatives_apart", "learns"), [(True, False), (False, True)])
def test_pairs_that_tell_nothing_are_not_learned_from_by_weights_that_are_against_relatives(
    keeps_relatives_apart: bool, learns: bool
) -> None:
    """Two entities of two records; the listed pair between is likely, and the others, which may be missed, are not."""
    features = np.array([[1.0], [0.9], [0.8]])
    pairs = candidates([0, 2, 1], [1, 3, 2], features, missing=-4.0)
    start = Start("", np.array([9.0, 9.0, 1.0]), keeps_relatives_apart=keeps_relatives_apart)
    assert pairs.together(start.weight).tolist() == [True, True, False]
    assert len(list(climb(pairs, start, (1,), set()))) == 1 + learns


def structure(pairs: int, score: float, support: float = 1.0) -> Structure:
    return Structure(pairs, score, "name", support, "city", 1.0, 0.0)


def answer(name: str, pairs: int, score: float, support: float = 1.0, *, is_classifier: bool = True) -> Answer:
    classifier: Any = LogisticClassifier() if is_classifier else None
    return Answer(name, classifier, np.empty(0), structure(pairs, score, support))


def test_looser_starts_have_four_tenths_more_pairs_each() -> None:
    weight = np.arange(90.0)[::-1] - 79.0  # 10 pairs above 0, and one of even odds
    found = list(looser_starts(Answer("best", None, weight, structure(10, 0.9))))
    assert [start.name for start in found] == [f"best, and on with {at} pairs" for at in (14, 19, 27, 38)]
    for start, at in zip(found, (14, 19, 27, 38), strict=True):
        assert (start.weight > 0).sum() == at
        assert start.weight[0] - start.weight[1] == 1.0
    few = Answer("few", None, weight[:27], structure(10, 0.9))
    assert [start.name for start in looser_starts(few)] == [f"few, and on with {at} pairs" for at in (14, 19)]
    assert list(looser_starts(Answer("none", None, -np.arange(1.0, 9.0), structure(0, 0.9)))) == []


def test_the_answer_of_highest_score_is_the_best_of_those_that_a_classifier_gives() -> None:
    answers = [answer("a", 100, 0.93), answer("b", 100, 0.95), answer("c", 90, 0.99, is_classifier=False)]
    assert best_answer(answers, 0.9).name == "b"


@pytest.mark.parametrize(
    ("pairs", "score", "support", "usable", "best"),
    [
        (140, 0.94, 1.0, 0.9, "larger"),
        (139, 0.94, 1.0, 0.9, "best"),  # no different answer
        (140, 0.915, 1.0, 0.8, "best"),  # worse by more than one standard error, 0.032
        (140, 0.926, 1.0, 0.9, "larger"),
        (140, 0.94, 1.0, 0.93, "best"),  # not usable by one standard error
        (140, 0.94, 0.83, 0.9, "larger"),  # the 40 pairs that it adds say 0.405
        (140, 0.94, 0.82, 0.9, "best"),  # and 0.37
        (1000, 0.94, 0.46, 0.9, "larger"),
    ],
)
def test_a_larger_answer_that_cannot_be_told_from_the_best_is_better(
    pairs: int, score: float, support: float, usable: float, best: str
) -> None:
    answers = [answer("best", 100, 0.95), answer("larger", pairs, score, support)]
    assert best_answer(answers, usable).name == best
    assert best_answer(answers[::-1], usable).name == best


def test_of_larger_answers_the_one_of_highest_score_is_the_best() -> None:
    answers = [answer("best", 100, 0.95), answer("large", 150, 0.94), answer("larger", 300, 0.945)]
    assert best_answer(answers, 0.9).name == "larger"


def test_the_weight_of_a_pair_that_blocking_did_not_propose_counts_missed_third_sides() -> None:
    """Of 30 triples with two sure sides a third of the third sides is missing: (10 + 1) of (30 + 64)."""
    first = 3 * np.arange(30)
    left, right = np.concatenate([first, first + 1, first[:20]]), np.concatenate([first + 1, first + 2, first[:20] + 2])
    weight = np.concatenate([np.full(60, 6.1), np.full(20, -3.0)])
    assert weight_of_missing(left, right, weight, 90) == pytest.approx(np.log2(11 / 94))
    assert weight_of_missing(left, right, np.where(weight > 0, 6.0, weight), 90) == -6.0  # none of them is sure
    assert weight_of_missing(left, right, np.full(80, 9.0), 90) == pytest.approx(np.log2(11 / (10 + 60 + 64)))


def test_the_weight_of_a_missing_pair_is_between_1_to_2_and_1_to_64() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert weight_of_missing(nothing, nothing, np.empty(0), 5) == -6.0
    hub = np.zeros(40, dtype=np.int64)  # 780 third sides, all missed
    assert weight_of_missing(hub, np.arange(1, 41), np.full(40, 9.0), 41) == -1.0
    # a record that is paired with itself, or twice, closes nothing more
    assert weight_of_missing(np.array([0, 0, 1]), np.array([0, 1, 0]), np.full(3, 9.0), 2) == -6.0


def test_pairs_are_weighed_in_batches_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    features = random.random((50, 3))
    classifier = LogisticClassifier().fit(features, features[:, 0] > 0.5)
    monkeypatch.setattr(self_training, "BATCH_ROWS", 7)
    assert weigh(classifier, features) == pytest.approx(classifier.decision_function(features))


def test_many_pairs_are_learned_from_in_part_and_weigh_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spread evenly over the pairs, and with the share of matches that all have."""
    pairs, is_match = household_pairs()
    start = Start("", np.where(is_match, 5.0, -5.0))
    monkeypatch.setattr(self_training, "EACH", 30)
    fitted: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    original = LogisticClassifier.fit

    def fit(
        self: LogisticClassifier, features: np.ndarray, labels: np.ndarray, weights: np.ndarray
    ) -> LogisticClassifier:
        fitted.append((features, labels, weights))
        return original(self, features, labels, weights)

    monkeypatch.setattr(LogisticClassifier, "fit", fit)
    list(climb(pairs, start, (1, 1), set()))
    features, labels, weights = fitted[0]
    assert [(labels == 0).sum(), (labels == 1).sum()] == [30, 30]
    assert weights[labels == 0].sum() / weights[labels == 1].sum() == pytest.approx(90 / 60)
    assert weights.mean() == pytest.approx(1)
    rows = [int(np.flatnonzero((pairs.features == row).all(axis=1))[0]) for row in features]
    assert rows == sorted(rows)
    assert {rows[0], rows[-1]} == {0, 149}
    assert labels.tolist() == is_match[rows].tolist()
