"""How long a look-up takes on made customers of any number, after start.

    python benchmarks/find.py --records 1000000

The records come from `dbt-dedup synthesize`; the spec and the trained model are those of the demo. Half of what is
looked up are records of the tables, which have candidates, and half are records made with another seed, most of which
are of an unknown person.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
from benchmark_project import REPOSITORY, machine, run
from scale import ENTITY, write_made_project

from dbt_dedup.lookup import Finder
from dbt_dedup.warehouse import DbtProject

RESULTS = Path(__file__).parent / "results" / "find.json"


def main() -> None:
    """Measure, print, and write what was found to benchmarks/results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000, help="number of records (default 100000)")
    parser.add_argument("--lookups", type=int, default=300, help="number of look-ups (default 300)")
    parser.add_argument("--project", type=Path, help="a project that `scale.py --keep` built, instead of building one")
    parser.add_argument("--note", default="", help="what else to say about the machine, such as that it is shared")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dbt_dedup_find_") as scratch:
        project = arguments.project or built(Path(scratch), arguments.records)
        new = synthesized(Path(scratch) / "new", max(arguments.lookups, 500), seed=777)[: arguments.lookups]
        result = measure(project, new[: arguments.lookups // 2], arguments.lookups - arguments.lookups // 2)
    document = {
        "command": f"python benchmarks/find.py --records {arguments.records} --lookups {arguments.lookups}",
        **machine(),
        **({"note": arguments.note} if arguments.note else {}),
        "records": arguments.records,
        **result,
    }
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def built(folder: Path, records: int) -> Path:
    """A project with so many records whose tables are built."""
    project = folder / "project"
    write_made_project(records, folder)
    run(project, "dbt", "build", "--quiet", "--exclude-resource-type", "test", "unit_test", "seed")
    return project


def synthesized(folder: Path, records: int, seed: int = 42) -> list[dict[str, Any]]:
    """Made customers as the files of a folder, and their rows."""
    folder.mkdir(parents=True)
    options = ["--records", str(records), "--labels", "100", "--seed", str(seed), "--format", "parquet"]
    run(REPOSITORY, "dbt-dedup", "synthesize", *options, "--output", str(folder))
    table = pyarrow.parquet.read_table(folder / "raw_customers.parquet").drop_columns(["updated_at", "customer_id"])
    rows: list[dict[str, Any]] = table.slice(0, 10_000).to_pylist()
    return rows


def measure(project: Path, new: list[dict[str, Any]], known: int) -> dict[str, Any]:
    """Start once, and look up the new records and so many of the tables, in turn."""
    with DbtProject(project, project).open() as warehouse:
        columns = list(new[0])
        table = warehouse.read("raw_customers", columns).limit(known, offset=1000).to_arrow_table()
    given = [row for pair in zip_longest(new, table.to_pylist()) for row in pair if row]
    started = time.perf_counter()
    with Finder(DbtProject(project, project), ENTITY) as finder:
        start_seconds = time.perf_counter() - started
        wall, processor, decisions = [], [], []
        for row in given:
            before, before_processor = time.perf_counter(), time.process_time()
            decisions.append(finder.find(row).decision)
            wall.append(1000 * (time.perf_counter() - before))
            processor.append(1000 * (time.process_time() - before_processor))
    return {
        "lookups": len(given),
        "start_seconds": round(start_seconds, 1),
        **{f"milliseconds_p{q}": round(float(np.percentile(wall, q)), 1) for q in (50, 95, 99)},
        **{f"processor_milliseconds_p{q}": round(float(np.percentile(processor, q)), 1) for q in (50, 95)},
        "decisions": {decision: decisions.count(decision) for decision in sorted(set(decisions))},
    }


if __name__ == "__main__":
    main()
