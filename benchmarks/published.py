"""F1 on the published splits of the Magellan data sets: fit on `train`, threshold on `valid`, F1 on `test`.

    python benchmarks/published.py magellan_abt_buy --kinds boosted

Each data set is a folder with records.csv and pairs.csv (record_id_l, record_id_r, label, split); the folders lie in
DEDUP_BENCH_DATA (default ../shared/data beside the repository). dbt computes the features of all labelled pairs as it
does for training; the classifier is fitted on the pairs of `train` alone.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from benchmark_project import machine, write_project
from data_sets import data_set_parser, parse_data_sets, present
from numpy.typing import NDArray

from dbt_dedup.names import AUTO
from dbt_dedup.spec import Spec
from dbt_dedup.training.evaluation import best_f1_threshold, measure
from dbt_dedup.training.label_features import read_training_data
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.with_labels import train
from dbt_dedup.warehouse import DbtProject, close_connections

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "published.json"
DATASETS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "published.yml").read_text())
KINDS = ("additive", "boosted", AUTO)
ENTITY = "things"


@dataclass(frozen=True)
class Result:
    """What a kind of classifier gave on one data set. Rates are in per cent, `threshold` is a probability.

    `chosen` is the kind that was trained; `auto` chooses it by cross-validation on the pairs of `train`.
    """

    dataset: str
    kind: str
    chosen: str
    features: int
    threshold: float
    valid_f1: float
    test_precision: float
    test_recall: float
    test_f1: float
    goal: float
    known_f1: dict[str, float]
    train_seconds: float


def main() -> None:
    """Measure the data sets named on the command line and write what was found to benchmarks/results/published.json."""
    parser = data_set_parser(__doc__, DATASETS)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), metavar="KIND", help=f"default: {' '.join(KINDS)}")
    arguments = parse_data_sets(parser, DATASETS)

    results = []
    for name, data in present(arguments.datasets, "pairs.csv"):
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            spec, pairs = read_pairs(name, data, Path(scratch))
        splits = read_splits(data / "pairs.csv")
        for kind in arguments.kinds:
            results.append(judge(name, kind, spec, pairs, splits))
            print(as_line(results[-1]), flush=True)
    if results:
        write_results(results)


def read_pairs(name: str, data: Path, folder: Path) -> tuple[Spec, LabelledPairs]:
    """Build the features of all labelled pairs of a data set in `folder`, by dbt."""
    fields = DATASETS[name]["fields"]
    spec = {
        "input": "raw_records",
        "record_id": "record_id",
        "source": "source",
        "source_mode": "link_only",
        "fields": fields,
        "blocking": [[next(iter(fields))]],
        "labels": "published_labels",
    }
    records = f"select * from read_csv('{data / 'records.csv'}', all_varchar = true)"
    labels = f"""select record_id_l, record_id_r, case when label = '1' then 'match' else 'no_match' end as label
        from read_csv('{data / "pairs.csv"}', all_varchar = true)"""
    write_project(folder, ENTITY, spec, {"raw_records": records, "published_labels": labels})
    project = DbtProject(folder, folder)
    project.run("deps")
    try:
        return read_training_data(project, ENTITY)
    finally:
        close_connections()


def read_splits(file: Path) -> dict[frozenset[str], str]:
    """The part each pair of records belongs to: train, valid or test."""
    with file.open(newline="") as handle:
        return {frozenset((row["record_id_l"], row["record_id_r"])): row["split"] for row in csv.DictReader(handle)}


def judge(name: str, kind: str, spec: Spec, pairs: LabelledPairs, splits: dict[frozenset[str], str]) -> Result:
    """Fit on `train`, take the threshold of the best F1 on `valid`, and measure `test` at it."""
    split = np.array([splits[frozenset(ids)] for ids in pairs.record_ids])
    started = time.perf_counter()
    trained = train(kind, spec, subset(pairs, np.flatnonzero(split == "train")))
    seconds = time.perf_counter() - started
    valid, test = ((pairs.features[split == part], pairs.is_match[split == part]) for part in ("valid", "test"))
    on_valid = trained.classifier.predict_proba(valid[0])[:, 1]
    threshold = best_f1_threshold(valid[1], on_valid)
    found = measure(test[1], trained.classifier.predict_proba(test[0])[:, 1], threshold)
    return Result(
        dataset=name,
        kind=kind,
        chosen=trained.kind,
        features=len(pairs.feature_names),
        threshold=threshold,
        valid_f1=round(100 * measure(valid[1], on_valid, threshold).f1, 2),
        test_precision=round(100 * found.precision, 2),
        test_recall=round(100 * found.recall, 2),
        test_f1=round(100 * found.f1, 2),
        goal=DATASETS[name]["goal"],
        known_f1=DATASETS[name]["known"],
        train_seconds=round(seconds, 1),
    )


def subset(pairs: LabelledPairs, rows: NDArray[np.int64]) -> LabelledPairs:
    """Some of the labelled pairs, in the same order."""
    return LabelledPairs(
        record_ids=tuple(pairs.record_ids[row] for row in rows),
        features=pairs.features[rows],
        is_match=pairs.is_match[rows],
        feature_names=pairs.feature_names,
        input_digests=tuple(pairs.input_digests[row] for row in rows),
        sampled_by=tuple(pairs.sampled_by[row] for row in rows),
        sampling_weights=pairs.sampling_weights[rows],
    )


def as_line(result: Result) -> str:
    """One line a person reads."""
    return (
        f"{result.dataset:24} {result.kind:9} F1 {result.test_f1:6.2f} (P {result.test_precision:.2f}"
        f" R {result.test_recall:.2f})  valid {result.valid_f1:.2f} at {result.threshold}  goal {result.goal}"
        f"  chosen {result.chosen}  {result.train_seconds} s"
    )


def write_results(results: Iterable[Result]) -> None:
    """Keep what was measured beside the machine and versions it was measured with; other rows stay."""
    kept = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else []
    rows = {(row["dataset"], row["kind"]): row for row in kept + [asdict(result) for result in results]}
    kinds, names = list(KINDS), list(DATASETS)
    order = sorted(rows, key=lambda key: (names.index(key[0]), kinds.index(key[1]) if key[1] in kinds else len(kinds)))
    document = {"command": "python benchmarks/published.py", **machine(), "results": [rows[key] for key in order]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
