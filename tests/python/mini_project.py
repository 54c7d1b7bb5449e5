"""A dbt project of a few models with the columns that the Python side reads, so that its tests build in seconds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
from examples import labelled_table, spec_json

REPO = Path(__file__).resolve().parents[2]

FILES = {
    "dbt_project.yml": "{name: mini, version: 1.0.0, profile: mini, flags: {send_anonymous_usage_stats: false}}",
    "models/stg_customers__records.sql": """
        {{ config(materialized='table') }}
        select cast(i + 1 as integer) as record_key, 'r' || i as record_id from range(400) as records (i)
        """,
    "models/int_customers__label_features.sql": """
        select features.* exclude (label), case when labels.label = 'match' then 1 else 0 end as label
        from {{ ref('customers_labels') }} as labels
        inner join {{ ref('pairs') }} as features using (record_id_l, record_id_r)
        where labels.label <> 'unsure'
        """,
    "models/int_customers__pair_features.sql": """
        select l.record_key as record_key_l, r.record_key as record_key_r, pairs.*
        from {{ ref('pairs') }} as pairs
        inner join {{ ref('stg_customers__records') }} as l on pairs.record_id_l = l.record_id
        inner join {{ ref('stg_customers__records') }} as r on pairs.record_id_r = r.record_id
        """,
    "models/int_customers__unlabelled_features.sql": """
        select * from {{ ref('int_customers__pair_features') }}
        """,
    "models/int_customers__random_pair_features.sql": """
        select * from {{ ref('int_customers__pair_features') }} where label = 0
        """,
    "models/int_customers__parity_features.sql": """
        select features.* from {{ ref('int_customers__pair_features') }} as features
        semi join {{ ref('int_customers__parity') }} using (record_id_l, record_id_r)
        """,
    "models/int_customers__pair_scores.sql": "select * from {{ ref('int_customers__pair_scores_python') }}",
    "models/customers_metrics.sql": """
        select 'records' as metric, count(*)::double as value from {{ ref('int_customers__clusters') }}
        union all
        select 'entities', count(distinct cluster_key) from {{ ref('int_customers__clusters') }}
        union all
        select 'candidate_pairs', count(*) from {{ ref('int_customers__pair_features') }}
        union all
        select * from (values ('duplicates_merged', 1234.0), ('review_pairs', 7), ('truth_precision', 0.98765),
            ('truth_recall', 1.0)) as fixed
        """,
    "models/mini.yml": """
models:
  - name: int_customers__parity
    columns: [{name: record_id_l, data_tests: [not_null]}, {name: record_id_r, data_tests: [not_null]}]
""",
}


def write_mini_project(folder: Path, label_rows: pa.Table | None = None, **spec_changes: Any) -> Path:
    """Write the project into `folder`, with `label_rows` (default: those of `labelled_table`) and a changed spec."""
    pairs = labelled_table()
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "profiles.yml").write_text(
        f"mini: {{target: dev, outputs: {{dev: {{type: duckdb, path: '{folder / 'mini.duckdb'}', threads: 2}}}}}}"
    )
    spec = spec_json(**spec_changes).replace("'", "''")
    (folder / "models/int_customers__spec.sql").write_text(f"select 'customers' as entity, '{spec}' as spec")
    for model in (
        "score/int_customers__parity",
        "score/int_customers__pair_scores_python",
        "resolve/int_customers__clusters",
    ):
        shutil.copy(REPO / "models/customers" / f"{model}.py", folder / "models")
    (folder / "seeds").mkdir()
    pyarrow.csv.write_csv(pairs, folder / "seeds/pairs.csv")
    pyarrow.csv.write_csv(label_seed() if label_rows is None else label_rows, folder / "seeds/customers_labels.csv")
    return folder


def label_seed(rows: int = 200) -> pa.Table:
    """The example labels as a person would write them: record_id_l, record_id_r, label."""
    table = labelled_table().slice(0, rows)
    words = ["match" if label else "no_match" for label in table["label"].to_pylist()]
    return table.select(["record_id_l", "record_id_r"]).append_column("label", pa.array(words))
