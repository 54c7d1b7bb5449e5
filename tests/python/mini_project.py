"""A dbt project of a few models that the Python side reads, so that its tests build in seconds.

Its models have the columns of the reference models and features of their own. What the Python side relies on is copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import yaml
from examples import FEATURES, labelled_table, spec_json

REPO = Path(__file__).resolve().parents[2]

PYTHON_MODELS = ("int_customers__parity", "int_customers__pair_scores_python", "int_customers__clusters")
MACROS = ("check/production.sql", "learn/label_problems.sql", "dialect/text_type.sql")
KEYED_PAIRS = """
from {{ ref('pairs') }} as pairs
inner join {{ ref('int_customers__keyed_records') }} as l on pairs.record_id_l = l.record_id
inner join {{ ref('int_customers__keyed_records') }} as r on pairs.record_id_r = r.record_id
"""
IDS = {"record_id_l": "pairs.record_id_l", "record_id_r": "pairs.record_id_r"}
KEYS = {"record_key_l": "l.record_key", "record_key_r": "r.record_key"}
DIGEST = {"input_digest": "pairs.input_digest"}

# What each SQL model gives of the columns of its reference model, the rest being null, and what it selects from.
SQL_MODELS: dict[str, tuple[dict[str, str], str]] = {
    "stg_customers__records": ({"record_id": "'r' || i"}, "from range(400) as records (i)"),
    "int_customers__keyed_records": (
        {
            "record_id": "record_id",
            "record_key": "row_number() over (order by record_id)",
            "representative_key": "row_number() over (order by record_id)",
            "is_distinctive": "false",
        },
        "from {{ ref('stg_customers__records') }}",
    ),
    "int_customers__match_thresholds": (
        {"match_threshold": "max(match_threshold)", "review_threshold": "max(review_threshold)"},
        "from {{ ref('int_customers__parity') }}",
    ),
    "int_customers__links": ({}, "from {{ ref('pairs') }} where false"),
    "int_customers__component_pairs": (
        {**{key: key for key in KEYS}, "match_probability": "match_probability", "is_vetoed": "false"},
        "from {{ ref('int_customers__pair_scores') }}",
    ),
    "int_customers__label_features": (
        {
            **IDS,
            **KEYS,
            **DIGEST,
            "label": "labels.label = 'match'",
            "sampled_by": "pairs.sampled_by",
            "sampling_weight": "pairs.sampling_weight",
        },
        KEYED_PAIRS
        + "inner join {{ ref('customers_labels') }} as labels using (record_id_l, record_id_r)"
        + " where labels.label <> 'unsure'",
    ),
    "int_customers__pair_features": (KEYS, KEYED_PAIRS),
    "int_customers__candidate_pairs": (KEYS, KEYED_PAIRS),
    "int_customers__unlabelled_features": (
        {**IDS, **KEYS, **DIGEST, "is_sampled": "true"},
        KEYED_PAIRS
        + "inner join {{ ref('int_customers__candidate_pairs') }} as proposed"
        + " on l.record_key = proposed.record_key_l and r.record_key = proposed.record_key_r",
    ),
    "int_customers__random_pair_features": (KEYS, KEYED_PAIRS + "where pairs.label = 0"),
    "int_customers__parity_features": (
        {**IDS, **KEYS, **DIGEST},
        KEYED_PAIRS + "semi join {{ ref('int_customers__parity') }} using (record_id_l, record_id_r)",
    ),
    "customers_metrics": (
        {"metric": "metric", "value": "value", "unit": "case when metric like 'truth%' then 'share' else 'pairs' end"},
        """from (
            select 'records' as metric, count(*) as value from {{ ref('int_customers__clusters') }}
            union all
            select 'entities', count(distinct cluster_key) from {{ ref('int_customers__clusters') }}
            union all
            select 'candidate_pairs', count(*) from {{ ref('int_customers__pair_features') }}
            union all
            values ('duplicates_merged', 1234.0), ('review_pairs', 7), ('truth_precision', 0.98765),
                ('truth_recall', 1.0)
        )""",
    ),
}

FILES = {
    # the copied macros call each other by the name of the package
    "dbt_project.yml": "{name: dbt_dedup, version: 1.0.0, profile: mini, flags: {send_anonymous_usage_stats: false}}",
    "macros/entity.sql": """
        {% macro entity(name) %}{{ return({'name': name, 'labels': 'customers_labels'}) }}{% endmacro %}
        """,
    # pairs that blocking did not propose say nothing
    "macros/pair_features.sql": f"""
        {{% macro pair_features(entity_name, pairs) %}}
        select record_key_l, record_key_r, {", ".join(f"cast(null as double) as {name}" for name in FEATURES)}
        from {{{{ pairs }}}}
        {{% endmacro %}}
        """,
    "models/int_customers__label_problems.sql": "{{ dbt_dedup.label_problems('customers') }}",
    "models/int_customers__production.sql": "select '' as model_version",
    "models/int_customers__pair_scores.sql": "select * from {{ ref('int_customers__pair_scores_python') }}",
    "models/mini.yml": """
