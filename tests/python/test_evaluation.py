"""Quality and thresholds from labels, on pairs few enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from examples import make_spec

from dbt_dedup.resolve import Records, ScoredPairs
from dbt_dedup.spec import Targets
from dbt_dedup.training.evaluation import (
    Interval,
    best_f1_threshold,
    measure,
    reliability,
    sample_quality,
    share,
)
from dbt_dedup.training.thresholds import (
    CUTS,
    ChosenThresholds,
    ClusteredPairs,
    Quality,
    choose,
    from_clusters,
    from_labels,
)


def test_a_share_counts_weights_and_its_interval_the_pairs_that_tell_as_much() -> None:
    """Weights 1, 1, 2 tell as much as (4^2) / 6 = 2.67 even pairs; Wilson's interval of a half of them."""
    found = share(np.array([True, True, False]), np.array([1.0, 1.0, 2.0]))
    pairs, z = 16 / 6, 1.959963984540054
    half = z * np.sqrt(0.25 / pairs + z**2 / (4 * pairs**2)) / (1 + z**2 / pairs)
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_an_interval_stays_between_0_and_1() -> None:
    for all_or_none in (True, False):
        found = share(np.full(3, all_or_none), np.ones(3))
        assert 0.0 <= found.low < found.high <= 1.0
        assert found.value == float(all_or_none)
    assert share(np.array([True]), np.array([0.0])) == Interval(1.0, 0.0, 1.0)


def test_reliability_has_bins_of_twenty_pairs_and_ten_at_most() -> None:
    for pairs, sizes in ((1, [1]), (19, [19]), (40, [20, 20]), (59, [30, 29]), (220, [22] * 10)):
        probability = np.random.default_rng(1).permutation(pairs) / pairs
        found = reliability(np.ones(pairs, dtype=np.int64), probability, np.ones(pairs))
        assert [one.pairs for one in found.bins] == sizes
        assert (np.diff([one.probability for one in found.bins]) > 0).all()


def test_the_calibration_error_is_the_mean_distance_of_the_bins_by_their_weight() -> None:
    probability = np.repeat([0.1, 0.8], 20)
    is_match = np.concatenate([np.arange(20) < 4, np.arange(20) < 12]).astype(np.int64)
    found = reliability(is_match, probability, np.ones(40))
    assert [one.probability for one in found.bins] == pytest.approx([0.1, 0.8])
    assert [one.observed.value for one in found.bins] == pytest.approx([0.2, 0.6])
    assert found.expected_calibration_error == pytest.approx(0.15)
    weighted = reliability(is_match, probability, np.repeat([3.0, 1.0], 20))
    assert weighted.expected_calibration_error == pytest.approx(0.75 * 0.1 + 0.25 * 0.2)
    heavy = np.where(np.arange(40) == 0, 21.0, 1.0)  # one match of the first bin counts for 21 pairs
    assert reliability(is_match, probability, heavy).bins[0].observed.value == pytest.approx(24 / 40)


def test_a_random_sample_gives_precision_of_the_merged_and_recall_of_the_matches_by_their_weights() -> None:
    is_match, probability = np.array([1, 1, 0, 0, 1]), np.array([0.9, 0.5, 0.7, 0.2, 0.1])
    found = sample_quality(is_match, probability, 0.5, np.array([1.0, 2.0, 1.0, 5.0, 3.0]))
    assert (found.pairs, found.matches) == (5, 3)
    assert (found.precision.value, found.recall.value) == pytest.approx((3 / 4, 3 / 6))


def test_metrics_of_four_pairs() -> None:
    found = measure(np.array([1, 1, 0, 0]), np.array([0.8, 0.4, 0.5, 0.1]), 0.5)
    assert (found.pairs, found.matches, found.threshold) == (4, 2, 0.5)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    # at recall 1/2 precision is 1, at recall 1 it is 2/3
    assert found.average_precision == pytest.approx(1 / 2 + 2 / 3 / 2)
    assert found.log_loss == pytest.approx(-np.log([0.8, 0.4, 0.5, 0.9]).mean())
    assert found.brier == pytest.approx((0.04 + 0.36 + 0.25 + 0.01) / 4)


