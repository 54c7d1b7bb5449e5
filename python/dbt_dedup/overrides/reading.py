"""Whether a value that a person pins is one that a build would use."""

from __future__ import annotations

import pyarrow as pa

from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse import DbtProject


def check_pinned(
    project: DbtProject, entity: str, record_id: str, field: str, value: str, *, force: bool = False
) -> list[str]:
    """Read a value as a build reads those of the input, and refuse one that it would leave out.

    Args:
        project: the dbt project, whose tables are built.
        entity: its name.
        record_id: the record whose entity gets the value.
        field: a field of the entity.
        value: the value.
        force: whether to say what is wrong instead of refusing it.

    Returns:
        What a person should know of the value; nothing where a build would use it without a remark.

    Raises:
        DedupError: the build would take the value for a placeholder, or cannot read it.
    """
    sql = project.compiled(f"dbt_dedup._pin_as_read('{entity}', '{field}')")
    with project.open() as warehouse:
        warehouse.cursor.register("dedup_pinned", pa.table({"record_id": [record_id], "value": [value]}))
        rows = warehouse.cursor.sql(sql).to_arrow_table().to_pylist()
    row = rows[0] if rows else {}  # the record left the input after the build
    if rows and row[field] is None:
        problem = row[f"{field}__problem"] or "nothing of it is left"
        said = f"{value!r} is no value of {field} that a build would use: {problem.replace('_', ' ')}."
        if not force:
            raise DedupError(f"{said} Correct it, or add --force if it is right as it is.")
        return [said]
    if remark := row.get(f"{field}__remark"):
        proposed = row.get(f"{field}__proposed")
        hint = f", and propose {proposed!r}" if proposed else ""
        return [f"Of {value!r} a build would remark: {remark.replace('_', ' ')}{hint}."]
    return []
