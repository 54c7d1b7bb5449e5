"""Accuracy on labelled data sets: train on a few labelled pairs, build with dbt, compare the entities with the truth.

    python benchmarks/accuracy.py febrl3 orgs_hard --labels 1000

Each data set is a folder with records.csv and truth.csv; the folders lie in DEDUP_BENCH_DATA (default ../shared/data
beside the repository). The labelled pairs are drawn from the candidate pairs by a fixed rule: half of them evenly at
random, half evenly from ten strata of average similarity; the truth then says match or no match. No other pair is
labelled. Column sampled_by tells the two halves apart, as in the labels that `dbt-dedup label` writes.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml
from benchmark_project import machine, run, write_project
from data_sets import data_set_parser, parse_data_sets, present

HERE = Path(__file__).parent
DATASETS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "datasets.yml").read_text())
STRATA = 10


@dataclass(frozen=True)
class Result:
    """What one data set gave. Rates are in [0, 1], times in seconds.

    The true pairs that were missed are counted by cause: blocking did not propose them, or the model put them into the
    review band, or below it. `wrong_matches` are pairs the model took for a match, `wrong_merges` the wrong pairs
    inside entities that follow from them.
    """

    dataset: str
    records: int
    true_pairs: int
    candidate_pairs: int
    candidate_recall: float
    labels: int
    labelled_matches: int
    match_threshold: float
    pair_precision: float
    pair_recall: float
    pair_f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    missed_not_proposed: int
    missed_in_review: int
    missed_below_review: int
    wrong_matches: int
    wrong_merges: int
    train_seconds: float
    build_seconds: float


def main() -> None:
    """Measure the data sets named on the command line and write what was found to benchmarks/results/accuracy.json."""
    parser = data_set_parser(__doc__, DATASETS)
    parser.add_argument("--labels", type=int, default=1000, help="labelled pairs to train on, at most (default 1000)")
    parser.add_argument("--kind", default="auto", help="classifier (default auto)")
    parser.add_argument(
        "--no-labels", action="store_true", help="train without labels; results go to accuracy_no_labels.json"
    )
    parser.add_argument("--keep", type=Path, help="build in this folder and keep it")
    arguments = parse_data_sets(parser, DATASETS)
    labels = 0 if arguments.no_labels else arguments.labels

    results = []
    for name, data in present(arguments.datasets, "truth.csv"):
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            folder = arguments.keep / name if arguments.keep else Path(scratch)
            results.append(measure(name, data, folder, labels, arguments.kind))
        print(as_line(results[-1]), flush=True)
    if results:
        write_results(results, "learned without labels" if arguments.no_labels else arguments.kind, arguments.no_labels)


def measure(name: str, data: Path, folder: Path, labels: int, kind: str) -> Result:
    """Build one data set twice: once for candidate pairs to label (if any), once whole with the trained model."""
    spec = {"input": f"raw_{name}", "record_id": "record_id", **DATASETS[name]}
    if labels:
        # labels train the model and decide no pair, or the entities would be right where they were labelled
        spec.update({"labels": f"{name}_labels", "labels_decide": False})
    read_records = f"select * from read_csv('{data / 'records.csv'}', all_varchar = true)"
    write_project(folder, name, spec, {f"raw_{name}": read_records})
    run(folder, "dbt", "deps", "--quiet")
    database = folder / "warehouse.duckdb"
    drawn: list[tuple[str, str, str, str]] = []
    if labels:
        labels_file = folder / "seeds" / f"{name}_labels.csv"
        write_labels(labels_file, [])
        features = f"+int_{name}__pair_features"
        run(folder, "dbt", "build", "--quiet", "--exclude-resource-type", "test", "--select", features)
        drawn = draw_pairs(database, data, name, labels)
        write_labels(labels_file, drawn)

    started = time.perf_counter()
    run(folder, "dbt-dedup", "train", name, *(("--kind", kind) if labels else ("--no-labels",)))
    models = folder / "dedup_models" / name
    if not (models / "production").is_file():  # it abstained: measure what it merges all the same
        (version,) = (path.name for path in models.iterdir() if path.is_dir())
        run(folder, "dbt-dedup", "promote", name, version, "--force", "--reason", "measured")
    train_seconds = time.perf_counter() - started
    started = time.perf_counter()
    run(folder, "dbt", "build", "--quiet", "--exclude-resource-type", "test")
    build_seconds = time.perf_counter() - started
    return Result(
        dataset=name,
        labels=len(drawn),
        labelled_matches=sum(label == "match" for _, _, label, _ in drawn),
        train_seconds=round(train_seconds, 1),
        build_seconds=round(build_seconds, 1),
        **quality(database, data, name),
    )


def draw_pairs(database: Path, data: Path, name: str, count: int) -> list[tuple[str, str, str, str]]:
    """Draw candidate pairs to label, and label them by the truth."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(
            f"""
            create temp table answers as
            select record_key_l, record_key_r, a.entity_id = b.entity_id as is_match
            from int_{name}__candidate_pairs as pairs
            inner join int_{name}__keyed_records as l on pairs.record_key_l = l.record_key
            inner join int_{name}__keyed_records as r on pairs.record_key_r = r.record_key
            inner join read_csv('{data / "truth.csv"}', all_varchar = true) as a on a.record_id = l.record_id
            inner join read_csv('{data / "truth.csv"}', all_varchar = true) as b on b.record_id = r.record_id
            """
        )
        return draw_answers(connection, name, count)


