"""How many pairs a second each kind of classifier scores, in SQL and in Python, beside the least that any way takes.

    python benchmarks/scoring.py --pairs 1000000 10000000 50000000

The pairs are the demo's, drawn again and again: the same distribution of features and the same nulls. The floor reads
every feature and writes a table of the same columns and about as many rows. Each measurement is a process of its own,
so that its peak memory is its own; up to a million pairs the fastest of three runs counts, above it there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from benchmark_project import REPOSITORY, machine

from dbt_dedup.classifiers import FellegiSunterClassifier
from dbt_dedup.names import UNSUPERVISED
from dbt_dedup.registry.artefact import write_artefact
from dbt_dedup.registry.production import load_production, use_in_production
from dbt_dedup.score import score_pairs
from dbt_dedup.score.compiled import write_compiled_model
from dbt_dedup.spec import Spec, read_spec
from dbt_dedup.training.label_features import read_training_data
from dbt_dedup.training.with_labels import train
from dbt_dedup.training.without_labels import UnlabelledModel, train_without_labels
from dbt_dedup.warehouse import DbtProject, close_connections

RESULTS = Path(__file__).parent / "results" / "scoring.json"
ENTITY = "customers"
KINDS = ("additive", "logistic", "boosted", "fellegi_sunter")
RUNS = 3
RUN_ONCE_ABOVE = 1_000_000
MOST_PAIRS = {("boosted", "sql"): 1_000_000}  # routes too slow for more


def main() -> None:
    """Measure what the command line asks for and write it to benchmarks/results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[1_000_000], help="numbers of pairs")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        folder, kind, route, runs = arguments.measure
        print(json.dumps(measure(Path(folder), kind, route, int(runs))))
        return
    rows = []
    with tempfile.TemporaryDirectory(prefix="dbt_dedup_scoring_") as scratch:
        folder = Path(scratch)
        prepare(folder)
        for pairs in arguments.pairs:
            rows += measure_all(folder, pairs)
    document = {"command": "python benchmarks/scoring.py --pairs " + " ".join(map(str, arguments.pairs)), **machine()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**document, "results": rows}, indent=2) + "\n")


