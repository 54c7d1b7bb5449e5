"""What `dbt-dedup init` alone makes of a labelled data set, next to a declaration by hand. Nobody labels a pair.

    python benchmarks/init.py restaurant febrl3

Each data set is copied as one CSV file into an empty folder. Then `dbt-dedup init` and `dbt build` run, and the same
with the declaration of datasets.yml in place of the guesses. Precision, recall and F1 are of the pairs of records in
one entity, over all true pairs; of a declaration with `source_mode: link_only` only pairs of two sources count, for
both.

Results go to benchmarks/results/init.json.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import yaml
from benchmark_project import attempt, machine, write_yaml
from data_sets import data_set_parser, parse_data_sets, present

HERE = Path(__file__).parent
DATASETS: dict[str, dict[str, Any]] = {
    name: spec for name, spec in yaml.safe_load((HERE / "datasets.yml").read_text()).items() if name != "synth_200k"
}
RESULTS = HERE / "results" / "init.json"
COUNTS = """
with known as (
    select crosswalk.entity_id, truth.entity_id as true_id, {source} as source
    from read_csv('{truth}', all_varchar = true) as truth
    inner join {crosswalk} as crosswalk using (record_id)
    inner join read_csv('{records}', all_varchar = true) as records using (record_id)
)
select
    count(*) filter (l.entity_id = r.entity_id) as merged,
    count(*) filter (l.true_id = r.true_id) as true_pairs,
    count(*) filter (l.entity_id = r.entity_id and l.true_id = r.true_id) as right_pairs
from known as l
inner join known as r on l.record_id < r.record_id and {across}
    and (l.entity_id = r.entity_id or l.true_id = r.true_id)
"""


def main() -> None:
    """Measure the data sets named on the command line; keep what was found in benchmarks/results."""
    arguments = parse_data_sets(data_set_parser(__doc__, DATASETS), DATASETS)
    rows = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else {}
    for name, data in present(arguments.datasets, "truth.csv"):
        rows[name] = {way: measure(name, data, way == "by hand") for way in ("init", "by hand")}
        share = rows[name]["init"].get("f1", 0.0) / (rows[name]["by hand"].get("f1") or float("nan"))
        print(f"{name}: {json.dumps(rows[name])} share {share:.3f}", flush=True)
        content = {"command": "python benchmarks/init.py", **machine(), "results": rows}
        RESULTS.write_text(json.dumps(content, indent=2) + "\n")


def measure(name: str, data: Path, by_hand: bool) -> dict[str, Any]:
    """One data set in one way: quality, seconds and columns."""
    with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
        folder = Path(scratch) / "project"
        folder.mkdir()
        shutil.copy(data / "records.csv", folder / f"{name}.csv")
        start = time.monotonic()
        options = ["--input", f"{name}.csv"]
        if by_hand:
            declare(folder, name)
            options = []
        done = attempt(folder, "dbt-dedup", "init", name, *options)
        seconds = time.monotonic() - start
        if done.returncode or "No model yet" in done.stdout:
            return {"refused": (done.stderr or done.stdout)[-400:]}
        built = attempt(folder, "dbt", "build")
        try:
            reached = quality(folder, name, data)
        except duckdb.CatalogException:
            failed = [line for line in built.stdout.splitlines() if "ERROR" in line or "dbt_dedup" in line]
            return {"refused": " ".join(failed)[:400]}
        declared = yaml.safe_load((folder / "dbt_project.yml").read_text())["vars"]["dedup_entities"][name]
        return {
            **reached,
            "init_seconds": round(seconds, 1),
            "build_seconds": round(time.monotonic() - start - seconds, 1),
            "failed_tests": built.stdout.count("FAIL "),
            "fields": {field: options["type"] for field, options in declared["fields"].items()},
        }


def declare(folder: Path, name: str) -> None:
    """Write the declaration of datasets.yml, the rest being what `init` writes."""
    done = attempt(folder, "dbt-dedup", "init", name, "--input", f"{name}.csv", "--no-train")
    if done.returncode:
        sys.exit(f"{name}: {done.stdout}\n{done.stderr}")
    project = yaml.safe_load((folder / "dbt_project.yml").read_text())
    project["vars"]["dedup_entities"][name] = {"input": f"raw_{name}", "record_id": "record_id", **DATASETS[name]}
    write_yaml(folder / "dbt_project.yml", project)
    shutil.rmtree(folder / "models" / f"dedup_{name}")


def quality(folder: Path, name: str, data: Path) -> dict[str, Any]:
    """Precision, recall and F1 of the pairs inside the entities."""
    links = DATASETS[name].get("source_mode") == "link_only"
    (database,) = folder.glob("*.duckdb")
    with duckdb.connect(str(database), read_only=True) as connection:
        sql = COUNTS.format(
            source="records.source" if links else "null",
            across="l.source <> r.source" if links else "true",
            truth=data / "truth.csv",
            records=data / "records.csv",
            crosswalk=f"{name}_crosswalk",
        ).replace("select crosswalk.entity_id,", "select record_id, crosswalk.entity_id,")
        ((merged, true_pairs, right),) = connection.sql(sql).fetchall()
    precision, recall = right / merged if merged else 0.0, right / true_pairs
    f1 = 2 * right / (merged + true_pairs)
    return {key: round(value, 4) for key, value in {"precision": precision, "recall": recall, "f1": f1}.items()}


if __name__ == "__main__":
    main()