def draw_answers(connection: Any, name: str, count: int, seed: str = "") -> list[tuple[str, str, str, str]]:
    """Draw pairs of the relation `answers`: half evenly at random, half evenly over strata of average similarity.

    Args:
        connection: of a database that holds `int_<name>__pair_features`, and `answers`, the candidate pairs that a
            person could be asked about: record_key_l, record_key_r, is_match.
        name: of the entity.
        count: pairs to draw, at most.
        seed: changes the lot of each pair.

    Returns:
        record_id_l, record_id_r, label and sampled_by of each pair, sorted.
    """
    features = [
        column
        for (column, *_) in connection.execute(f"describe int_{name}__pair_features").fetchall()
        if not column.startswith("record_key_")
    ]
    scaled = (f"features.{feature} / nullif(max(features.{feature}) over (), 0)" for feature in features)
    similarity = f"list_avg([{', '.join(scaled)}])"
    rows: list[tuple[str, str, str, str]] = connection.execute(
        f"""
        with pairs as (
            select
                l.record_id as record_id_l,
                r.record_id as record_id_r,
                answers.is_match,
                {similarity} as similarity
            from int_{name}__pair_features as features
            inner join answers using (record_key_l, record_key_r)
            inner join int_{name}__keyed_records as l on features.record_key_l = l.record_key
            inner join int_{name}__keyed_records as r on features.record_key_r = r.record_key
        ), ranked as (
            select
                *,
                md5('{seed}' || record_id_l || ' ' || record_id_r) as lot,
                similarity - min(similarity) over () as above_least
            from pairs
        ), strata as (
            select
                *,
                least({STRATA} - 1, floor({STRATA} * above_least / nullif(max(above_least) over (), 0))) as stratum
            from ranked
        ), drawn as (
            select *, row_number() over (order by lot) as random_position,
                row_number() over (partition by stratum order by lot desc) as stratum_position
            from strata
        ), first_ones as (
            select *, least(random_position * 2, stratum_position * 2 * {STRATA} + 1) as turn
            from drawn
            order by turn, lot
            limit {count}
        )
        select
            record_id_l,
            record_id_r,
            case when is_match then 'match' else 'no_match' end as label,
            case when random_position * 2 <= max(turn) over () then 'random' else 'stratum' end as sampled_by
        from first_ones
        """
    ).fetchall()
    return sorted(rows)


def write_labels(file: Path, pairs: list[tuple[str, str, str, str]]) -> None:
    """Write labelled pairs as the seed that training reads."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["record_id_l", "record_id_r", "label", "sampled_by"])
        writer.writerows(pairs)


def quality(database: Path, data: Path, name: str) -> dict[str, Any]:
    """Pairwise and B-cubed quality of the entities, and the share of true pairs that blocking proposed.

    Where the data set is a link of two sources, only pairs across them count. Identical records are blocked through one
    of them, so a true pair counts as proposed when the representatives of its records are.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        ((match, review),) = connection.execute(
            f"select match_threshold, review_threshold from int_{name}__match_thresholds"
        ).fetchall()
        add_known_records(connection, data / "truth.csv", name)
        add_known_pairs(connection, only_across=DATASETS[name].get("source_mode") == "link_only")
        true_pairs, merged, correct, proposed = pair_counts(connection, name)
        precision, recall = correct / merged if merged else 1.0, correct / true_pairs
        bcubed_precision, bcubed_recall = bcubed(connection)
        return {
            "records": scalar(connection, "select count(*) from known_records"),
            "true_pairs": true_pairs,
            "candidate_pairs": scalar(connection, f"select count(*) from int_{name}__candidate_pairs"),
            "candidate_recall": proposed / true_pairs,
            "match_threshold": match,
            "pair_precision": precision,
            "pair_recall": recall,
            "pair_f1": f1(precision, recall),
            "bcubed_precision": bcubed_precision,
            "bcubed_recall": bcubed_recall,
            "bcubed_f1": f1(bcubed_precision, bcubed_recall),
            **missed_by_cause(connection, name, review),
            "wrong_matches": wrong_matches(connection, name, match),
            "wrong_merges": merged - correct,
        }


def add_known_records(connection: duckdb.DuckDBPyConnection, truth: Path, name: str) -> None:
    """Add the table known_records: each record of the truth, with its entity as built and as it truly is."""
    connection.execute(
        f"""
        create temp table known_records as
        select
            records.record_key,
            records.representative_key,
            records.source,
            crosswalk.entity_id,
            truth.entity_id as true_id
        from int_{name}__keyed_records as records
        inner join {name}_crosswalk as crosswalk on records.record_id = crosswalk.record_id
        inner join read_csv('{truth}', all_varchar = true) as truth on records.record_id = truth.record_id
        """
    )


