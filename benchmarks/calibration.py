"""Do probabilities mean what they say? Calibration on all candidate pairs, by how the labelled pairs were sampled.

    python benchmarks/calibration.py

For each data set and way of sampling, the additive classifier is trained as `dbt-dedup train` does it, and judged on
the candidate pairs that were not labelled, by the truth: before calibration and after it. `random` and `balanced` (as
many matches as other pairs) are drawn from all candidate pairs, `mixed` and `uncertainty` chosen as by
`dbt-dedup label`. Figures are means over the repetitions; share_of_090 is the share of matches among pairs with a
probability of 0.85 to 0.95, all repetitions together. `em` moves the probabilities to the prior that the candidate
pairs suggest, by expectation maximisation (Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to
new a priori probabilities", 2002), which `dbt-dedup` does not do: compare.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import labelling
import numpy as np
from accuracy import DATASETS
from benchmark_project import machine
from data_sets import data_set_parser, parse_data_sets, present
from numpy.typing import NDArray

from dbt_dedup.classifiers import AdditiveClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.with_labels import train

HERE = Path(__file__).parent
NAMES = ("febrl3", "splink_historical_50k", "leipzig_dblp_acm", "orgs_hard")
LABELS = {"random": 1000, "mixed": 300, "uncertainty": 300, "balanced": 500}
BINS = 20
ROUNDS = 500


def main() -> None:
    """Measure the data sets and write what was found to benchmarks/results/calibration.json."""
    parser = data_set_parser(__doc__, NAMES)
    parser.add_argument("--repetitions", type=int, default=3, help="default 3")
    arguments = parse_data_sets(parser, DATASETS)
    results = []
    for name, data in present(arguments.datasets, "truth.csv"):
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            pairs = labelling.candidate_pairs(name, DATASETS[name], data, Path(scratch))
        for way in LABELS:
            results.append(measure(name, pairs, way, arguments.repetitions))
            print(json.dumps(results[-1]), flush=True)
    document = {"command": "python benchmarks/calibration.py", **machine(), "results": results}
    (HERE / "results" / "calibration.json").write_text(json.dumps(document, indent=2) + "\n")


def measure(name: str, pairs: labelling.Pairs, way: str, repetitions: int) -> dict[str, Any]:
    """Calibration of one data set and way of sampling, before and after."""
    found: dict[str, list[dict[str, float]]] = {"before": [], "after": [], "em": []}
    calibrations = []
    for repetition in range(repetitions):
        rows, sampled_by, weights = draw(pairs, way, np.random.default_rng(repetition))
        labelled = LabelledPairs(
            record_ids=tuple((str(left), str(right)) for left, right in pairs.keys[rows]),
            features=pairs.features[rows],
            is_match=pairs.is_match[rows],
            feature_names=pairs.spec.feature_names,
            input_digests=("",) * len(rows),
            sampled_by=sampled_by,
            sampling_weights=weights,
        )
        trained = train("additive", pairs.spec, labelled)
        calibrations.append(trained.calibration)
        others = np.delete(np.arange(len(pairs.is_match)), rows)
        truth = pairs.is_match[others]
        uncalibrated = AdditiveClassifier(pairs.directions).fit(labelled.features, labelled.is_match)
        before = uncalibrated.decision_function(pairs.features[others])
        found["before"].append(quality(probability(before), truth))
        found["after"].append(quality(trained.classifier.predict_proba(pairs.features[others])[:, 1], truth))
        found["em"].append(quality(moved_to_prior(before, float(labelled.is_match.mean())), truth))
    return {
        "dataset": name,
        "sampling": way,
        "labels": LABELS[way],
        "learnt_from": sorted({calibration.learnt_from for calibration in calibrations}),
        "slopes": [round(calibration.slope, 3) for calibration in calibrations],
        "shifts": [round(calibration.shift, 2) for calibration in calibrations],
        **{stage: summary(each) for stage, each in found.items()},
    }


def draw(
    pairs: labelling.Pairs, way: str, random: np.random.Generator
) -> tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.float64]]:
    """Rows to label, ascending, how each was sampled, and of a random one how many pairs it stands for."""
    order = random.permutation(len(pairs.is_match))
    if way == "random":
        rows = np.sort(order[: LABELS[way]])
        return rows, ("random",) * len(rows), np.ones(len(rows))
    if way == "balanced":
        half = LABELS[way] // 2
        rows = np.sort(np.concatenate([order[pairs.is_match[order] == label][:half] for label in (0, 1)]))
        return rows, ("",) * len(rows), np.zeros(len(rows))
    chosen = sorted(labelling.chosen(pairs, order, way, LABELS[way]), key=lambda one: one[0])
    rows = np.array([row for row, _ in chosen])
    weights = np.array([float(choice.sampling_weight or 0) for _, choice in chosen])
    return rows, tuple(choice.sampled_by for _, choice in chosen), weights


def quality(said: NDArray[np.float64], truth: NDArray[np.int64]) -> dict[str, float]:
    """Expected calibration error in equal bins, log loss, and pairs and matches near a probability of 0.9."""
    bins = np.array_split(np.argsort(said, kind="stable"), BINS)
    near, kept = (said >= 0.85) & (said < 0.95), np.clip(said, 1e-12, 1 - 1e-12)
    return {
        "calibration_error": sum(abs(said[b].mean() - truth[b].mean()) * len(b) for b in bins) / len(said),
        "log_loss": float(-np.log(np.where(truth == 1, kept, 1 - kept)).mean()),
        "near": float(near.sum()),
        "matches_near": float(truth[near].sum()),
    }


def summary(found: list[dict[str, float]]) -> dict[str, float | None]:
    """Means over the repetitions."""
    near = sum(each["near"] for each in found)
    return {
        "calibration_error": round(float(np.mean([each["calibration_error"] for each in found])), 5),
        "log_loss": round(float(np.mean([each["log_loss"] for each in found])), 5),
        "pairs_near_090": near,
        "share_of_090": round(sum(each["matches_near"] for each in found) / near, 3) if near else None,
    }


def moved_to_prior(weight: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Probabilities for the share of matches among these pairs, which is found by expectation maximisation."""
    trained_on, now = np.log2(share / (1 - share)), share
    for _ in range(ROUNDS):
        said = probability(weight + np.log2(now / (1 - now)) - trained_on)
        now = float(np.clip(said.mean(), 1e-6, 1 - 1e-6))
    return said


if __name__ == "__main__":
    main()
