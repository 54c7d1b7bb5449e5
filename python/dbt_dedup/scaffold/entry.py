"""The entry of an entity in `dedup_entities`, as a person would write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


def entry_text(entity: str, declared: Mapping[str, Any], remarks: Mapping[str, str] | None = None) -> str:
    """The YAML of an entry: a line for each key, field and rule.

    Args:
        entity: name of the entity.
        declared: its entry.
        remarks: a comment for each field that has one, by name.
    """
    lines = [f"{entity}:"]
    for key, value in declared.items():
        if key == "fields":
            lines.append("  fields:")
            for name, options in value.items():
                remark = (remarks or {}).get(name)
                lines.append(f"    {name}: {flow(options)}" + (f"  # {remark}" if remark else ""))
        elif key == "blocking":
            lines += ["  blocking:", *(f"    - {flow(rule)}" for rule in value)]
        else:
            lines.append(f"  {key}: {flow(value)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10**9, sort_keys=False, allow_unicode=True)
    return str(text).removesuffix("\n").removesuffix("\n...")
