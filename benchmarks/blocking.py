"""Fuzzy blocking rules on labelled data sets: how many candidate pairs they propose, and how many true ones of them.

    python benchmarks/blocking.py splink_fake_1000

The rules and what they have to reach are in benchmarks/blocking.yml, the fields in benchmarks/datasets.yml. The program
ends with 1 if a data set falls short.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import yaml
from benchmark_project import machine, run, write_project
from data_sets import data_set_parser, parse_data_sets, present

HERE = Path(__file__).parent
DECLARED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "datasets.yml").read_text())
WANTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "blocking.yml").read_text())
RESULTS = HERE / "results" / "blocking.json"


def main() -> None:
    arguments = parse_data_sets(data_set_parser(__doc__, WANTED), WANTED)
    results: dict[str, Any] = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else {}
    falls_short = False
    for name, data in present(arguments.datasets, "truth.csv"):
        with tempfile.TemporaryDirectory() as folder:
            result = measure(Path(folder) / name, name, data)
        results[name] = result
        RESULTS.write_text(json.dumps({**machine(), "results": results}, indent=2) + "\n")
        reached = result["recall"] >= result["least_recall"] and result["candidate_pairs"] <= result["most_pairs"]
        falls_short |= not reached
        print(
            f"{name:24} {result['records']:>7,} records {result['candidate_pairs']:>10,} pairs"
            f" (at most {result['most_pairs']:,})  recall {result['recall']:.4f} (at least {result['least_recall']})"
            f" {result['seconds']:6.1f} s{'' if reached else '  FALLS SHORT'}"
        )
    sys.exit(falls_short)


def measure(folder: Path, name: str, data: Path) -> dict[str, Any]:
    """Build the candidate pairs of a data set; `seconds` are those of the models of the room block."""
    wanted, declared = WANTED[name], DECLARED[name]
    rules = [*(declared["blocking"] if wanted.get("with_its_rules") else []), *wanted["blocking"]]
    spec = {"input": f"raw_{name}", "record_id": "record_id", **declared, "blocking": rules}
    read_records = f"select * from read_csv('{data / 'records.csv'}', all_varchar = true)"
    write_project(folder, name, spec, {f"raw_{name}": read_records})
    run(folder, "dbt", "deps")
    run(folder, "dbt", "seed")
    run(folder, "dbt", "run", "--select", f"+int_{name}__keyed_records")
    started = time.perf_counter()
    run(
        folder,
        "dbt",
        "run",
        "--select",
        f"int_{name}__block_keys",
        f"int_{name}__candidate_pairs",
        f"{name}_block_stats",
    )
    seconds = time.perf_counter() - started
    across = "and l.source <> r.source" if declared.get("source_mode") == "link_only" else ""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        counted = connection.execute(
            f"""
            with members as (
                select records.record_key, records.representative_key, records.source, truth.entity_id
                from int_{name}__keyed_records as records
                inner join read_csv('{data / "truth.csv"}', all_varchar = true) as truth using (record_id)
            ),
            true_pairs as (
                select
                    least(l.representative_key, r.representative_key) as record_key_l,
                    greatest(l.representative_key, r.representative_key) as record_key_r
                from members as l
                inner join members as r on l.entity_id = r.entity_id and l.record_key < r.record_key {across}
            ),
            proposed as (
                select record_key_l, record_key_r, 1 as is_proposed from int_{name}__candidate_pairs
            )
            select
                (select count(*) from int_{name}__keyed_records) as records,
                count(*) as true_pairs,
                count(case when record_key_l = record_key_r or is_proposed = 1 then 1 end) as found_pairs,
                (select count(*) from proposed) as candidate_pairs
            from true_pairs
            left join proposed using (record_key_l, record_key_r)
            """
        ).fetchall()
        pairs_of_rules = dict(
            connection.execute(f"select rule, pairs from {name}_block_stats order by rule_number").fetchall()
        )
    ((records, true_pairs, found_pairs, candidate_pairs),) = counted
    return {
        "records": records,
        "true_pairs": true_pairs,
        "candidate_pairs": candidate_pairs,
        "pairs_per_record": round(candidate_pairs / records, 2),
        "recall": round(found_pairs / true_pairs, 4),
        "least_recall": wanted["least_recall"],
        "most_pairs": wanted["most_pairs"],
        "pairs_of_rules": pairs_of_rules,
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    main()
