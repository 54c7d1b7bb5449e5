"""How long the whole build takes, model by model, on made customers of any number.

    python benchmarks/scale.py --records 100000 1000000

The records come from `dbt-dedup synthesize`; the spec and the trained model are those of the demo. The floor is what
DuckDB takes to read the same records and write them to a table, the least that any build has to do.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import duckdb
import yaml
from benchmark_project import REPOSITORY, machine, run, write_project

RESULTS = Path(__file__).parent / "results"
ENTITY = "customers"


def main() -> None:
    """Measure the numbers of records named on the command line and write what was found to benchmarks/results."""
    measure_sizes("scale", __doc__, measure, as_text)


def measure_sizes(
    name: str,
    description: str | None,
    measure: Callable[[int, Path], dict[str, Any]],
    as_text: Callable[[dict[str, Any]], str],
) -> None:
    """Measure some numbers of records, as the command line says, and write the rows to benchmarks/results.

    Args:
        name: of the benchmark, its file and its results.
        description: what the help says.
        measure: given a number of records and a folder to build in, a row.
        as_text: a row for people.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000], help="numbers of records (default 100000)")
    parser.add_argument("--keep", type=Path, help="build in this folder and keep it")
    arguments = parser.parse_args()
    command = f"python benchmarks/{name}.py --records " + " ".join(map(str, arguments.records))
    RESULTS.mkdir(exist_ok=True)
    rows = []
    for records in arguments.records:
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            rows.append(measure(records, (arguments.keep or Path(scratch)) / str(records)))
        print(as_text(rows[-1]), flush=True)
        document = {"command": command, **machine(), "results": rows}
        (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")


def measure(records: int, folder: Path) -> dict[str, Any]:
    """Make the records, read and write them once for the floor, then build the whole project."""
    shutil.rmtree(folder, ignore_errors=True)
    inputs, synthesize_seconds = write_made_project(records, folder)
    project = folder / "project"

    started = time.perf_counter()
    with duckdb.connect(str(folder / "floor.duckdb"), config={"threads": 2}) as connection:
        connection.execute(f"create table floor as {next(iter(inputs.values()))}")
    floor_seconds = time.perf_counter() - started

    built = measured(project, "dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test", "seed")
    nodes = json.loads((project / "target" / "run_results.json").read_text())["results"]
    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as connection:
        metrics = dict(connection.execute(f"select metric, value from {ENTITY}_metrics").fetchall())
    return {
        "records": records,
        "synthesize_seconds": synthesize_seconds,
        "floor_seconds": round(floor_seconds, 1),
        "build_seconds": built["seconds"],
        "peak_memory_gb": built["peak_memory_gb"],
        "candidate_pairs": int(metrics["candidate_pairs"]),
        "entities": int(metrics["entities"]),
        "truth_precision": round(metrics["truth_precision"], 4),
        "truth_recall": round(metrics["truth_recall"], 4),
        "model_seconds": {
            node["unique_id"].split(".")[-1]: round(node["execution_time"], 1)
            for node in nodes
            if node["unique_id"].startswith("model.")
        },
    }


def write_made_project(
    records: int, folder: Path, without: Collection[str] = (), **changes: Any
) -> tuple[dict[str, str], float]:
    """Make customers in `folder`/data and write a project with its seeds that reads them to `folder`/project.

    Args:
        records: how many.
        folder: where.
        without: keys to leave out of the spec of the demo.
        changes: keys to change in it.

    Returns:
        SQL of the models that the entity reads, by name, the input first; the seconds that making the customers took.
    """
    data, project = folder / "data", folder / "project"
    data.mkdir(parents=True)
    options = ["--records", str(records), "--labels", "1000", "--format", "parquet", "--output", str(data)]
    made = measured(REPOSITORY, "dbt-dedup", "synthesize", *options)
    spec = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text())["vars"]["dedup_entities"][ENTITY]
    for key in ("overrides", *without):  # made customers have no overrides
        spec.pop(key)
    spec |= changes
    keys = [key for key in ("input", "labels", "truth", "truth_values") if key in spec]
    inputs = {spec[key]: f"select * from read_parquet('{data}/{spec[key]}.parquet')" for key in keys}
    write_project(project, ENTITY, spec, inputs)
    shutil.copytree(REPOSITORY / "dedup_models", project / "dedup_models")
    run(project, "dbt", "deps", "--quiet")
    run(project, "dbt", "seed", "--quiet")
    return inputs, made["seconds"]


def measured(folder: Path, *command: str) -> dict[str, float]:
    """Run a command of this environment in a folder; its seconds and the peak memory of the largest command so far."""
    started = time.perf_counter()
    run(folder, *command)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    return {"seconds": round(time.perf_counter() - started, 1), "peak_memory_gb": round(peak, 2)}


def as_text(row: dict[str, Any]) -> str:
    """A result as a person reads it, slowest model first."""
    slowest = sorted(row["model_seconds"].items(), key=lambda item: -item[1])
    return "\n".join(
        [
            f"{row['records']:,} records: build {row['build_seconds']} s (floor {row['floor_seconds']} s,"
            f" synthesize {row['synthesize_seconds']} s), peak memory {row['peak_memory_gb']} GB,"
            f" {row['candidate_pairs']:,} pairs, {row['entities']:,} entities,"
            f" precision {row['truth_precision']}, recall {row['truth_recall']}",
            *(f"  {seconds:>7} s  {name}" for name, seconds in slowest),
        ]
    )


if __name__ == "__main__":
    main()
