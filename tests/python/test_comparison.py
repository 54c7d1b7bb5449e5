"""Kinds compared, and what more labels may bring, on numbers that one can check by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from examples import FEATURES, labelled_table, make_labelled, make_spec

from dbt_dedup.spec import Targets
from dbt_dedup.training import calibration
from dbt_dedup.training.calibration import (
    NO_LABELS,
    OTHER_LABELS,
    few_counts,
    learn_calibration,
    learn_shift,
    pairs_as_evidence,
    pairs_to_calibrate_on,
)
from dbt_dedup.training.comparison import ComparedKind, choose_kind, compare, learning_curve
from dbt_dedup.training.evaluation import Metrics
from dbt_dedup.training.folds import grouped_folds
from dbt_dedup.training.held_out import HeldOutPairs, evenly_spread
from dbt_dedup.training.labelled_pairs import LabelledPairs, canonical_bytes
from dbt_dedup.training.with_labels import train

TARGETS = Targets(precision=0.6, recall=0.6, review_budget=10)


def log_loss(*pairs: tuple[float, float]) -> float:
    """Mean log loss of the probabilities of what is true, each with its weight."""
    return float(-sum(weight * np.log(right) for right, weight in pairs) / sum(weight for _, weight in pairs))


def test_a_kind_is_measured_on_the_tested_pairs_that_count() -> None:
    is_match = np.array([1, 0, 1, 0, 1, 0])
    probability = np.array([0.9, 0.2, 0.6, 0.7, np.nan, 0.4])
    weights = np.array([1.0, 2.0, 1.0, 1.0, 1.0, 0.0])
    found = compare(
        "logistic", is_match, probability, weights, [np.array([0, 1]), np.array([2, 3, 5]), np.array([4])], TARGETS
    )
    first, second = log_loss((0.9, 1), (0.8, 2)), log_loss((0.6, 1), (0.3, 1))
    assert found.fold_losses == pytest.approx((first, second))  # nothing of the third fold counts
    assert found.log_loss == pytest.approx((3 * first + 2 * second) / 5)
    assert found.standard_error == pytest.approx(abs(first - second) / 2)
    # from 0.6 on both matches are merged, and 0.7, which is none: precise enough
    assert found.match == 0.6
    assert found.f1 == pytest.approx(2 * 2 / (2 + 3))
    assert found.fold_f1 == pytest.approx((1.0, 2 / 3))
    assert found.kind == "logistic"


def test_one_fold_has_no_standard_error() -> None:
    is_match, probability = np.array([1, 0]), np.array([0.9, 0.2])
    assert compare("", is_match, probability, np.ones(2), [np.array([0, 1])], TARGETS).standard_error == 0.0


def test_a_fold_without_matches_in_which_nothing_is_merged_has_f1_of_1() -> None:
    is_match, probability = np.array([1, 1, 0, 0]), np.array([0.95, 0.9, 0.2, 0.1])
    found = compare("", is_match, probability, np.ones(4), [np.array([0, 1]), np.array([2, 3])], TARGETS)
    assert found.fold_f1 == (1.0, 1.0)


def kind(name: str, losses: tuple[float, ...], f1: tuple[float, ...]) -> ComparedKind:
    return ComparedKind(name, 0.1, 0.01, 0.9, 0.5, losses, f1)


@pytest.mark.parametrize(
    ("losses", "chosen"),
    [
        ((0.1, 0.2), "later"),  # 0.2 and 0.1 less: 0.15 with an error of 0.05
        ((0.1, 0.4), "simple"),  # 0.2 less and 0.1 more: 0.05 with an error of 0.15
        ((0.0, 0.3), "simple"),  # 0.3 and 0: 0.15 with the same error
        ((0.3, 0.3), "simple"),
    ],
)
def test_a_kind_surpasses_another_by_more_than_one_standard_error_of_the_difference(
    losses: tuple[float, ...], chosen: str
) -> None:
    compared = [kind("simple", (0.3, 0.3), (0.8, 0.8)), kind("later", losses, (0.9, 0.9))]
    assert choose_kind(compared) == chosen
    assert choose_kind([kind("simple", (0.3,), (0.8,)), kind("later", losses[:1], (0.9,))]) == (
        "later" if losses[0] < 0.3 else "simple"
    )


def metrics(log_loss: float, f1: float) -> Metrics:
    return Metrics(40, 20, 0.5, f1, f1, f1, f1, log_loss, 0.1)


def test_a_learning_curve_goes_on_as_a_straight_line_over_the_logarithm_of_the_labels() -> None:
    """Forty matches and forty others on each of two sides: log loss halves with twice the labels."""
    is_match = np.tile([1, 0], 80)
    sides = np.arange(160) < 80
    folds = [(np.flatnonzero(side), np.flatnonzero(~side)) for side in (sides, ~sides)]
    asked: list[tuple[int, int]] = []

    def predict(fit_on: np.ndarray, test_on: np.ndarray) -> np.ndarray:
        assert (np.diff(fit_on) > 0).all()
        assert not set(fit_on) & set(test_on)
        asked.append((int(is_match[fit_on].sum()), len(fit_on)))
        right = np.exp(-0.4 if len(fit_on) == 20 else -0.2)
        probability: np.ndarray = np.where(is_match[test_on] == 1, right, 1 - right)
        return probability

    curve = learning_curve(predict, folds, [metrics(0.09, 0.8), metrics(0.11, 0.84)], is_match, 0.5)
    assert asked == [(10, 20)] * 2 + [(20, 40)] * 2
    assert [labels for labels, _, _ in curve.points] == [20, 40, 80]
    assert [loss for _, loss, _ in curve.points] == pytest.approx([0.4, 0.2, 0.1])
    assert curve.points[-1][2] == pytest.approx(0.82)
    assert curve.more_labels == 200
    # 360 labels are 4.5 times the 80 of a fold
    assert curve.expected_log_loss == pytest.approx(0.1 / 4.5)
    assert curve.expected_f1 == curve.points[-1][2]  # it fell from 1
    assert curve.gain_is_measurable  # 0.078 with an error of 0.01


def test_f1_is_expected_to_rise_on_and_not_above_1() -> None:
    is_match = np.tile([1, 0], 100)
    folds = [(np.arange(200), np.arange(200))]

    def curve_of(shares: tuple[float, float], full: float) -> float:
        def predict(fit_on: np.ndarray, test_on: np.ndarray) -> np.ndarray:
            wrong = round(100 * shares[0 if len(fit_on) == 50 else 1])
            taken = np.where(np.arange(200) // 2 < wrong, 1 - is_match, is_match)
            probability: np.ndarray = np.where(taken == 1, 0.9, 0.1)
            return probability

        return learning_curve(predict, folds, [metrics(0.1, full)], is_match, 0.5).expected_f1

    # 0.6, 0.7, 0.8 with 50, 100 and 200 labels: 0.9 with 400
    assert curve_of((0.4, 0.3), 0.8) == pytest.approx(0.9)
    assert curve_of((0.4, 0.2), 0.97) == 1.0
    assert curve_of((0.1, 0.2), 0.8) == 0.8


def test_a_share_of_few_pairs_is_at_least_one() -> None:
    is_match = np.array([1, 0, 0, 0, 0, 0, 0, 0])
    asked: list[list[int]] = []

    def predict(fit_on: np.ndarray, test_on: np.ndarray) -> np.ndarray:
        asked.append(is_match[fit_on].tolist())
        return np.full(len(test_on), 0.5)

    learning_curve(predict, [(np.arange(8), np.arange(8))], [metrics(0.1, 0.9)], is_match, 0.5)
    assert [sorted(labels) for labels in asked] == [[0, 0, 1], [0, 0, 0, 0, 1]]


def test_log_odds_are_shifted_to_where_as_many_matches_are_expected_as_there_are() -> None:
    """Without its prior it would be where the expected number is right; that pulls it towards 0."""
    weight, is_match = np.zeros(4000), (np.arange(4000) < 3000).astype(np.int64)
    assert learn_shift(weight, is_match) == pytest.approx(np.log2(3), abs=0.01)
    assert learn_shift(weight - 5, is_match) == pytest.approx(5 + np.log2(3), abs=0.05)
    few = learn_shift(np.zeros(4), np.array([1, 1, 1, 0]))
    assert 0 < few < np.log2(3)
    # what it solves, in natural log odds: hits that are missing = shift / spread^2
    natural = few * np.log(2)
    assert 3 - 4 / (1 + np.exp(-natural)) == pytest.approx(natural / np.log(2) ** 2)
    assert learn_shift(np.empty(0), np.empty(0, dtype=np.int64)) == 0.0
    assert learn_shift(np.array([2000.0, -2000.0]), np.array([1, 0])) == pytest.approx(0, abs=1e-9)


def test_a_calibration_is_of_largest_likelihood_under_its_priors() -> None:
    """No step to either side of slope or shift gives a larger likelihood times prior."""
    weight, is_match = np.array([-3.0, -1.0, 0.5, 2.0, 4.0, 1.0]), np.array([0, 1, 0, 1, 1, 0])
    counts = np.array([1.0, 2.0, 1.0, 3.0, 1.0, 2.0])
    for spread in (0.1, 0.7):

        def loss(log_slope: float, shift: float, spread: float = spread) -> float:
            odds = np.log(2) * (np.exp(log_slope) * weight + shift)
            of_labels = counts * np.logaddexp(0, np.where(is_match == 1, -odds, odds))
            return float(of_labels.sum() + (log_slope / spread) ** 2 / 2 + shift**2 / 2)

        found = learn_calibration("some", weight, is_match, counts, spread)
        best = loss(np.log(found.slope), found.shift)
        for step in (-0.01, 0.01):
            assert loss(np.log(found.slope) + step, found.shift) > best
            assert loss(np.log(found.slope), found.shift + step) > best
        assert (found.learnt_from, found.pairs, found.matches) == ("some", 6, 3)
    assert learn_calibration("", weight, is_match, counts) == learn_calibration("", weight, is_match, counts, 0.1)


def sampled(ways: list[str], weights: list[float], matches: list[int]) -> LabelledPairs:
    return replace(
        make_labelled(len(ways)),
        is_match=np.array(matches),
        sampled_by=tuple(ways),
        sampling_weights=np.array(weights, dtype=float),
    )


def test_evidence_is_what_was_calibrated_on_else_all_but_what_doubt_chose() -> None:
    random = sampled(["random"] * 30 + ["uncertainty"] * 10, [2.0] * 30 + [0.0] * 10, [0, 1] * 20)
    assert pairs_as_evidence(random).tolist() == [True] * 30 + [False] * 10
    few = sampled(["random"] * 5 + ["uncertainty"] * 10 + [""] * 5, [1.0] * 5 + [0.0] * 15, [0, 1] * 10)
    assert pairs_to_calibrate_on(few)[0] == NO_LABELS
    assert pairs_as_evidence(few).tolist() == [True] * 5 + [False] * 10 + [True] * 5


def test_labels_calibrate_from_ten_of_each_on() -> None:
    for of_each, learned_from in ((10, OTHER_LABELS), (9, NO_LABELS)):
        matches = [1] * of_each + [0] * 20
        assert pairs_to_calibrate_on(sampled([""] * len(matches), [0.0] * len(matches), matches))[0] == learned_from


def test_pairs_that_share_records_count_as_one_pair_altogether() -> None:
    """Twenty labels: five about one record, three in a chain, and twelve apart; fourteen groups of twenty."""
    labelled = sampled([""] * 20, [0.0] * 20, [0, 1] * 10)
    ids = [("hub", f"h{i}") for i in range(5)] + [("a", "b"), ("b", "c"), ("d", "c")]
    ids += [(f"l{i}", f"r{i}") for i in range(12)]
    tied = replace(labelled, record_ids=tuple(ids))
    assert few_counts(tied) == pytest.approx(np.full(20, 14 / 20))
    assert pairs_to_calibrate_on(tied)[1] == pytest.approx(np.full(20, 14 / 20))
    assert few_counts(labelled) == pytest.approx(np.ones(20))


def test_what_unused_pairs_share_ties_nothing() -> None:
    ids = tuple((f"l{i}", f"r{i}") for i in range(30)) + tuple(("l0", f"l{i + 1}") for i in range(10))
    labelled = replace(
        sampled(["random"] * 30 + ["uncertainty"] * 10, [1.0] * 30 + [0.0] * 10, [0, 1] * 20), record_ids=ids
    )
    assert pairs_to_calibrate_on(labelled)[1].tolist() == [1.0] * 30 + [0.0] * 10
    assert calibration.FEW_RANDOM == 30


def test_folds_are_as_many_as_there_are_groups_of_either_label() -> None:
    ids = [(f"a{i}", f"b{i}") for i in range(20)]
    for matches, folds in ((10, 5), (4, 4), (2, 2), (1, 0), (0, 0), (18, 2)):
        is_match = (np.arange(20) < matches).astype(np.int64)
        assert len(list(grouped_folds(ids, is_match))) == folds
    assert len(list(grouped_folds(ids, np.tile([0, 1], 10), n_splits=3))) == 3


def test_pairs_that_share_a_record_are_in_one_fold_unless_they_are_too_many() -> None:
    """A chain of four pairs that are no match stays together; the ten of a hub, too many, do not."""
    chain = [("c0", "c1"), ("c1", "c2"), ("c2", "c3"), ("c3", "c4")]
    ids = [*chain, *((f"a{i}", f"b{i}") for i in range(26)), *((f"h{i}", "hub") for i in range(10))]
    is_match = np.array([0] * 4 + [1, 0] * 13 + [0] * 10)
    folds = list(grouped_folds(ids, is_match))
    assert len(folds) == 5
    fold_of = {int(row): number for number, (_, test) in enumerate(folds) for row in test}
    assert len(fold_of) == 40
    assert len({fold_of[row] for row in range(4)}) == 1
    assert len({fold_of[row] for row in range(30, 40)}) > 1
    for fit_on, test_on in folds:
        tested = {record for row in test_on for record in ids[row]}
        assert not any(set(ids[row]) & tested for row in fit_on)
        assert set(is_match[fit_on].tolist()) == {0, 1}


def test_a_group_of_a_fifth_of_the_pairs_is_a_fold() -> None:
    chain = [("c0", "c1"), ("c1", "c2"), ("c2", "c3"), ("c3", "c4")]
    ids = [*chain, *((f"a{i}", f"b{i}") for i in range(16))]
    folds = list(grouped_folds(ids, np.array([0] * 4 + [1, 0] * 8)))
    assert any(set(range(4)) <= set(test_on.tolist()) for _, test_on in folds)


def held_out() -> HeldOutPairs:
    return HeldOutPairs(
        record_ids=(("a", 'b "c"'), ("d,\r\n", "e")),
        is_match=np.array([1, 0]),
        sampled_by=("random", ""),
        held_out_probability=np.array([0.1 + 0.2, np.nan]),
        probability=np.array([1.0, 0.0]),
        input_digests=("x", "y"),
    )


def test_held_out_pairs_come_back_as_they_were_written() -> None:
    text = held_out().to_csv().decode()
    assert text == (
        '"record_id_l","record_id_r","label","sampled_by","held_out_probability","probability","input_digest"\n'
        '"a","b ""c""","match","random",0.30000000000000004,1.0,"x"\n'
        '"d,\r\n","e","no_match","","",0.0,"y"\n'
    )
    read = HeldOutPairs.from_csv(text.encode())
    for name, value in vars(held_out()).items():
        np.testing.assert_array_equal(getattr(read, name), value)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("sampled_by", "sampled", "held-out pairs have columns record_id_l, record_id_r, label, sampled_by,"),
        ('"match"', '"unsure"', "a line lacks columns, or its label is neither match nor no_match"),
        (',"y"', "", "a line lacks columns"),
        ("0.30000000000000004", "1.1", "a probability is not from 0 to 1"),
        (",0.0,", ",-0.1,", "a probability is not from 0 to 1"),
        (",0.0,", ",1.1,", "a probability is not from 0 to 1"),
        ("0.30000000000000004", "nan", "a probability is not from 0 to 1"),
    ],
)
def test_held_out_pairs_that_were_changed_are_refused(before: str, after: str, message: str) -> None:
    changed = held_out().to_csv().decode().replace(before, after)
    with pytest.raises(ValueError, match=message):
        HeldOutPairs.from_csv(changed.encode())


