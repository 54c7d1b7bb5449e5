"""What training says on the terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from examples import make_labelled, make_spec, train_example
from neighbours import neighbour_pairs, neighbours_spec

from dbt_dedup.names import ABSTAINED, LABEL_FREE
from dbt_dedup.training import summary
from dbt_dedup.training.comparison import ComparedKind, LearningCurve
from dbt_dedup.training.evaluation import Interval, SampleQuality
from dbt_dedup.training.thresholds import ChosenThresholds
from dbt_dedup.training.unlabelled_answer import learn_from_pairs
from dbt_dedup.training.unlabelled_cut import Cut, UnlabelledThresholds
from dbt_dedup.training.with_labels import TrainedModel
from dbt_dedup.training.without_labels import UnlabelledModel


def trained(**changes: Any) -> TrainedModel:
    model = train_example("logistic")
    fold = replace(model.overall, precision=0.9, recall=0.8, f1=0.85)
    better = replace(fold, precision=0.95, recall=0.7, f1=0.8)
    chosen = ChosenThresholds(0.8, 0.05, 0.97, 0.9, 1500, True, "clusters of all candidate pairs")
    overall = replace(model.overall, threshold=0.8, precision=0.925, recall=0.75, f1=0.825)
    sample = SampleQuality(30, 9, Interval(0.9, 0.8, 0.95), Interval(0.7, 0.6, 0.75))
    given = {"overall": overall, "folds": (fold, better), "thresholds": chosen, "random_sample": sample}
    return replace(model, **{**given, **changes})


def test_the_quality_of_a_model_with_that_of_its_folds() -> None:
    lines = summary.with_labels(trained()).splitlines()
    matches = int(trained().labelled.is_match.sum())
    assert lines[0] == f"Labels used: 200 ({matches} match, {200 - matches} no_match)"
    assert lines[1:5] == [
        "Held out at match threshold 0.8, cross-validated in 2 folds that share no entity:",
        "  precision 0.925   folds 0.900 to 0.950",
        "  recall    0.750   folds 0.700 to 0.800",
        "  F1        0.825   folds 0.800 to 0.850",
    ]
    error = trained().reliability.expected_calibration_error
    assert lines[5] == (
        f"Calibrated on 67 held-out pairs of random labels: calibration error {error:.3f}; on the 30 random labels"
        " precision 0.900 (0.800 to 0.950), recall 0.700 (0.600 to 0.750)"
    )
    assert lines[6:] == [
        "Thresholds chosen on the clusters of all candidate pairs: match 0.8, review 0.05 (expected precision 0.970,"
        " recall 0.900, 1,500 pairs to review)"
    ]


def test_what_is_missing_is_not_said() -> None:
    chosen = ChosenThresholds(0.8, 0.05, 0.97, 0.9, None, False, "labelled pairs")
    labelled = make_labelled()
    flat = replace(labelled, features=np.where(np.arange(4) == 2, np.nan, labelled.features))
    model = trained(thresholds=chosen, folds=(), random_sample=None, taken=LABEL_FREE, labelled=flat)
    model.classifier.ignored_features_ = np.array([2])
    lines = summary.with_labels(model).splitlines()
    model.classifier.ignored_features_ = np.array([], dtype=np.int64)
    assert lines[1] == "Learned from the candidate pairs without labels; the labels correct its odds."
    assert lines[2] == "On these labels at match threshold 0.8, before they corrected anything:"
    assert lines[3] == "  precision 0.925"
    assert "on the" not in lines[6]
    assert lines[7].endswith("(expected precision 0.970, recall 0.900)")
    assert lines[8] == "  No threshold is expected to reach both targets of the entity; this is the best compromise."
    assert lines[9] == "Ignored, because they never vary in the labels: email_same"


CURVE = LearningCurve(((40, 0.4, 0.8), (80, 0.3, 0.85)), 200, 0.2, 0.9)


def test_kinds_are_listed_with_the_one_that_was_taken_and_what_more_labels_bring() -> None:
    kinds = (ComparedKind("logistic", 0.25, 0.01, 0.9, 0.5), ComparedKind("additive", 0.24, 0.02, 0.91, 0.5))
    assert summary.comparison(trained(compared=kinds, taken="logistic", curve=CURVE)) == [
        "Kinds compared on the same folds, from the simplest on:",
        "  logistic  log loss 0.2500 +/- 0.0100   F1 0.900   taken: the simplest that no other surpasses",
        "  additive  log loss 0.2400 +/- 0.0200   F1 0.910",
        "With fewer labels, logistic gave:",
        "     40 labels   log loss 0.4000   F1 0.800",
        "     80 labels   log loss 0.3000   F1 0.850",
        "  200 more labels may bring log loss to about 0.2000 and F1 to about 0.900",
    ]
    assert summary.comparison(trained(compared=kinds[:1])) == []
    flat = replace(CURVE, gain_is_measurable=False)
    assert summary.forecast(flat) == "  200 more labels: no measurable gain"


def unlabelled(pairs: int = 1200, **changes: Any) -> UnlabelledModel:
    left, right, features, chance, _ = neighbour_pairs(60, 3)
    learned = learn_from_pairs(left, right, False, features, chance, 180 * 179 / 2, neighbours_spec())
    learned = replace(learned, **changes)
    return UnlabelledModel(
        learned.classifier,
        ("name", "city", "phone"),
        5000,
        4000,
        3000,
        learned,
        Cut(0.0, pairs, 1.0),
        UnlabelledThresholds(0.5, 0.0123),
        "",
        ((), (), np.empty((0, 3))),
    )


def test_a_model_without_labels_says_what_it_learned_from_and_what_it_cannot_know() -> None:
    model = unlabelled()
    best = next(answer for answer in model.learned.answers if answer.name == model.learned.chosen)
    assert summary.without_labels(model, make_spec()).splitlines() == [
        "Learned without labels from 4,000 of 5,000 candidate pairs and 3,000 random pairs",
        f"Compared {len(model.learned.answers)} answers by their structure. The best: {best.name},"
        f" {best.structure.pairs:,} pairs, structure score {best.structure.score:.3f}",
        "Pairs at match threshold 0.5 and above: 1,200; review from 0.0123",
        "Precision and recall: unknown without labels. Label some random pairs to measure them:"
        " `dbt-dedup label customers --audit`.",
    ]


@pytest.mark.parametrize("pairs", [0, 3])
def test_a_model_that_abstains_says_why(pairs: int) -> None:
    model = unlabelled(pairs, verdict=ABSTAINED, reasons=("because", "therefore"), chosen="")
    lines = summary.without_labels(model, make_spec()).splitlines()
    assert lines[1:4] == ["Abstained: the model merges only what is beyond doubt.", "  because", "  therefore"]
    nothing = [line for line in lines if line.startswith("  No pair is beyond doubt. Look at the likeliest ones")]
    assert len(nothing) == (pairs == 0)
    assert not any("No pair is certain enough" in line for line in lines)


def test_a_model_that_merges_nothing_says_so() -> None:
    lines = summary.without_labels(unlabelled(0), make_spec()).splitlines()
    assert lines[-1] == "  No pair is certain enough to be merged: label some pairs, or lower thresholds.match."
    model = unlabelled()
    model.classifier.ignored_features_ = np.array([1])
    ignored = "Ignored, because they never vary or have no direction: city"
    assert summary.without_labels(model, make_spec()).splitlines()[-1] == ignored


def test_labels_that_contradict_each_other_are_named() -> None:
    labelled = make_labelled(40)
    assert summary.conflict_warning(labelled, "customers") == ""
    ids = [pair for n in range(4) for pair in ((f"a{n}", f"b{n}"), (f"b{n}", f"c{n}"), (f"a{n}", f"c{n}"))]
    of_three = replace(labelled, record_ids=tuple(ids), is_match=np.array([1, 1, 0] * 4))
    examples = "; ".join(f"a{n} = b{n} = c{n}, but a{n} <> c{n}" for n in range(3))
    assert summary.conflict_warning(of_three, "customers") == (
        f"Warning: 4 labels contradict others, for example {examples}. `dbt-dedup label customers --conflicts` lists"
        " all."
    )
