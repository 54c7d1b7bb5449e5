"""How many golden values are right, field by field, next to simpler ways to choose them.

    python benchmarks/golden.py
    python benchmarks/golden.py customers --clusters true

The data come from `dbt-dedup synthesize`, which writes the right values of each entity. Counted are entities of two or
more records and the fields of which any record has a right value. Entities are those that the reference model finds
(`resolved`) or those of the truth (`true`), which leave survivorship alone to blame. A value is right if it is shown as
a person would write it, in letter case and diacritics too; `standardized` counts what differs in spelling only. The
ways:

    golden         the golden record as it is served
    best_record    the record of the entity with the most right fields, which only the truth knows
    random_record  any record of the entity: the average over them
    most_frequent  the text that most records show, the first in order of several
    most_recent    the text of the record that changed last
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml
from benchmark_project import REPOSITORY, machine, run, write_project

RESULTS = Path(__file__).parent / "results" / "golden.json"
WAYS = ("golden", "standardized", "best_record", "random_record", "most_frequent", "most_recent")
CLUSTERS = ("resolved", "true")


@dataclass(frozen=True)
class Data:
    """Made data: the entity, the options of `dbt-dedup synthesize`, and the number of records."""

    entity: str
    records: int
    labels: int
    seed: int


SETS = {
    "demo": Data("customers", 3_000, 800, 1),
    "customers": Data("customers", 200_000, 1_000, 1),
    "companies_demo": Data("companies", 1_200, 500, 2),
    "companies": Data("companies", 50_000, 1_000, 2),
}

# each record's values as the golden record would show them
RECORD_VALUES = """
{%- set spec = dbt_dedup.entity('<entity>') -%}
{%- for field in spec.fields %}
select
    entities.entity_id,
    records.record_id,
    records.updated_at,
    '{{ field.name }}' as field,
    cast({{ dbt_dedup._served_value(field) }} as varchar) as shown
from {{ ref('stg_<entity>__records') }} as records
inner join {{ ref('int_<entity>__entities') }} as entities on records.record_id = entities.record_id
where records_in_entity > 1 and {{ field.name }} is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
"""

TRUE_ENTITIES = """
select
    row_number() over (order by records.record_id) as record_key,
    records.record_id,
    records.source,
    dense_rank() over (order by truth.entity_id) as cluster_key,
    truth.entity_id,
    count(*) over (partition by truth.entity_id) as records_in_entity
from {{ ref('stg_<entity>__records') }} as records
inner join {{ ref('<entity>_truth') }} as truth on records.record_id = truth.record_id
"""

MEASURE = """
with

checks as (
    select * from int_<entity>__golden_checks
    where any_right
),

right_values as (
    select checks.entity_id, checks.field, true_values.shown
    from checks
    inner join int_<entity>__true_values as true_values
        on checks.true_entity_id = true_values.entity_id and checks.field = true_values.field
),

judged as (
    select
        record_values.*,
        exists (
            from right_values
            where right_values.entity_id = record_values.entity_id
                and right_values.field = record_values.field
                and case
                    when record_values.field = 'location' then <near>
                    else right_values.shown = record_values.shown
                end
        ) as is_right
    from record_values
    inner join checks using (entity_id, field)
),

record_scores as (
    select entity_id, record_id, count(*) filter (is_right) as right_fields
    from judged
    group by entity_id, record_id
),

best_records as (
    select entity_id, arg_max(record_id, (right_fields, record_id)) as record_id
    from record_scores
    group by entity_id
),

best as (
    select judged.entity_id, judged.field
    from judged
    inner join best_records using (entity_id, record_id)
    where is_right
),

sizes as (
    select entity_id, count(*) as records from int_<entity>__entities group by entity_id
),

shown as (
    select
        entity_id,
        field,
        shown,
        count(*) as records,
        bool_or(is_right) as is_right
    from judged
    group by entity_id, field, shown
),

ways as (
    select
        entity_id,
        field,
        arg_max(is_right, (coalesce(updated_at, timestamp '0001-01-01'), record_id)) as most_recent,
        count(*) filter (is_right) as right_records
    from judged
    group by entity_id, field
),

frequent as (
    select entity_id, field, arg_max(is_right, (records, shown)) as most_frequent
    from shown
    group by entity_id, field
)

select
    checks.field,
    count(*) as entities,
    avg(cast(checks.is_right as integer)) as golden,
    avg(case when best.field is not null then 1 else 0 end) as best_record,
    avg(coalesce(right_records, 0) / sizes.records) as random_record,
    avg(cast(most_frequent as integer)) as most_frequent,
    avg(cast(most_recent as integer)) as most_recent