@pytest.mark.parametrize(
    ("most", "rows"), [(3, [0, 2, 4]), (2, [2, 4]), (5, [0, 1, 2, 3, 4]), (9, [0, 1, 2, 3, 4]), (1, [4])]
)
def test_pairs_are_spread_from_the_least_to_the_largest(most: int, rows: list[int]) -> None:
    assert evenly_spread(np.array([0.5, 0.3, 0.9, 0.6, 0.1]), most).tolist() == rows


def test_a_pair_that_is_listed_twice_is_random_if_either_row_says_so() -> None:
    table = labelled_table(40)
    ways = ["uncertainty", "random", "uncertainty", ""] * 10
    ids = {side: [f"{side}{row // 2:02}" for row in range(40)] for side in "lr"}
    for name, values in (("record_id_l", ids["l"]), ("record_id_r", ids["r"]), ("sampled_by", ways)):
        table = table.set_column(table.column_names.index(name), name, [values])
    labels = [row // 2 % 2 for row in range(40)]
    table = table.set_column(table.column_names.index("label"), "label", [labels])
    read = LabelledPairs.from_arrow(table, FEATURES, "customers")
    assert read.record_ids == tuple((f"l{i:02}", f"r{i:02}") for i in range(20))
    assert read.sampled_by == ("random", "uncertainty") * 10
    assert read.sampling_weights.tolist() == [1.0, 0.0] * 10
    assert read.is_match.tolist() == [0, 1] * 10


@pytest.mark.parametrize(
    ("labels", "are_enough"), [((5, 15), True), ((4, 16), False), ((15, 5), True), ((9, 10), False)]
)
def test_labels_are_enough_from_twenty_on_with_five_of_each(labels: tuple[int, int], are_enough: bool) -> None:
    labelled = replace(sampled([""] * 20, [0.0] * 20, [0, 1] * 10), is_match=np.repeat([1, 0], labels))
    labelled = replace(labelled, record_ids=labelled.record_ids[: sum(labels)])
    assert labelled.are_enough is are_enough


@pytest.mark.parametrize(("pairs", "are_few"), [(99, True), (100, False)])
def test_fewer_than_a_hundred_labels_are_few(pairs: int, are_few: bool) -> None:
    assert make_labelled(pairs).are_few is are_few


def test_numbers_for_a_digest_have_one_nan_and_one_zero() -> None:
    other_nan = np.frombuffer(np.uint64(0xFFF8000000000001).tobytes(), dtype=np.float64)[0]
    assert np.isnan(other_nan)
    assert canonical_bytes(np.array([[np.nan, 0.0]])) == canonical_bytes(np.array([[other_nan, -0.0]]))
    assert canonical_bytes(np.array([[1.0, 2.0]])) != canonical_bytes(np.array([[2.0, 1.0]]))


def test_the_quality_of_a_fold_is_that_of_its_held_out_pairs() -> None:
    labelled = make_labelled(120)
    trained = train("logistic", make_spec(), labelled)
    tested = ~np.isnan(trained.held_out)
    merged = trained.held_out[tested] >= trained.overall.threshold
    is_match = labelled.is_match[tested] == 1
    assert trained.overall.precision == pytest.approx((merged & is_match).sum() / merged.sum())
    assert trained.overall.recall == pytest.approx((merged & is_match).sum() / is_match.sum())
    assert trained.random_sample is not None
    assert trained.random_sample.pairs == sum(way == "random" for way in labelled.sampled_by)