def test_metrics_where_nothing_is_merged_or_nothing_matches() -> None:
    nothing_merged = measure(np.array([1, 0]), np.array([0.4, 0.1]), 0.5)
    assert (nothing_merged.precision, nothing_merged.recall, nothing_merged.f1) == (1.0, 0.0, 0.0)
    no_match = measure(np.array([0, 0]), np.array([0.8, 0.1]), 0.5)
    assert (no_match.precision, no_match.recall, no_match.f1, no_match.average_precision) == (0.0, 1.0, 0.0, 0.0)
    assert no_match.log_loss == pytest.approx(-np.log([0.2, 0.9]).mean())


@pytest.mark.parametrize(
    ("labels", "probabilities", "threshold"),
    [
        ([1, 1, 0], [0.9, 0.6, 0.2], 0.4),  # half way to the pair below
        ([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 0.4),  # F1 0.8, and 2/3 at the first pair
        ([1, 0, 0, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.5], 0.85),  # F1 2/3, and 4/7 with all
        ([1, 1], [0.9, 0.6], 0.3),  # nothing is below
        ([1, 0, 1, 0], [0.9, 0.6, 0.6, 0.3], 0.45),  # equal probabilities stay together
        ([0, 1, 1], [0.2, 0.6, 0.9], 0.4),  # in any order
        ([1, 0, 0, 1], [0.9, 0.7, 0.6, 0.5], 0.8),  # of equal F1, 2/3, the highest
        ([1, 0], [0.1234567, 0.1234566], 0.1234567),
        ([1, 0], [0.5, np.nextafter(0.5, 0)], 0.5),
    ],
)
def test_the_threshold_of_the_best_f1(labels: list[int], probabilities: list[float], threshold: float) -> None:
    assert best_f1_threshold(np.array(labels), np.array(probabilities)) == threshold


@pytest.mark.parametrize(
    ("quality", "is_reached"),
    [
        (Quality(0.5, 0.9, 0.5), True),
        (Quality(0.5, 0.89, 0.5), False),
        (Quality(0.5, 0.88, 0.5, 0.02), True),
        (Quality(0.5, 0.87, 0.5, 0.02), False),
    ],
)
def test_a_precision_within_one_standard_error_reaches_its_target(quality: Quality, is_reached: bool) -> None:
    assert quality.reaches(Targets(0.9, 0.9, 10)) is is_reached


@pytest.mark.parametrize(
    ("tried", "match"),
    [
        ([(0.1, 0.95, 0.45), (0.5, 0.97, 0.44)], 0.1),  # half of the recall target is just enough
        ([(0.1, 0.95, 0.9), (0.5, 0.99, 0.89)], 0.1),  # the recall target itself is enough
        ([(0.1, 0.4, 0.9), (0.5, 0.45, 0.1)], 0.5),  # none is mostly right: the most precise
        ([(0.1, 0.5, 0.9), (0.5, 0.9, 0.4)], 0.1),  # the better F1 of those that are mostly right
        ([(0.1, 0.6, 0.6), (0.5, 0.6, 0.6)], 0.5),  # of equals the highest
        ([(0.1, 0.6, 0.6000003), (0.5, 0.6, 0.6)], 0.5),  # and of what is equal to six digits
        ([(0.1, 0.4000003, 0.6), (0.5, 0.4, 0.6)], 0.5),
    ],
)
def test_the_best_of_several_thresholds(tried: list[tuple[float, float, float]], match: float) -> None:
    assert choose([Quality(*each) for each in tried], Targets(0.9, 0.9, 10)).match == match


def test_a_threshold_from_labels_counts_each_pair_by_its_weight() -> None:
    is_match, probability = np.array([1, 1, 0, 1, 0]), np.array([0.97, 0.85, 0.85, 0.55, 0.05])
    weights = np.array([2.0, 1.0, 3.0, 2.0, 9.0])
    chosen = from_labels(is_match, probability, weights, Targets(0.9, 0.4, 10))
    tried = {quality.match: (quality.precision, quality.recall) for quality in chosen.tried}
    assert tried[0.95] == (1.0, 0.4)
    assert tried[0.8] == (0.5, 0.6)
    assert tried[0.5] == (5 / 8, 1.0)
    assert tried[0.98] == (1.0, 0.0)
    assert list(tried) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]
    assert (chosen.match, chosen.precision, chosen.recall, chosen.reached) == (0.95, 1.0, 0.4, True)
    assert (chosen.review, chosen.review_pairs, chosen.chosen_on) == (0.05, None, "labelled pairs")
    assert not from_labels(is_match, probability, weights, Targets(0.9, 0.5, 10)).reached