from checks
inner join ways using (entity_id, field)
inner join frequent using (entity_id, field)
inner join sizes using (entity_id)
left join best using (entity_id, field)
group by checks.field
"""

STANDARDIZED = """
select field, avg(cast(is_right_standardized as integer)) as standardized
from int_<entity>__golden_checks
where any_right_standardized
group by field
"""

NEAR = " and ".join(
    f"abs(cast(split_part(right_values.shown, ' ', {part}) as double)"
    f" - cast(split_part(record_values.shown, ' ', {part}) as double)) < {degrees}"
    for part, degrees in ((1, 0.002), (2, 0.004))
)


def main() -> None:
    """Measure the sets named on the command line, or all, and write what was found to benchmarks/results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], help=f"sets to measure (default: {', '.join(SETS)})")
    parser.add_argument("--clusters", nargs="+", choices=CLUSTERS, default=CLUSTERS, help="whose entities")
    parser.add_argument("--keep", type=Path, help="build in this folder and keep it")
    arguments = parser.parse_args()
    results = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() and arguments.sets else {}
    for name in arguments.sets or SETS:
        for clusters in arguments.clusters:
            with tempfile.TemporaryDirectory(prefix="dbt_dedup_golden_") as scratch:
                fields = measure(SETS[name], clusters, (arguments.keep or Path(scratch)) / f"{name}_{clusters}")
            results[f"{name}, {clusters} clusters"] = fields
            print(
                f"{name}: {SETS[name].records:,} {SETS[name].entity}, {clusters} clusters\n{as_text(fields)}\n",
                flush=True,
            )
    document = {
        "command": "python benchmarks/golden.py",
        **machine(),
        "sets": {name: vars(data) for name, data in SETS.items()},
    }
    RESULTS.write_text(json.dumps({**document, "results": results}, indent=2) + "\n")


def measure(data: Data, clusters: str, folder: Path) -> dict[str, dict[str, float]]:
    """Make the records, build what the measure needs, and return the shares by field and way."""
    entity, made, project = data.entity, folder / "data", folder / "project"
    shutil.rmtree(folder, ignore_errors=True)
    made.mkdir(parents=True)
    options = {"kind": entity, "records": data.records, "labels": data.labels, "seed": data.seed, "format": "parquet"}
    arguments = [text for key, value in options.items() for text in (f"--{key}", str(value))]
    run(REPOSITORY, "dbt-dedup", "synthesize", *arguments, "--output", str(made))
    spec: dict[str, Any] = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text())["vars"]["dedup_entities"][
        entity
    ]
    keys = ("input", "labels", "truth", "truth_values")
    inputs = {spec[key]: f"select * from read_parquet('{made}/{spec[key]}.parquet')" for key in keys}
    write_project(project, entity, spec, inputs)
    shutil.copytree(REPOSITORY / "dedup_models", project / "dedup_models")
    (project / "models" / "record_values.sql").write_text(RECORD_VALUES.replace("<entity>", entity))
    if clusters == "true":
        file = project / "models" / entity / "resolve" / f"int_{entity}__entities.sql"
        file.write_text(TRUE_ENTITIES.replace("<entity>", entity))
    run(project, "dbt", "deps", "--quiet")
    run(project, "dbt", "seed", "--quiet")
    run(project, "dbt", "run", "--quiet", "--select", f"+int_{entity}__golden_checks", "+record_values")
    return shares(project / "warehouse.duckdb", entity)


def shares(warehouse: Path, entity: str) -> dict[str, dict[str, float]]:
    """The share of right values by field and way, and the number of entities it is a share of."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        sql = MEASURE.replace("<near>", NEAR).replace("<entity>", entity)
        rows = connection.execute(sql)
        names = [column[0] for column in rows.description]
        fields = {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in rows.fetchall()}
        spelled = dict(connection.execute(STANDARDIZED.replace("<entity>", entity)).fetchall())
    for field, values in fields.items():
        values["standardized"] = spelled[field]
    return {
        field: {"entities": values["entities"], **{way: round(values[way], 4) for way in WAYS}}
        for field, values in sorted(fields.items())
    }


def as_text(fields: dict[str, dict[str, float]]) -> str:
    """The shares as a table."""
    lines = ["  " + "field".ljust(20) + "entities".rjust(9) + "".join(way.rjust(15) for way in WAYS)]
    for field, values in fields.items():
        shown = "".join(f"{values[way]:15.2%}" for way in WAYS)
        lines.append("  " + field.ljust(20) + f"{values['entities']:9,}" + shown)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
