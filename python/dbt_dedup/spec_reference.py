"""What the macro `spec_keys` says of the entity spec, for people and for editors.

`python -m dbt_dedup.spec_reference docs/spec.md` writes the tables of that page again.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dbt_dedup.warehouse import DbtProject

Keys = Mapping[str, Mapping[str, Mapping[str, Any]]]

NAME = "^[a-z][a-z0-9_]{0,62}$"
NUMBERS: dict[str, dict[str, Any]] = {
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "number": {"type": "number"},
    "whole number": {"type": "integer"},
}
TEXT = {"type": "string", "pattern": r"\S"}
# what a value of a kind is, in JSON schema; kinds that depend on the rule are in _schema_of_value
KINDS: dict[str, dict[str, Any]] = {
    "name": {"type": "string", "pattern": NAME},
    "type": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"},
    "table": TEXT,
    "table or source": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}]},
    "column": TEXT,
    "columns": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}]},
    "sources": {"type": "array", "items": {"type": ["string", "integer"]}, "uniqueItems": True},
    "folder": TEXT,
    "text": TEXT,
    "sql": TEXT,
    "boolean": {"type": "boolean"},
    "bound": {"type": ["number", "string"]},
    "direction": {"enum": [1, 0, -1]},
    "country": {
        "anyOf": [
            {"type": "string", "pattern": "^[A-Z]{2}$"},
            {"const": False},  # Norway: YAML reads NO as false
            {"type": "object", "properties": {"column": TEXT}, "required": ["column"], "additionalProperties": False},
        ]
    },
    "rules": {
        "type": "array",
        "minItems": 1,
        "items": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}, {"type": "object"}]},
    },
}
HEADINGS = {
    "## Keys of an entity": (("entity", "meaning and allowed values"), ("thresholds targets", "meaning")),
    "## Options of a field": (("field", "meaning and allowed values"),),
    "## Rules that rule a match out": (("never", "meaning"),),
    "## Features of your own": (("feature", "meaning"),),
}
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def read_spec_keys(project: DbtProject) -> tuple[dict[str, Any], list[str]]:
    """What the macro says of each key, by group, and the field types that the project knows.

    Raises:
        DedupError: the project does not compile, or lacks the package.
    """
    keys, types = json.loads(project.compiled("tojson([dbt_dedup.spec_keys(), dbt_dedup.field_types()])"))
    return keys, types


def project_schema(keys: Keys, types: list[str]) -> dict[str, Any]:
    """A JSON schema of `dbt_project.yml` that describes the variable `dedup_entities` and allows everything else."""
    entities = {
        "description": "The entity specs of dbt_dedup, by name.",
        "type": "object",
        "additionalProperties": _schema_of_group("entity", keys, types),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dbt_project.yml with dbt_dedup",
        "type": "object",
        "properties": {"vars": {"type": "object", "properties": {"dedup_entities": entities}}},
    }


def with_tables(page: str, keys: Keys) -> str:
    """The text of docs/spec.md with its tables of keys made from `keys`."""
    for heading, tables in HEADINGS.items():
        start = page.index(f"\n{heading}\n")
        for groups, meaning in tables:
            found = TABLE.search(page, start)
            assert found, heading
            table = _table(groups.split(), meaning, keys)
            page = page[: found.start()] + table + page[found.end() :]
            start = found.start() + len(table)
    return page


def _schema_of_group(group: str, keys: Keys, types: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key: {"description": _plain(rule["about"]), **_schema_of_value(rule, keys, types)}
            for key, rule in keys[group].items()
        },
        "required": [key for key, rule in keys[group].items() if rule.get("required")],
        "additionalProperties": False,
    }


def _schema_of_value(rule: Mapping[str, Any], keys: Keys, types: list[str]) -> dict[str, Any]:
    kind = rule["is"]
    schema: dict[str, Any]
    if kind == "choice":
        schema = {"enum": rule["of"]}
    elif kind == "type":
        schema = {"enum": types} if types else KINDS[kind]
    elif kind == "mapping":
        schema = _schema_of_group(rule["each"], keys, types)
    elif kind == "list":
        schema = {"type": "array", "items": _schema_of_group(rule["each"], keys, types)}
    elif kind == "fields":
        field = _schema_of_group("field", keys, types)
        schema = {"type": "object", "patternProperties": {NAME: field}, "additionalProperties": False}
    elif kind in NUMBERS:
        schema = NUMBERS[kind] | ({"minimum": rule["from"]} if "from" in rule else {})
    else:
        schema = KINDS[kind]
    if rule.get("auto"):
        schema = {"anyOf": [schema, {"const": "auto"}]}
    if not rule.get("required"):
        schema = {"anyOf": [schema, {"type": "null"}]}
        if rule.get("default") is not None:
            schema["default"] = rule["default"]
    return schema


def _table(groups: list[str], meaning: str, keys: Keys) -> str:
    rows = [f"| {'option' if groups == ['field'] else 'key'} | default | {meaning} |", "| --- | --- | --- |"]
    for group in groups:
        for key, rule in keys[group].items():
            name = f"{group}.{key}" if len(groups) > 1 else f"`{key}`"
            about = rule["about"].replace("|", r"\|")
            rows.append(f"| {name} | {_default(rule)} | {about} |")
    return "\n".join(rows) + "\n"


def _default(rule: Mapping[str, Any]) -> str:
    if rule.get("required"):
        return "required"
    default = rule.get("default")
    if otherwise := rule.get("otherwise"):
        return str(otherwise)
    return "none" if default is None else f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _plain(about: str) -> str:
    """A description without the links of Markdown."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", about)


if __name__ == "__main__":
    page_path = Path(sys.argv[1])
    page_text = page_path.read_text(encoding="utf-8")
    page_path.write_text(with_tables(page_text, read_spec_keys(DbtProject())[0]), encoding="utf-8", newline="\n")
