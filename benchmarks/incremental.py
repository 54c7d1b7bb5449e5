"""What a build costs after 1 % new and 0.2 % changed or deleted records, next to a full one: `incremental: true`.

    python benchmarks/incremental.py --records 100000

The records come from `dbt-dedup synthesize`; the spec and the trained model are those of the demo, without the truth,
which a table in use does not have. The start of dbt is a build that selects nothing; shares are without it. CPU seconds
are those of all threads.
"""

from __future__ import annotations

import json
import resource
import shutil
import time
from pathlib import Path
from typing import Any

from benchmark_project import run
from scale import ENTITY, measure_sizes, write_made_project

NEW, CHANGED = 0.01, 0.002
BUILD = ("dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test", "seed")


def main() -> None:
    """Measure the numbers of records named on the command line and write what was found to benchmarks/results."""
    measure_sizes("incremental", __doc__, measure, as_text)


def measure(records: int, folder: Path) -> dict[str, Any]:
    """Build all but the new records, then with them and with some changed and some deleted, then once more."""
    shutil.rmtree(folder, ignore_errors=True)
    keys = ("truth", "truth_values")
    inputs, _ = write_made_project(records, folder, without=keys, incremental=True)
    project = folder / "project"
    (name, all_records), *_ = inputs.items()
    model = project / "models" / f"{name}.sql"

    numbered = f"select *, row_number() over (order by customer_id) as place from ({all_records})"
    is_new = f"hash(place) % 10000 < {round(10_000 * NEW)}"
    is_changed = f"hash(place, 'changed') % 10000 < {round(10_000 * CHANGED / 2)}"
    is_gone = f"hash(place, 'gone') % 10000 < {round(10_000 * CHANGED / 2)}"
    model.write_text(f"select * exclude (place) from ({numbered}) where not {is_new}\n")
    start = measured(project, *BUILD, "--select", "tag:none")
    full = measured(project, *BUILD)
    full_models = model_seconds(project)
    model.write_text(
        f"select * exclude (place) replace (case when {is_changed} then '1 New Street' else street end as street)"
        f" from ({numbered}) where not {is_gone}\n"
    )
    after = measured(project, *BUILD)
    after_models = model_seconds(project)
    nothing = measured(project, *BUILD)
    shares = {
        key: round((after[key] - start[key]) / (full[key] - start[key]), 3) for key in ("cpu_seconds", "wall_seconds")
    }
    return {
        "records": records,
        "start": start,
        "full_build": full,
        "build_after_changes": after,
        "build_without_changes": nothing,
        "share_of_full_build": shares,
        "model_seconds": {name: [full_models[name], after_models[name]] for name in full_models},
    }


def measured(folder: Path, *command: str) -> dict[str, float]:
    """Run a command of this environment in a folder; its seconds, by the clock and of all CPUs."""
    started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, *command)
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = done.ru_utime + done.ru_stime - used.ru_utime - used.ru_stime
    return {"cpu_seconds": round(cpu, 1), "wall_seconds": round(time.perf_counter() - started, 1)}


def model_seconds(project: Path) -> dict[str, float]:
    """How long each model of the last build took."""
    nodes = json.loads((project / "target" / "run_results.json").read_text())["results"]
    return {
        node["unique_id"].split(".")[-1]: round(node["execution_time"], 2)
        for node in nodes
        if node["unique_id"].startswith("model.")
    }


def as_text(row: dict[str, Any]) -> str:
    """A result as a person reads it, with the models that cost most after the changes."""
    slowest = sorted(row["model_seconds"].items(), key=lambda item: -item[1][1])[:20]
    kinds = ("start", "full_build", "build_after_changes", "build_without_changes")
    return "\n".join(
        [
            f"{row['records']:,} records of {ENTITY}, in seconds of CPU and by the clock:",
            *(f"  {row[kind]['cpu_seconds']:>7} {row[kind]['wall_seconds']:>7}  {kind}" for kind in kinds),
            f"  share of the full build: {row['share_of_full_build']}",
            *(f"  {full:>7} {after:>7}  {name}" for name, (full, after) in slowest),
        ]
    )


if __name__ == "__main__":
    main()