KEYS = np.array([1, 2, 3, 4, 5, 6, 7], dtype=np.int32)
PAIRS = [(1, 2, 0.97), (3, 4, 0.85), (4, 5, 0.45), (3, 5, 0.5), (6, 7, 0.2), (1, 6, 0.04), (2, 7, 0.5)]
TOTAL = sum(pair[2] for pair in PAIRS)


def chosen_from(
    pairs: list[tuple[int, int, float]] = PAIRS,
    labelled: Sequence[tuple[int, bool, bool]] = (),
    *,
    floor: float = 0.03,
    review_budget: int = 10,
    source_mode: str = "both",
    **records: Any,
) -> ChosenThresholds:
    """The thresholds, given labels: the place of a pair (-1 for none), whether it matches, whether it is evidence.

    The shift that labels suggest is as many bits as there are more matches than others among them.
    """
    place, is_match, is_evidence = np.array(labelled, dtype=np.int64).reshape(-1, 3).T
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    scored = ScoredPairs(left, right, np.array([pair[2] for pair in pairs]))
    held_out = np.full(len(place), 0.25)
    spec = make_spec(
        targets={"precision": 0.8, "recall": 0.3, "review_budget": review_budget},
        thresholds={"match": "auto", "review": "auto", "floor": floor},
        source_mode=source_mode,
    )

    def shift_of(odds: np.ndarray, matches: np.ndarray) -> float:
        return float((4 * odds * (2 * matches - 1)).sum())

    clustered = ClusteredPairs(Records(KEYS, **records), scored, place, is_match, held_out)
    return from_clusters(clustered, spec, shift_of, is_evidence == 1)


def tried(chosen: ChosenThresholds, match: float) -> tuple[float, float]:
    ((precision, recall),) = [(q.precision, q.recall) for q in chosen.tried if q.match == match]
    return precision, recall


def test_expected_quality_is_the_sum_of_probabilities_inside_the_clusters() -> None:
    chosen = chosen_from()
    assert tried(chosen, 0.9) == pytest.approx((0.97, 0.97 / TOTAL))
    assert tried(chosen, 0.8) == pytest.approx((1.82 / 2, 1.82 / TOTAL))
    assert tried(chosen, 0.4) == pytest.approx((2.77 / 4, 2.77 / TOTAL))
    assert tried(chosen, 0.99) == (1.0, 0.0)
    assert {quality.precision_error for quality in chosen.tried} == {0.5}  # no labels
    assert chosen.chosen_on == "clusters of all candidate pairs"
    # precision is known to within a half, so 0.4 may reach its target as well, and has the better F1 of all
    assert chosen.reached


def test_a_certain_pair_is_expected_to_be_what_it_is() -> None:
    chosen = chosen_from([(1, 2, 1.0), (3, 4, 0.0), (5, 6, 0.5)])
    assert tried(chosen, 0.9) == pytest.approx((1.0, 1 / 1.5))


def test_only_cuts_at_the_floor_or_above_are_tried() -> None:
    assert [quality.match for quality in chosen_from(floor=0.3).tried] == list(CUTS[2:])
    assert [quality.match for quality in chosen_from(floor=0.31).tried] == list(CUTS[3:])


def test_a_pair_inside_a_cluster_that_nobody_scored_is_expected_to_be_no_match() -> None:
    chosen = chosen_from([(1, 2, 0.999), (2, 3, 0.999), (1, 4, 0.01)])
    assert tried(chosen, 0.5) == pytest.approx((1.998 / 3, 1.998 / 2.008))


@pytest.mark.parametrize(
    ("source_mode", "of_sources", "unscored"),
    [("both", "abab", 1), ("link_only", "abab", 0), ("link_only", "abcb", 1), ("dedupe_only", "aaab", 1)],
)
def test_pairs_that_the_source_mode_rules_out_are_not_missing(source_mode: str, of_sources: str, unscored: int) -> None:
    sources = np.array([*of_sources, *"bbb"], dtype=object)
    chosen = chosen_from([(1, 2, 0.999), (2, 3, 0.999)], source_mode=source_mode, sources=sources)
    assert tried(chosen, 0.5)[0] == pytest.approx(1.998 / (2 + unscored))


