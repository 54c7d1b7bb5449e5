"""The YAML of an entity: that of the reference project, with the columns of the entity's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from dbt_dedup.reference import REFERENCE_ENTITY, reference_models

Columns = Mapping[str, Sequence[Mapping[str, Any]]]
REFERENCE_INPUT, REFERENCE_RECORD_ID = "ref('raw_customers')", "customer_id"
# These belong to the demo: rows of its data, and what reads its tables.
OF_THE_DEMO = ("_unit_tests.yml", "_exposures.yml")
WIDTH = 120


def entity_yaml(
    entity: str,
    declared: Mapping[str, Any],
    columns: Columns,
    reference_columns: Columns,
    reference: Path | None = None,
) -> dict[str, str]:
    """The YAML files of an entity, by path below the folder of its models.

    Args:
        entity: name of the entity.
        declared: its entry in `dedup_entities`; read: input and record_id.
        columns: what the macro `field_columns` says about the entity: the columns of its fields in each relation, and
            those of `incremental: true`.
        reference_columns: the same for the reference entity, to tell the columns of its fields from the others.
        reference: folder of the reference entity's models; None finds it.
    """
    reference = reference or reference_models()
    texts = {}
    for file in sorted(reference.rglob("*.yml")):
        if file.name in OF_THE_DEMO:
            continue
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        for model in document.get("models", ()):
            _replace_columns(model, columns, reference_columns, entity)
        texts[file.relative_to(reference).as_posix()] = _written(_renamed(document, entity, declared))
    return texts


def _replace_columns(model: dict[str, Any], columns: Columns, reference_columns: Columns, entity: str) -> None:
    """Put the columns of the entity's fields where the model has those of the reference entity's."""
    generated = {column["name"] for column in reference_columns.get(model["name"], ())}
    own_name = model["name"].replace(REFERENCE_ENTITY, entity)
    if not generated and not columns.get(own_name):
        return
    places = [place for place, column in enumerate(model["columns"]) if column["name"] in generated]
    place = places[0] if places else len(model["columns"])
    others = [column for column in model["columns"] if column["name"] not in generated]
    described = [_ordered(column) for column in columns[own_name]]
    model["columns"] = [*others[:place], *described, *others[place:]]


def _ordered(column: Mapping[str, Any]) -> dict[str, Any]:
    return {key: column[key] for key in ("name", "description", "data_type") if key in column}


def _renamed(value: Any, entity: str, declared: Mapping[str, Any]) -> Any:
    """The same value with the names of the entity, its input and its record id for those of the reference entity."""
    if isinstance(value, dict):
        return {key: _renamed(entry, entity, declared) for key, entry in value.items()}
    if isinstance(value, list):
        return [_renamed(entry, entity, declared) for entry in value]
    if not isinstance(value, str):
        return value
    if value == REFERENCE_INPUT:
        given = declared["input"]
        return f"ref('{given}')" if isinstance(given, str) else "source('{}', '{}')".format(*given)
    return declared["record_id"] if value == REFERENCE_RECORD_ID else value.replace(REFERENCE_ENTITY, entity)


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Lists indented below their key, Jinja in double quotes, long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists as a person does."""
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if "{{" in text else ">" if len(text) > WIDTH - 20 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _written(document: Any) -> str:
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=WIDTH, allow_unicode=True)
    return text.replace("\n  - name: ", "\n\n  - name: ").replace(":\n\n  - name: ", ":\n  - name: ")