def add_known_pairs(connection: duckdb.DuckDBPyConnection, only_across: bool) -> None:
    """Add the table known_pairs: the pairs of records that are truly one entity, or are in one as built."""
    across = "and l.source <> r.source" if only_across else ""
    connection.execute(
        f"""
        create temp table known_pairs as
        with paired as (
            select l, r
            from known_records as l
            inner join known_records as r on l.true_id = r.true_id and l.record_key < r.record_key {across}
            union all
            select l, r
            from known_records as l
            inner join known_records as r on l.entity_id = r.entity_id and l.record_key < r.record_key {across}
            where l.true_id <> r.true_id
        )
        select
            l.record_key as record_key_l,
            r.record_key as record_key_r,
            least(l.representative_key, r.representative_key) as representative_l,
            greatest(l.representative_key, r.representative_key) as representative_r,
            l.true_id = r.true_id as is_true,
            l.entity_id = r.entity_id as is_merged
        from paired
        """
    )


def pair_counts(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int, int, int]:
    """Numbers of true pairs, merged pairs, pairs that are both, and true pairs that blocking proposed."""
    ((true_pairs, merged, correct, proposed),) = connection.execute(
        f"""
        select
            count(*) filter (is_true),
            count(*) filter (is_merged),
            count(*) filter (is_true and is_merged),
            count(*) filter (is_true and (candidates.record_key_l is not null or representative_l = representative_r))
        from known_pairs
        left join int_{name}__candidate_pairs as candidates
            on representative_l = candidates.record_key_l and representative_r = candidates.record_key_r
        """
    ).fetchall()
    return true_pairs, merged, correct, proposed


def missed_by_cause(connection: duckdb.DuckDBPyConnection, name: str, review_threshold: float) -> dict[str, int]:
    """Numbers of true pairs that are not merged, by cause."""
    not_proposed, in_review, below_review = connection.execute(
        f"""
        select
            count(*) filter (candidates.record_key_l is null),
            count(*) filter (candidates.record_key_l is not null and scores.match_probability >= {review_threshold}),
            count(*) filter (
                candidates.record_key_l is not null
                and coalesce(scores.match_probability < {review_threshold}, true)
            )
        from known_pairs
        left join int_{name}__candidate_pairs as candidates using (record_key_l, record_key_r)
        left join int_{name}__pair_scores as scores using (record_key_l, record_key_r)
        where is_true and not is_merged
        """
    ).fetchall()[0]
    return {
        "missed_not_proposed": not_proposed,
        "missed_in_review": in_review,
        "missed_below_review": below_review,
    }


def wrong_matches(connection: duckdb.DuckDBPyConnection, name: str, match_threshold: float) -> int:
    """Number of pairs that the model takes for a match and the truth does not."""
    wrong: int = scalar(
        connection,
        f"""
        select count(*)
        from int_{name}__pair_scores as scores
        inner join known_records as l on scores.record_key_l = l.record_key
        inner join known_records as r on scores.record_key_r = r.record_key
        where scores.match_probability >= {match_threshold} and l.true_id <> r.true_id
        """,
    )
    return wrong


def bcubed(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """B-cubed precision and recall of the entities, in [0, 1]."""
    ((precision, recall),) = connection.execute(
        """
        with counted as (
            select
                count(*) over (partition by entity_id, true_id) as in_both,
                count(*) over (partition by entity_id) as in_entity,
                count(*) over (partition by true_id) as in_truth
            from known_records
        )
        select avg(in_both / in_entity), avg(in_both / in_truth) from counted
        """
    ).fetchall()
    return precision, recall


def scalar(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The one value of a query."""
    return connection.execute(query).fetchall()[0][0]


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def as_line(result: Result) -> str:
    """One line a person reads."""
    return (
        f"{result.dataset:24} pairs {result.candidate_pairs:>9,}  candidate recall {result.candidate_recall:.4f}"
        f"  P {result.pair_precision:.4f} R {result.pair_recall:.4f} F1 {result.pair_f1:.4f}"
        f"  B3 {result.bcubed_precision:.4f} {result.bcubed_recall:.4f} {result.bcubed_f1:.4f}"
        f"  labels {result.labels} ({result.labelled_matches} matches)"
        f"  train {result.train_seconds} s  build {result.build_seconds} s"
    )


def write_results(results: list[Result], kind: str, no_labels: bool) -> None:
    """Keep what was measured beside the machine and versions it was measured with; other data sets keep their rows."""
    file = HERE / "results" / ("accuracy_no_labels.json" if no_labels else "accuracy.json")
    file.parent.mkdir(exist_ok=True)
    kept = json.loads(file.read_text())["results"] if file.exists() else []
    measured = {result.dataset for result in results}
    rows = [row for row in kept if row["dataset"] not in measured] + [
        {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(result).items()}
        for result in results
    ]
    order = list(DATASETS)
    document = {
        "command": "python benchmarks/accuracy.py" + (" --no-labels" if no_labels else ""),
        "classifier": kind,
        **machine(),
        "results": sorted(rows, key=lambda row: order.index(row["dataset"])),
    }
    file.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
