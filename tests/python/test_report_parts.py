"""What the report says and draws, of numbers that are written down here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.classifiers import AdditiveClassifier, LogisticClassifier
from dbt_dedup.pair_features import PairBatch
from dbt_dedup.registry.artefact import Artefact
from dbt_dedup.report import charts
from dbt_dedup.report.changes import Comparison, Entities, Flip, Regrouped, Scan, regrouped, scan
from dbt_dedup.report.cross_validated import Choice, cross_validated
from dbt_dedup.report.effects import Effect, effects, influences
from dbt_dedup.report.examples import EntityExample, flipped_pair, regrouped_entity, shown_keys
from dbt_dedup.report.svg import Plot, bar, nice_ticks, whisker
from dbt_dedup.report.verdict import ReviewLoad, Verdict, judge
from dbt_dedup.resolve import Decisions, Records
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Thresholds
from dbt_dedup.training.held_out import HeldOutPairs
from dbt_dedup.training.thresholds import CLUSTERS

SPEC = make_spec()  # match 0.9, review 0.5; targets: precision 0.98, recall 0.9, budget 500
QUALITY = {"threshold": 0.9, "precision": 0.99, "recall": 0.95, "f1": 0.97, "pairs": 200, "matches": 100}
CARD: dict[str, Any] = {
    "version": "m2",
    "cross_validation": {"overall": QUALITY, "folds": [{"precision": 0.98, "recall": 0.9}, QUALITY]},
}


def quality(**changes: float) -> dict[str, Any]:
    return {**CARD, "cross_validation": {**CARD["cross_validation"], "overall": {**QUALITY, **changes}}}


def comparison(decisions: Sequence[Sequence[int]], before: int = 10, after: int = 10) -> Comparison:
    return Comparison(np.array(decisions), (), (), before, after, (), (), 0, 0)


def verdict(
    card: dict[str, Any] = CARD,
    *,
    pairs: int = 10,
    is_served: bool = True,
    production: str | None = "m2",
    compared: Comparison | None = None,
) -> Verdict:
    return judge(SPEC, card, ReviewLoad(pairs, is_served), production, compared)


# --- the verdict


def test_a_model_that_reaches_its_targets_is_called_so() -> None:
    found = verdict()
    assert (found.state, found.headline) == ("good", "This model reaches all its targets.")
    assert found.sentences == ("It is the model in production.",)
    assert [(goal.name, goal.value, goal.target, goal.mark) for goal in found.goals] == [
        ("precision", "99.0%", "target 98%", "✓ reached"),
        ("recall", "95.0%", "target 90%", "✓ reached"),
        ("review", "10", "budget 500", "✓ reached"),
    ]
    assert found.goals[0].basis == ("Held out: 95 of 96 merged labelled pairs are right; 98.0% to 99.0% in 2 folds.")
    assert found.goals[1].basis == "Held out: 95 of 100 labelled matches are merged; 90.0% to 95.0% in 2 folds."
    assert found.goals[2].basis == "the pairs of `customers_review_queue`, as the last build left it."


def test_a_model_that_misses_targets_names_them() -> None:
    found = verdict(quality(precision=0.97, recall=0.8), pairs=501, is_served=False)
    assert (found.state, found.headline) == ("bad", "This model misses the target for precision, recall and review.")
    assert [goal.mark for goal in found.goals] == ["✗ missed"] * 3
    assert "at the review threshold 0.5 or above" in found.goals[2].basis
    assert [goal.state for goal in verdict(quality(precision=0.98, recall=0.9), pairs=500).goals] == ["good"] * 3


def test_what_cannot_be_checked_is_not_known() -> None:
    unlabelled = {**CARD, "cross_validation": None}
    found = verdict(unlabelled)
    assert (found.state, found.headline) == (
        "unknown",
        "1 of 3 targets can be checked: it was trained without labels.",
    )
    assert found.sentences[1:] == (
        "To know its precision and recall, label some pairs with `dbt-dedup label customers`.",
    )
    assert [(goal.value, goal.mark) for goal in found.goals[:2]] == [("–", "? not known")] * 2
    assert verdict(unlabelled, pairs=501).headline == (
        "This model misses the target for review; only 1 of 3 targets can be checked: it was trained without labels."
    )
    at_another = verdict(quality(threshold=0.8))
    assert at_another.headline == (
        "1 of 3 targets can be checked: it was measured at match threshold 0.8, which is no longer the entity's."
    )


def test_counts_of_held_out_pairs_follow_from_precision_and_recall() -> None:
    def basis(name: int, **changes: float) -> str:
        return verdict(quality(**changes)).goals[name].basis

    assert "80 of 100 labelled matches are merged" in basis(1, recall=0.8)
    assert "80 of 160 merged labelled pairs are right" in basis(0, recall=0.8, precision=0.5)
    assert "0 of 0 merged labelled pairs are right" in basis(0, recall=0.0, precision=0.0)
    one_fold = {**CARD, "cross_validation": {"overall": QUALITY, "folds": [QUALITY]}}
    assert verdict(one_fold).goals[1].basis == "Held out: 95 of 100 labelled matches are merged."


def expected(**changes: float) -> dict[str, Any]:
    """A card with what training expects of the clusters at the match threshold."""
    tried = {"match": 0.9, "precision": 0.975, "recall": 0.92, "precision_error": 0.01, **changes}
    thresholds = {"match": 0.9, "review": 0.5, "reached": True, "chosen_on": CLUSTERS, "tried": [tried]}
    return {**CARD, "thresholds": {**thresholds, "precision": 0.975, "recall": 0.92}}


def test_quality_of_the_clusters_counts_and_its_precision_may_miss_by_a_standard_error() -> None:
    within = verdict(expected()).goals
    assert [(goal.value, goal.state) for goal in within[:2]] == [("97.5%", "good"), ("92.0%", "good")]
    assert within[0].basis.startswith(
        "expected of the clusters that the final model makes, within one standard error, 1.0%, of the target. Held out:"
    )
    assert within[1].basis.startswith("expected of the clusters that the final model makes. Held out:")
    assert verdict(expected(precision=0.96)).goals[0].state == "bad"
    assert "within" not in verdict(expected(precision=0.96)).goals[0].basis
    assert "within" not in verdict(expected(precision=0.98)).goals[0].basis
    assert verdict(expected(recall=0.895)).goals[1].state == "bad"


def test_random_labels_count_where_there_are_enough() -> None:
    interval = {"low": 0.5, "high": 0.999}
    sample: dict[str, Any] = {"matches": 50, "pairs": 80}
    sample |= {"precision": {"value": 0.97, **interval}, "recall": {"value": 0.91, **interval}}
    card = {**CARD, "cross_validation": {**CARD["cross_validation"], "random_sample": sample}}
    precision, recall, _ = verdict(card).goals
    assert (precision.value, precision.state, recall.value) == ("97.0%", "bad", "91.0%")
    assert precision.basis == (
        "Held out: on 80 labels sampled at random, 50 of them matches, each weighted by the pairs it represents; 50.0%"
        " to 99.9% with 95% confidence."
    )


def test_a_model_that_is_not_in_production_is_set_against_the_one_that_is() -> None:
    def place(production: str | None, compared: Comparison | None = None) -> str:
        return verdict(production=production, compared=compared).sentences[0]

    assert place(None) == "No model is in production."
    assert place("m1") == "m1 is in production and cannot be compared with it."
    same = [[5, 0, 0], [0, 4, 0], [0, 0, 3]]
    assert place("m1", comparison(same)) == "m1 is in production and makes the same decision on every candidate pair."
    changed = [[5, 1, 2], [3, 4, 4], [5, 6, 3]]
    assert (comparison(changed).merged_count, comparison(changed).parted_count) == (6, 11)
    assert comparison(changed).changed_count == 21
    said = "Against m1, which is in production, 6 pairs would newly be merged and 11 no longer: {} now."
    assert place("m1", comparison(changed)) == said.format("as many entities as")
    assert place("m1", comparison(changed, 10, 11)) == said.format("1 entity more than")
    assert place("m1", comparison(changed, 10, 8)) == said.format("2 entities fewer than")


def test_the_next_step_is_to_promote_a_good_model_or_to_train_at_other_thresholds() -> None:
    def steps(card: dict[str, Any], production: str | None = "m1", pairs: int = 10) -> tuple[str, ...]:
        return verdict(card, production=production, pairs=pairs).sentences[1:]

    assert steps(CARD) == ("`dbt-dedup promote customers m2` puts it into production.",)
    assert steps(CARD, "m2") == steps(CARD, pairs=501) == ()
    refused = "`dbt-dedup promote customers m2` would refuse it."
    assert steps(quality(recall=0.5)) == (refused,)
    assert steps(quality(recall=0.5), "m2") == ()
    suggested = {"match": 0.8, "review": 0.4, "precision": 0.985, "recall": 0.91, "reached": True}
    assert steps({**quality(recall=0.5), "suggested_thresholds": suggested}) == (
        "At match threshold 0.8 and review threshold 0.4 in the entity spec it would reach precision 98.5% and recall"
        " 91.0%; then train again.",
        refused,
    )
    assert steps({**quality(recall=0.5), "suggested_thresholds": {**suggested, "reached": False}}) == (refused,)
    assert steps({**quality(recall=0.5), "suggested_thresholds": {**suggested, "match": 0.9}}) == (refused,)


# --- what changes


class ByWeight:
    """A model whose only feature is the log2 odds, moved by a number."""

    def __init__(self, moved: float = 0.0) -> None:
        self._moved = moved

    def decision_function(self, features: Any) -> Any:
        return features[:, 0] + self._moved


def model(moved: float = 0.0) -> Artefact:
    found = SimpleNamespace(classifier=ByWeight(moved), columns=lambda spec: [0], decided=lambda spec: spec)
    return cast("Artefact", found)


def odds(*probabilities: float) -> Any:
    return np.array([[np.log2(p / (1 - p))] for p in probabilities])


def batch(*pairs: tuple[int, int, float]) -> PairBatch:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    return PairBatch(left, right, odds(*(pair[2] for pair in pairs)))


def scanned(
    *batches: PairBatch,
    production: Artefact | None = None,
    count_waiting: bool = False,
    examples: int = 5,
    decisions: Decisions | None = None,
    closed: float = 0.001,
) -> Scan:
    """Scan pairs of eight records, of which those that no batch has get one probability."""
    keys = np.arange(1, 9, dtype=np.int32)
    records = Records(keys, keys, np.zeros(8, dtype=bool), None, np.arange(8))
    unlike = Entities(records, decisions or Decisions((), ()), lambda left, right: odds(*[closed] * len(left)))
    return scan(batches, SPEC, model(), production, [0.25], unlike, count_waiting, examples)


def test_candidate_pairs_are_counted_by_probability() -> None:
    found = scanned(batch((1, 2, 0.02), (1, 3, 0.06), (1, 4, 0.5)), batch((2, 3, 0.91), (2, 4, 0.9999)))
    assert [int(found.histogram[place]) for place in (0, 1, 10, 18, 19)] == [1, 1, 1, 1, 1]
    assert found.histogram.sum() == 5
    assert len(found.histogram) == 20
    assert found.pairs_at == {0.25: 3, 0.5: 3, 0.9: 2}
    assert found.pairs_between(SPEC.thresholds) == 1
    assert found.waiting is None
    assert found.comparison is None


def test_pairs_wait_for_a_person_unless_they_are_decided_or_in_one_entity() -> None:
    pairs = [(1, 2, 0.95), (3, 4, 0.5), (4, 5, 0.7), (5, 6, 0.499)]
    assert scanned(batch(*pairs), count_waiting=True).waiting == 2
    decided = Decisions((), ((4, 3),))
    assert scanned(batch(*pairs), count_waiting=True, decisions=decided).waiting == 1


def test_two_models_are_compared_by_their_decisions() -> None:
    """The model in production gives two less in log2 odds: 0.95 is 0.83 there, 0.6 is 0.27, 0.99 is 0.96."""
    found = scanned(
        batch((1, 2, 0.95), (3, 4, 0.6)), batch((5, 6, 0.99), (7, 8, 0.91), (1, 3, 0.1)), production=model(-2.0)
    ).comparison
    assert found
    assert found.decisions.tolist() == [[1, 1, 0], [0, 0, 2], [0, 0, 1]]
    assert [(flip.left, flip.right) for flip in found.merged] == [(7, 8), (1, 2)]
    assert found.merged[1].after == pytest.approx(0.95)
    assert found.merged[1].before == pytest.approx(0.95 / (0.95 + 4 * 0.05))
    assert found.parted == ()
    assert (found.entities_before, found.entities_after) == (7, 5)
    assert [part.parts for part in found.merges] == [((1,), (2,)), ((7,), (8,))]
    assert (found.merge_count, found.split_count, found.splits) == (2, 0, ())


def test_pairs_that_blocking_does_not_propose_count_for_the_entities() -> None:
    chain = batch((1, 2, 0.95), (2, 3, 0.95))
    for closed, entities in ((0.001, 7), (0.95, 6)):
        found = scanned(chain, production=model(), closed=closed).comparison
        assert found
        assert (found.entities_before, found.entities_after) == (entities, entities)


def test_a_certain_pair_is_in_the_last_bin() -> None:
    one, two = np.array([1], dtype=np.int32), np.array([2], dtype=np.int32)
    assert scanned(PairBatch(one, two, np.array([[2_000.0]]))).histogram.tolist() == [0] * 19 + [1]


def test_of_pairs_that_change_those_of_the_largest_change_are_kept() -> None:
    up = [(1, 2, 0.95), (3, 4, 0.92), (5, 6, 0.91)]
    found = scanned(batch(*up[:1]), batch(*up[1:]), production=model(-2.0), examples=2).comparison
    assert found
    assert [(flip.left, flip.right) for flip in found.merged] == [(5, 6), (3, 4)]
    assert (len(found.merges), found.merge_count) == (2, 3)
    down = scanned(batch((1, 2, 0.8), (3, 4, 0.7)), production=model(2.0), examples=1).comparison
    assert down
    assert [(flip.left, flip.right) for flip in down.parted] == [(3, 4)]
    assert (down.parted_count, down.merged_count, down.split_count) == (2, 0, 2)


def test_entities_that_differ_are_ordered_by_size() -> None:
    keys = np.arange(1, 8, dtype=np.int32)
    whole, parts = np.array([1, 1, 3, 3, 3, 6, 7]), np.array([1, 2, 3, 4, 4, 6, 7])
    found, count = regrouped(keys, whole, parts, 5)
    assert [one.parts for one in found] == [((4, 5), (3,)), ((1,), (2,))]
    assert ([one.records for one in found], count) == ([3, 2], 2)
    assert [one.parts for one in regrouped(keys, whole, parts, 1)[0]] == [((4, 5), (3,))]
    of_three = regrouped(keys[:4], np.array([1, 1, 1, 1]), np.array([1, 2, 2, 4]), 1)[0]
    assert [one.parts for one in of_three] == [((2, 3), (1,), (4,))]


def test_of_a_large_entity_the_first_records_of_each_part_are_shown() -> None:
    entity = Regrouped((tuple(range(1, 9)), (11, 12)))
    assert shown_keys(entity) == [*((1, key) for key in range(1, 7)), (2, 11), (2, 12)]
    records = {key: Record(f"r{key}", None, {}) for key in range(1, 13)}
    example = regrouped_entity(entity, records)
    assert (example.records, example.parts, example.hidden) == (10, 2, 2)
    assert example.rows[0] == (1, records[1])
    assert EntityExample((), 3, 2).hidden == 3
    pair = flipped_pair(Flip(1, 2, 0.25, 0.9), records)
    assert pair.facts == (("in production", "0.250"), ("this model", "0.900"))
    assert (pair.left, pair.right) == (records[1], records[2])


# --- held-out pairs


def held_out(*pairs: tuple[int, float]) -> HeldOutPairs:
    ids = [(f"l{n}", f"r{n}") for n in range(len(pairs))]
    probability = np.array([pair[1] for pair in pairs])
    labels = np.array([pair[0] for pair in pairs])
    return HeldOutPairs(ids, labels, [""] * len(pairs), probability, probability, [""] * len(pairs))


def test_only_pairs_that_a_fold_tested_are_cross_validated() -> None:
    assert cross_validated(None) is None
    assert cross_validated(held_out((1, float("nan")))) is None
    tested = cross_validated(held_out((1, 0.9), (0, float("nan")), (0, 0.2)))
    assert tested
    assert (len(tested), tested.record_ids, tested.is_match.tolist()) == (2, (("l0", "r0"), ("l2", "r2")), [1, 0])


def test_thresholds_are_compared_by_what_they_give_on_the_tested_pairs() -> None:
    tested = cross_validated(held_out((1, 0.97), (0, 0.92), (1, 0.82), (1, 0.5), (0, 0.1)))
    assert tested
    choices = tested.choices(Thresholds(0.9, 0.6, 0.01), Thresholds(0.85, 0.4, 0.01))
    assert [(found.thresholds.match, found.thresholds.review) for found in choices] == [
        *((0.5, 0.5), (0.6, 0.6), (0.7, 0.6), (0.8, 0.6), (0.85, 0.4), (0.9, 0.6), (0.95, 0.6), (0.99, 0.6)),
    ]
    by_match = {found.thresholds.match: [found.precision, found.recall] for found in choices}
    assert by_match[0.9] == pytest.approx([1 / 2, 1 / 3])
    assert by_match[0.8] == pytest.approx([2 / 3, 2 / 3])
    assert by_match[0.95] == pytest.approx([1, 1 / 3])
    # the match of even odds is not on the wrong side, the other pair at 0.92 is
    assert tested.hardest() == [1]
    curve = np.array(tested.precision_recall_curve())
    assert curve == pytest.approx(np.array([[1 / 3, 1], [1 / 3, 1 / 2], [2 / 3, 2 / 3], [1, 3 / 4], [1, 3 / 5]]))


# --- effects


def logistic(slopes: Sequence[float], offsets: Sequence[float], features: Any) -> Artefact:
    classifier = LogisticClassifier().fit(np.repeat([[1.0] * 4, [0.0] * 4], 5, axis=0), np.repeat([1, 0], 5))
    classifier.slopes_, classifier.offsets_ = np.array(slopes, dtype=float), np.array(offsets, dtype=float)
    return cast("Artefact", SimpleNamespace(classifier=classifier, parity=SimpleNamespace(features=features)))


def test_fields_are_ordered_by_how_far_they_move_the_parity_vectors() -> None:
    """The name adds 3 and -1, the birth date 2 and 2, the mail nothing, the phone -5 and 0."""
    features = np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0]])
    artefact = logistic([4, 2, 0, -5], [-1, 0, 0, 0], features)
    assert [(found.field, found.for_match, found.against) for found in influences(artefact, SPEC)] == [
        ("phone", 0.0, -2.5),
        ("birth", 2.0, 0.0),
        ("name", 1.5, -0.5),
        ("email", 0.0, 0.0),
    ]
    assert [found.size for found in influences(artefact, SPEC)] == [2.5, 2.0, 2.0, 0.0]


def test_an_effect_goes_from_the_least_to_the_largest_value() -> None:
    features = np.array([[0.25, 1.0, 0.0, np.nan], [0.75, 1.0, 1.0, np.nan], [np.nan, 1.0, 0.5, np.nan]])
    found = effects(logistic([4, 2, -8, 1], [-1, 0, 1, 0], features), SPEC)
    assert [(one.feature, one.points) for one in found] == [
        ("email_same", ((0.0, 1.0), (1.0, -7.0))),
        ("name_similarity", ((0.25, 0.0), (0.75, 2.0))),
    ]


def test_an_effect_of_steps_has_two_points_a_step() -> None:
    values = np.array([[0.0], [0.2], [0.4], [0.6], [0.8], [1.0]])
    classifier = AdditiveClassifier([1]).fit(np.repeat(values, 20, axis=0), np.repeat([0, 0, 0, 1, 1, 1], 20))
    artefact = cast("Artefact", SimpleNamespace(classifier=classifier, parity=SimpleNamespace(features=values)))
    (found,) = effects(artefact, make_spec(names=("a_b",), directions=(1,)))
    starts, ends = found.points[::2], found.points[1::2]
    assert (starts[0][0], ends[-1][0]) == (0.0, 1.0)
    assert [start[0] for start in starts[1:]] == [end[0] for end in ends[:-1]]
    assert [start[1] for start in starts] == [end[1] for end in ends]
    assert len(starts) > 1
    for (start, weight), (end, _) in zip(starts, ends, strict=True):
        middle = np.array([[(start + end) / 2]])
        assert classifier.explain(middle)[0, 0] == pytest.approx(weight)


# --- the charts


def choice(match: float, precision: float, recall: float) -> Choice:
    return Choice(Thresholds(match, 0.5, 0.01), precision, recall)


def test_the_curve_says_which_targets_are_reached() -> None:
    def title(now: Choice, suggested: Choice | None = None) -> str:
        figure = charts.precision_recall([(0.5, 1.0), (1.0, 0.9)], now, suggested, SPEC)
        assert figure.title in figure.chart
        return figure.title.removeprefix("On held-out labels, at match threshold 0.9 ")

    good = choice(0.8, 0.98, 0.9)
    assert title(choice(0.9, 0.98, 0.9)) == "both targets are reached"
    assert title(choice(0.9, 0.979, 0.9)) == "precision misses its target"
    assert title(choice(0.9, 0.98, 0.89), good) == "recall misses its target; at 0.8 both are reached"
    assert title(choice(0.9, 0.5, 0.5), choice(0.8, 0.98, 0.8)) == "precision and recall miss their targets"
    assert title(choice(0.9, 0.5, 0.5), choice(0.8, 0.9, 0.9)) == "precision and recall miss their targets"


def polyline(figure: charts.Figure, style: str) -> list[list[tuple[float, float]]]:
    found = re.findall(rf'<polyline class="{style}" points="([^"]*)"', figure.chart)
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in line.split())] for line in found]


def test_the_curve_is_cut_where_it_leaves_the_view() -> None:
    """The view is from recall 0.8 and precision 0.8 on, 342 by 180 units from (44, 210) up."""
    figure = charts.precision_recall([(0.5, 1.0), (1.0, 0.75)], choice(0.9, 0.98, 0.9), None, SPEC)
    (line,) = polyline(figure, "line a")
    # the line enters at (0.8, 0.85) and leaves at (0.9, 0.8)
    assert line == [(44.0, 165.0), (215.0, 210.0)]
    wide = charts.precision_recall([(0.5, 1.0), (1.0, 0.9)], choice(0.9, 0.98, 0.9), None, SPEC)
    (line,) = polyline(wide, "line a")
    assert line == [(44.0, 84.0), (386.0, 120.0)]


def test_the_view_of_the_curve_has_the_targets_and_the_thresholds_in_it() -> None:
    def first_ticks(now: Choice, suggested: Choice | None = None) -> list[str]:
        """The first tick of precision, and that of recall."""
        chart = charts.precision_recall([(0.0, 1.0), (1.0, 0.0)], now, suggested, SPEC).chart
        texts = re.findall(r">(\d+%)</text>", chart)
        return [texts[0], texts[texts.index("100%") + 1]]

    assert first_ticks(choice(0.9, 0.98, 0.9)) == ["80%", "80%"]
    assert first_ticks(choice(0.9, 0.55, 0.75)) == ["40%", "60%"]
    assert first_ticks(choice(0.9, 0.98, 0.9), choice(0.8, 0.98, 0.55)) == ["80%", "40%"]
    assert first_ticks(choice(0.9, 0.05, 0.05)) == ["0%", "0%"]


def test_the_names_of_two_near_thresholds_are_below_each_other() -> None:
    def heights(review: float) -> list[float]:
        chart = load(1, review=review).chart
        found = [re.search(rf'y="([^"]*)" text-anchor="\w+" *>{name}', chart) for name in ("match", "review")]
        return [float(each[1]) for each in found if each]

    match, review = heights(0.65)
    assert match == review
    match, review = heights(0.66)
    assert review == match + 15


def load(
    pairs: int, *, is_served: bool = True, histogram: Sequence[int] = (5, 0, 1000, 3), **spec: float
) -> charts.Figure:
    counts = np.array(histogram)
    declared = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, **spec))
    at = declared.thresholds
    return charts.review_load(
        Scan(counts, {at.review: 7, at.match: 3}, None, None), ReviewLoad(pairs, is_served), declared
    )


def test_the_review_load_is_set_against_the_budget() -> None:
    assert load(500).title == "500 pairs wait for a person, within the budget of 500"
    assert load(501).title == "501 pairs wait for a person, over the budget of 500"
    assert load(1).title == "1 pair waits for a person, within the budget of 500"
    assert load(1, is_served=False).title == "1 pair would wait for a person, within the budget of 500"
    assert "3 of 1,008 candidate pairs are at the match threshold or above." in load(1).chart
    assert "Of the 4 pairs in the band" in load(1).reading


def test_bars_are_as_high_as_the_logarithm_of_their_pairs() -> None:
    chart = load(1).chart
    bars = re.findall(r'<rect class="bar-a" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"', chart)
    assert len(bars) == 3
    # 180 units from 0.7 to 1,000, and the quarters of 326 units from 60 on
    per_decade = 180 / (3 - np.log10(0.7))
    assert [float(height) for *_, height in bars] == pytest.approx(
        [per_decade * (np.log10(pairs) - np.log10(0.7)) for pairs in (5, 1000, 3)], abs=0.02
    )
    assert [float(x) for x, *_ in bars] == pytest.approx(
        [60 + 326 * (place + 0.08) / 4 for place in (0, 2, 3)], abs=0.02
    )
    assert 'class="band"' in chart
    assert 'class="band"' not in load(1, match=0.5, review=0.5).chart
    assert "review 0.5" in chart
    assert "review 0.5" not in load(1, match=0.5, review=0.5).chart
    for power in ("1", "10", "100", "1,000"):
        assert f">{power}</text>" in chart


def test_the_learning_curve_says_what_more_labels_may_bring() -> None:
    def title(expected_f1: float, **changes: bool) -> str:
        points = [[50, 0, 0.8], [100, 0, 0.85], [200, 0, 0.9]]
        card = {"points": points, "expected_f1": expected_f1, "more_labels": 200, **changes}
        figure = charts.learning_curve(card)
        assert "50 labels: 0.800, 100 labels: 0.850, 200 labels: 0.900" in figure.chart
        assert len(re.findall('class="dot a"', figure.chart)) == 3
        assert figure.legend[1] == ("ring a", "expected with 200 more labels")
        return figure.title

    assert title(0.93) == "200 more labels may raise F1 from 0.900 to about 0.930"
    assert title(0.901) == "200 more labels would change F1 little: it stays near 0.900"
    assert title(0.93, gain_is_measurable=False) == "No measurable gain from 200 more labels: F1 stays near 0.900"
    assert title(0.93, gain_is_measurable=True).startswith("200 more labels may raise")


def test_the_axis_of_f1_begins_below_the_least_and_ends_above_the_largest() -> None:
    def ends(*f1: float, expected_f1: float) -> list[str]:
        points = [[50 * (n + 1), 0, value] for n, value in enumerate(f1)]
        chart = charts.learning_curve({"points": points, "expected_f1": expected_f1, "more_labels": 200}).chart
        ticks = re.findall(r">(\d\.\d\d)</text>", chart)
        return [ticks[0], ticks[-1]]

    assert ends(0.82, 0.9, expected_f1=0.93) == ["0.80", "0.94"]
    assert ends(0.82, 0.9, expected_f1=0.999) == ["0.80", "1.00"]
    assert ends(0.01, 0.4, expected_f1=0.5) == ["0.00", "0.50"]


def test_reliability_has_a_dot_and_a_bar_for_each_group() -> None:
    observed = {"low": 0.1, "value": 0.25, "high": 0.5}
    bins = [
        {"probability": 0.2, "observed": observed, "pairs": 1_000},
        {"probability": 0.8, "observed": observed, "pairs": 20},
    ]
    measured = {"bins": bins, "expected_calibration_error": 0.0123}
    figure = charts.reliability(measured, "all labels")
    assert figure.title == "Probabilities are 1.2 points from what was observed, on average"
    assert "over 1,020 labelled pairs." in figure.chart
    assert "labelled pairs drawn at random" in charts.reliability(measured, "random labels").chart
    assert len(polyline(figure, "line a thin")) == 2
    # 342 units from 44 on, and 180 units up from 210
    assert polyline(figure, "line a thin")[0] == [(112.4, 192.0), (112.4, 120.0)]
    assert 'class="dot a" cx="112.4" cy="165"' in figure.chart
    assert polyline(figure, "line reference") == [[(44.0, 210.0), (386.0, 30.0)]]


def test_effects_share_an_axis_of_weights_with_zero() -> None:
    low, high = Effect("a", "", ((0.0, 1.0), (1.0, 3.0))), Effect("b", "", ((2.0, -2.0), (4.0, 0.5)))
    assert charts.effect_range([low, high]) == (-2.0, 3.0)
    assert charts.effect_range([low]) == (0.0, 3.0)
    assert (low.size, high.size) == (2.0, 2.5)
    svg = charts.effect(high, (-2.0, 3.0))
    assert 'aria-label="b: weights from -2.0 to +0.5"' in svg
    assert ">2</text>" in svg
    assert ">4</text>" in svg
    assert ">0</text>" not in svg


# --- marks


def test_a_plot_puts_values_between_its_margins() -> None:
    plot = Plot((0.0, 10.0), (0.0, 4.0), width=120, height=60, margins=(10, 20, 30, 40))
    assert [plot.x(value) for value in (0, 5, 10)] == [40, 70, 100]
    assert [plot.y(value) for value in (0, 1, 4)] == [30, 25, 10]
    logarithmic = Plot((1.0, 100.0), (1.0, 4.0), log_x=True)
    assert logarithmic.x(10.0) == pytest.approx((logarithmic.x(1.0) + logarithmic.x(100.0)) / 2)
    assert Plot((5.0, 5.0), (0.0, 1.0), width=100, margins=(0, 0, 0, 0)).x(5.0) == 50
    svg = plot.line([(0, 0), (10, 4)], "l").dot(5, 2, "d", 3).area((10, 0), (4, 1), "r").render("all")
    assert '<polyline class="l" points="40,30 100,10"/>' in svg
    assert '<circle class="d" cx="70" cy="20" r="3"/>' in svg
    assert '<rect class="r" x="40" y="10" width="60" height="15"/>' in svg
    assert 'viewBox="0 0 120 60" role="img" aria-label="all"' in svg


def test_axes_have_a_line_and_a_text_for_each_tick() -> None:
    plot = Plot((0.0, 10.0), (0.0, 4.0), width=120, height=60, margins=(10, 20, 30, 40))
    svg = plot.axes("across", "up", [5], [1, 4], lambda x: f"x{x}", lambda y: f"y{y}").render("")
    assert re.findall(r'<line class="(\w+)" x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)"', svg) == [
        ("grid", "40", "25", "100", "25"),
        ("grid", "40", "10", "100", "10"),
        ("tick", "70", "30", "70", "34"),
        ("axis", "40", "30", "100", "30"),
    ]
    places = {text: (float(x), float(y)) for x, y, text in re.findall(r'x="([^"]*)" y="([^"]*)"[^>]*>([^<]+)<', svg)}
    assert places["x5"][0] == 70
    assert places["x5"][1] > 34
    assert places["y1"][0] < 40
    assert places["y4"][1] < places["y1"][1]
    assert re.findall(r">([^<]+)</text>", svg) == ["y1", "y4", "x5", "up", "across"]


def test_the_name_of_a_rule_is_where_there_is_room() -> None:
    plot = Plot((0.0, 1.0), (0.0, 1.0), width=300, margins=(0, 0, 0, 0))
    with_margin = Plot((0.0, 1.0), (0.0, 1.0), width=344, margins=(0, 0, 0, 44)).rule(0.2, "near").render("")
    assert re.search(r'x="109" y="\d+" text-anchor="start">near<', with_margin)
    far, near = plot.rule(0.5, "far").rule(0.1, "near").render("").split('class="rule"')[1:]
    assert 'x1="150"' in far
    assert re.search(r'x="145" y="\d+" text-anchor="end">far<', far)
    assert re.search(r'x="35" y="\d+" text-anchor="start">near<', near)
    lower = Plot((0.0, 1.0), (0.0, 1.0)).rule(0.5, "a", 0).rule(0.5, "b", 1).render("")
    heights = [int(y) for y in re.findall(r'y="(\d+)" text-anchor="end">', lower)]
    assert heights[1] - heights[0] == 15


def test_bars_and_whiskers_of_tables_are_drawn_in_their_width() -> None:
    svg = bar([(0.0, 0.25, "a"), (0.5, 0.4, "b")], "half", width=200)
    assert re.findall(r'class="(a|b)" x="([^"]*)" y="0" width="([^"]*)"', svg) == [("a", "0", "50"), ("b", "100", "0")]
    line = whisker(0.0, 0.5, 1.0, "all", "w", width=160)
    assert '<line class="w" x1="6" y1="8" x2="154" y2="8"/>' in line
    assert '<circle class="w" cx="80"' in line


@pytest.mark.parametrize(
    ("low", "high", "wanted", "ticks"),
    [
        (0.0, 1.0, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 10.0, 4, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
        (0.0, 50.0, 5, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]),
        (-3.0, 3.2, 5, [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]),
        (0.8, 1.0, 4, [0.8, 0.85, 0.9, 0.95, 1.0]),
        (5.0, 5.0, 5, [5.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, wanted: int, ticks: list[float]) -> None:
    assert nice_ticks(low, high, wanted) == ticks