def test_sources_of_one_cluster_are_not_taken_for_those_of_another() -> None:
    """1, 3 and 5 are of three sources, and 2 and 4 of two of them; the pair of 1 and 5 was not scored."""
    sources = np.array([*"aabbcbb"], dtype=object)
    pairs = [(1, 3, 0.999), (3, 5, 0.999), (2, 4, 0.999)]
    chosen = chosen_from(pairs, source_mode="link_only", sources=sources)
    assert tried(chosen, 0.5)[0] == pytest.approx(2.997 / 4)


def test_copies_do_not_count_a_decision_again() -> None:
    """7 copies 2 and 6 copies 1; the pairs of copies are not expected to hold, or to lack, a match."""
    copies = np.array([1, 2, 3, 4, 5, 1, 2], dtype=np.int32)
    pairs = [(1, 2, 0.97), (1, 6, 0.99), (2, 7, 0.99), (3, 4, 0.2), (5, 7, 0.3)]
    chosen = chosen_from(pairs, representatives=copies)
    assert tried(chosen, 0.9) == pytest.approx((0.97, 0.97 / 1.17))
    assert chosen.review_pairs == 1  # 3 and 4


def test_labels_inside_clusters_and_outside_each_shift_their_group() -> None:
    up = 2 * 0.97 / (2 * 0.97 + 0.03)  # a bit more
    inside = chosen_from(labelled=[(0, True, True)])
    assert tried(inside, 0.9) == pytest.approx((up, up / (TOTAL - 0.97 + up)))
    of_others = [p / (p + 2 * (1 - p)) for p in (0.85, 0.45, 0.5, 0.2, 0.04, 0.5)]  # a bit less each
    outside = chosen_from(labelled=[(4, False, True), (0, True, False), (-1, True, True)])
    assert tried(outside, 0.9) == pytest.approx((0.97, 0.97 / (0.97 + sum(of_others))))


def test_labels_inside_the_clusters_say_how_well_precision_is_known() -> None:
    def error(labelled: list[tuple[int, bool, bool]], match: float = 0.8) -> tuple[float, float]:
        ((precision, error),) = [
            (q.precision, q.precision_error) for q in chosen_from(labelled=labelled).tried if q.match == match
        ]
        return precision, error

    # one match and one other leave the odds as they are
    precision, of_two = error([(0, True, True), (1, False, True), (1, True, False), (-1, True, True), (4, True, True)])
    assert precision == pytest.approx(0.91)
    assert of_two == pytest.approx(np.sqrt(0.91 * 0.09 / 2))
    assert error([], 0.8)[1] == 0.5
    assert error([(0, True, True), (1, False, True)], 0.99) == (1.0, 0.5)
    assert error([(0, True, True), (1, False, True)], 0.98) == (1.0, 0.5)


@pytest.mark.parametrize(
    ("changes", "review", "pairs"),
    [
        ({}, 0.05, 4),
        ({"review_budget": 4}, 0.05, 4),
        ({"review_budget": 3}, 0.201, 3),
        ({"review_budget": 2}, 0.451, 2),
        ({"review_budget": 1}, 0.501, 0),  # two pairs of equal probability
        ({"floor": 0.1}, 0.1, 4),
        ({"floor": 0.2}, 0.2, 4),
        ({"floor": 0.3}, 0.3, 3),
    ],
)
def test_the_review_band_has_as_many_pairs_as_the_budget(changes: dict[str, Any], review: float, pairs: int) -> None:
    """All labels agree with the probabilities, so precision is known well, and the match threshold is 0.8."""
    labelled = [(place, label, True) for place in (0, 1) for label in (True, False)] * 50
    chosen = chosen_from(labelled=labelled, **changes)
    assert (chosen.match, chosen.precision, chosen.recall) == pytest.approx((0.8, 0.91, 1.82 / TOTAL))
    assert chosen.reached
    assert (chosen.review, chosen.review_pairs) == (review, pairs)


def test_the_review_threshold_is_not_above_the_match_threshold() -> None:
    """3 is as near to 2 as to 1, and goes to 1; so with 4, 5 and 6."""
    labelled = [(0, label, True) for label in (True, False)] * 50
    pairs = [(1, 3, 0.985), (2, 3, 0.985), (1, 2, 0.001)]
    chosen = chosen_from(pairs, labelled, review_budget=1)
    assert (chosen.match, chosen.review, chosen.review_pairs) == (0.98, 0.05, 1)
    chosen = chosen_from([*pairs, (4, 5, 0.985), (5, 6, 0.985)], labelled, review_budget=1)
    assert (chosen.match, chosen.review, chosen.review_pairs) == (0.98, 0.98, 2)
