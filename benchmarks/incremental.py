"""What a build costs after 1 % new and 0.2 % changed or deleted records, next to a full one: `incremental: true`.

    python benchmarks/incremental.py --records 100000

The records come from `dbt-dedup synthesize`; the spec and the trained model are those of the demo, without the truth,
which a table in use does not have. They are in a table of the warehouse; what loads it is not measured. CPU seconds are
those of all threads, of builds without tests. Three things are subtracted from them or not, and all are shown:

- total: nothing;
- beyond the start: a build that selects nothing, which is the start of dbt;
- beyond the floor: a build of the same models without any change on a table of few records, which is the start, the
  compilation of all models and the planning of their SQL. What is left grows with the table.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
from benchmark_project import REPOSITORY, run
from scale import ENTITY, measure_sizes, write_made_project

NEW, CHANGED = 0.01, 0.002
FEW = 1_000  # records of the floor
DEAREST = 25  # models that are listed
PROGRAM = Path(sys.executable).name
BUILD = ("build", "--quiet", *(f"--exclude-resource-type={kind}" for kind in ("test", "unit_test", "seed")))
KINDS = ("start", "floor", "full_build", "build_after_changes", "build_without_changes")


def main() -> None:
    """Measure the numbers of records named on the command line and write what was found to benchmarks/results."""
    measure_sizes("incremental", __doc__, measure, as_text)


def measure(records: int, folder: Path) -> dict[str, Any]:
    """Build all but the new records, then with them and with some changed and some deleted, then once more."""
    few, name, _ = made_project(FEW, folder / "floor")
    built(few)
    floor = built(few)

    project, name, all_records = made_project(records, folder / "measured")
    numbered = f"select *, row_number() over (order by customer_id) as place from ({all_records})"
    is_new = f"hash(place) % 10000 < {round(10_000 * NEW)}"
    is_changed = f"hash(place, 'changed') % 10000 < {round(10_000 * CHANGED / 2)}"
    is_gone = f"hash(place, 'gone') % 10000 < {round(10_000 * CHANGED / 2)}"
    load(project, name, f"select * exclude (place) from ({numbered}) where not {is_new}")
    start = built(project, "--select", "tag:none")
    full = built(project)
    load(
        project,
        name,
        f"select * exclude (place) replace (case when {is_changed} then '1 New Street' else street end as street)"
        f" from ({numbered}) where not {is_gone}",
    )
    after = built(project)
    nothing = built(project)
    found = dict(zip(KINDS, (start, floor, full, after, nothing), strict=True))
    cpu = {kind: found[kind]["cpu_seconds"] for kind in KINDS}
    shares = {
        f"beyond_the_{base}" if base else "total": round(
            (cpu["build_after_changes"] - cpu.get(base, 0)) / (cpu["full_build"] - cpu.get(base, 0)), 3
        )
        for base in ("", "start", "floor")
    }
    few, first, second = (found[kind].pop("nodes") for kind in ("floor", "full_build", "build_after_changes"))
    for kind in KINDS:
        found[kind].pop("nodes", None)
    grown = {
        model: [round(nodes[model] - few[model], 2) for nodes in (first, second)]
        for model in sorted(few, key=lambda model: few[model] - second[model])
    }
    return {
        "records": records,
        **found,
        "share_of_full_build": shares,
        "cpu_seconds_of_dearest_models_beyond_the_floor": dict(list(grown.items())[:DEAREST]),
        "cpu_seconds_of_all_models_beyond_the_floor": [
            round(sum(each), 2) for each in zip(*grown.values(), strict=True)
        ],
    }


def made_project(records: int, folder: Path) -> tuple[Path, str, str]:
    """A project whose input is a table that was loaded; the name of the input and SQL of its records."""
    shutil.rmtree(folder, ignore_errors=True)
    inputs, _ = write_made_project(records, folder, without=("truth", "truth_values"), incremental=True)
    (name, all_records), *_ = inputs.items()
    project = folder / "project"
    (project / "models" / f"{name}.sql").write_text(
        f"{{{{ config(materialized='view') }}}}\nselect * from loaded_{name}\n"
    )
    load(project, name, all_records)
    return project, name, all_records


def load(project: Path, name: str, sql: str) -> None:
    """Write the rows of a query to the table that the input reads."""
    with duckdb.connect(str(project / "warehouse.duckdb")) as connection:
        connection.execute(f"create or replace table loaded_{name} as {sql}")


def built(project: Path, *options: str) -> dict[str, Any]:
    """Build in a process of its own; its seconds, by the clock and of all CPUs, and the CPU seconds of each node."""
    nodes = project / "node_cpu.json"
    started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run(project, PROGRAM, str(REPOSITORY / "benchmarks" / "node_cpu.py"), str(nodes), *BUILD, *options)
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = done.ru_utime + done.ru_stime - used.ru_utime - used.ru_stime
    return {
        "cpu_seconds": round(cpu, 1),
        "wall_seconds": round(time.perf_counter() - started, 1),
        "nodes": json.loads(nodes.read_text()),
    }


def as_text(row: dict[str, Any]) -> str:
    """A result as a person reads it, with the models whose cost after the changes grows most with the records."""
    cpu = {kind: row[kind]["cpu_seconds"] for kind in KINDS}
    floor = cpu["floor"]
    grown = row["cpu_seconds_of_dearest_models_beyond_the_floor"]
    grown = {**grown, "all models": row["cpu_seconds_of_all_models_beyond_the_floor"]}
    return "\n".join(
        [
            f"{row['records']:,} records of {ENTITY}: CPU seconds, those beyond the floor, and seconds by the clock",
            *(f"  {cpu[kind]:>7} {cpu[kind] - floor:>7.1f} {row[kind]['wall_seconds']:>7}  {kind}" for kind in KINDS),
            f"  share of the full build: {row['share_of_full_build']}",
            "CPU seconds of models beyond the floor, in the full build and after the changes",
            *(f"  {full:>7.2f} {after:>7.2f}  {model}" for model, (full, after) in grown.items()),
        ]
    )


if __name__ == "__main__":
    main()