def prepare(folder: Path) -> None:
    """Build the demo's features, train each kind, and keep the SQL that `scoring: sql` runs."""
    os.environ.update({"DEDUP_DATABASE": str(folder / "demo.duckdb"), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"})
    for name in ("macros", "models", "seeds", "tests"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copy(REPOSITORY / "profiles.yml", folder)
    settings = (REPOSITORY / "dbt_project.yml").read_text()
    (folder / "dbt_project.yml").write_text(settings.replace("      fields:", "      scoring: sql\n      fields:", 1))
    project = DbtProject(folder, folder)
    spec, labelled = read_training_data(project, ENTITY)
    project.run("run", "--select", f"+int_{ENTITY}__pair_features")
    for kind in KINDS:
        trained = learned_levels(project) if kind == UNSUPERVISED else train(kind, spec, labelled)
        artefact_folder = write_artefact(trained, spec, folder)
        use_in_production(spec, folder, artefact_folder.name)
        shutil.copytree(folder / "dedup_models", folder / kind / "dedup_models")
        write_compiled_model(load_production(spec, folder), spec, folder / "macros")
        compiled = DbtProject(folder, folder)
        nodes = [result.node for result in compiled.run("compile", "--select", f"int_{ENTITY}__pair_scores").results]
        (node,) = [node for node in nodes if node.name == f"int_{ENTITY}__pair_scores"]
        sql = node.compiled_code.replace(compiled.relation(f"int_{ENTITY}__pair_features"), "features")
        (folder / kind / "score.sql").write_text(sql)
    close_connections()


def learned_levels(project: DbtProject) -> UnlabelledModel:
    """A model without labels as one of levels, whichever kind training would have kept."""
    _, trained = train_without_labels(project, ENTITY)
    levels = next(
        answer.classifier
        for answer in trained.learned.answers
        if isinstance(answer.classifier, FellegiSunterClassifier)
    )
    return replace(trained, classifier=levels)


def measure_all(folder: Path, pairs: int) -> list[dict[str, Any]]:
    """The floor, and each kind by both routes, on as many pairs."""
    make_pairs(folder, pairs)
    rows: list[dict[str, Any]] = []
    floor = 0.0
    runs = 1 if pairs > RUN_ONCE_ABOVE else RUNS
    for kind, route in [("", "floor"), *((kind, route) for kind in KINDS for route in ("sql", "python"))]:
        if pairs > MOST_PAIRS.get((kind, route), pairs):
            continue
        command = [sys.executable, __file__, "--measure", str(folder), kind, route, str(runs)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{route} {kind} failed\n{done.stdout}\n{done.stderr}")
        found = json.loads(done.stdout.splitlines()[-1])
        floor = floor or found["seconds"]
        rows.append(
            {
                "pairs": pairs,
                "route": route,
                "kind": kind,
                **found,
                "pairs_per_second": round(pairs / found["seconds"]),
                "times_the_floor": round(found["seconds"] / floor, 2),
            }
        )
        print(rows[-1], flush=True)
    return rows


def make_pairs(folder: Path, pairs: int) -> None:
    """Draw pairs from the demo's, by a hash of their number."""
    target = folder / "pairs.duckdb"
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target), config={"preserve_insertion_order": False}) as connection:
        connection.execute(f"attach '{folder / 'demo.duckdb'}' as demo (read_only)")
        connection.execute(
            f"""
            create table spec as
            select entity, replace(spec, '"scoring": "sql"', '"scoring": "python"') as spec from demo.int_{ENTITY}__spec
            """
        )
        connection.execute(
            f"""
            create temp table drawn as
            select row_number() over (order by record_key_l, record_key_r) - 1 as number, *
            from demo.int_{ENTITY}__pair_features
            """
        )
        ((drawn,),) = connection.execute("select count(*) from drawn").fetchall()
        connection.execute(
            f"""
            create table features as
            select i::integer as record_key_l, i::integer + 1 as record_key_r,
                drawn.* exclude (number, record_key_l, record_key_r)
            from range({pairs}) as numbers (i)
            inner join drawn on drawn.number = hash(i) % {drawn}
            """
        )


def measure(folder: Path, kind: str, route: str, runs: int) -> dict[str, Any]:
    """The fastest of some runs of one route, the rows it wrote, and the peak memory of this process."""
    seconds = []
    for _ in range(runs):
        (folder / "scores.duckdb").unlink(missing_ok=True)
        config = {"threads": 2, "preserve_insertion_order": False, "memory_limit": "4GB"}
        with duckdb.connect(str(folder / "scores.duckdb"), config=config) as connection:
            connection.execute(f"attach '{folder / 'pairs.duckdb'}' as pairs (read_only)")
            started = time.perf_counter()
            if route == "python":
                features, spec_relation = connection.table("pairs.features"), connection.table("pairs.spec")
                scores = score_pairs(features, spec_relation, folder / kind)
                writer = connection.cursor()
                writer.register("scores_stream", scores)
                writer.execute("create table scores as select * from scores_stream")
            else:
                spec = read_spec(connection.table("pairs.spec"))
                query = floor_sql(spec) if route == "floor" else (folder / kind / "score.sql").read_text()
                connection.execute("create temp view features as select * from pairs.features")
                connection.execute(f"create table scores as {query}")
            seconds.append(time.perf_counter() - started)
            ((rows,),) = connection.execute("select count(*) from scores").fetchall()
    return {"seconds": round(min(seconds), 2), "rows_written": rows, "peak_memory_gb": peak_memory_gb()}


def peak_memory_gb() -> float:
    """Peak memory of this process (of Linux, where getrusage would count what the process before it held)."""
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return round(int(peak) / 1024**2, 2)


def floor_sql(spec: Spec) -> str:
    """Read every feature, add up those of a field, and write the columns of a score."""
    sums = []
    for field in spec.weight_fields:
        own = [feature.name for feature in spec.features if feature.field == field]
        sums.append(f"({' + '.join(own)})::float as weight_{field}")
    first, second = spec.feature_names[:2]
    return (
        f"select record_key_l, record_key_r, {first} as match_probability, {second} as match_weight, {', '.join(sums)},"
        " 'additive-00000000' as model_version from features where record_key_l % 100 < 97"
    )


if __name__ == "__main__":
    main()