models:
  - name: int_customers__parity
    columns: [{name: record_id_l, data_tests: [not_null]}, {name: record_id_r, data_tests: [not_null]}]
""",
}


def write_mini_project(folder: Path, label_rows: pa.Table | None = None, **spec_changes: Any) -> Path:
    """Write the project into `folder`, with `label_rows` (default: those of `labelled_table`) and a changed spec."""
    models = {f"models/{name}.sql": model_sql(name, *model) for name, model in SQL_MODELS.items()}
    for name, text in {**FILES, **models}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "profiles.yml").write_text(
        f"mini: {{target: dev, outputs: {{dev: {{type: duckdb, path: '{folder / 'mini.duckdb'}', threads: 2}}}}}}"
    )
    spec = spec_json(**spec_changes).replace("'", "''")
    (folder / "models/int_customers__spec.sql").write_text(f"select 'customers' as entity, '{spec}' as spec")
    for model in PYTHON_MODELS:
        (file,) = (REPO / "models/customers").rglob(f"{model}.py")
        shutil.copy(file, folder / "models")
    for macro in MACROS:
        shutil.copy(REPO / "macros" / macro, folder / "macros")
    (folder / "seeds").mkdir()
    pyarrow.csv.write_csv(labelled_table(), folder / "seeds/pairs.csv")
    pyarrow.csv.write_csv(label_seed() if label_rows is None else label_rows, folder / "seeds/customers_labels.csv")
    return folder


def model_sql(name: str, given: Mapping[str, str], selected_from: str) -> str:
    """SQL of a table with the columns of the reference model of this name, its features replaced by `FEATURES`."""
    columns, features = reference_columns()[name], feature_columns()
    fixed = {column: data_type for column, data_type in columns.items() if column not in features}
    assert set(given) <= set(fixed), f"{name} has no column {', '.join(set(given) - set(fixed))}"
    selected = [
        f"cast({given.get(column, 'null')} as {data_type or 'integer'}) as {column}"
        for column, data_type in fixed.items()
    ]
    if features & set(columns):
        selected += [f"pairs.{feature}" for feature in FEATURES]
    return f"{{{{ config(materialized='table') }}}}\nselect {', '.join(selected)}\n{selected_from}"


@cache
def reference_columns() -> dict[str, dict[str, str | None]]:
    """Name and data type of each column of each reference model, as the YAML describes them."""
    documents = [yaml.safe_load(file.read_text()) for file in (REPO / "models/customers").rglob("_*.yml")]
    return {
        model["name"]: {column["name"]: column.get("data_type") for column in model.get("columns", ())}
        for document in documents
        for model in document.get("models", ())
    }


def feature_columns() -> set[str]:
    return set(reference_columns()["int_customers__pair_features"]) - set(KEYS)


def label_seed(rows: int = 200) -> pa.Table:
    """The example labels as a person would write them: record_id_l, record_id_r, label."""
    table = labelled_table().slice(0, rows)
    words = ["match" if label else "no_match" for label in table["label"].to_pylist()]
    return table.select(["record_id_l", "record_id_r"]).append_column("label", pa.array(words))
