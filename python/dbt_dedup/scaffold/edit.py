"""Add entries to the YAML files of a project without touching what people wrote: comments, order and layout stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import yaml

from dbt_dedup.files import line_end

_KEY = re.compile(r"^( *)(?:\"([^\"]+)\"|'([^']+)'|([^\s#:'\"\[\]{}-][^:#]*?))\s*:(?:\s+(.*))?$")


def with_entry(text: str, path: Sequence[str], block: str) -> str | None:
    """A YAML text with an entry below a path of keys, which are added where they are missing.

    Args:
        text: of the file; may be empty.
        path: keys from the top, such as `["vars", "dedup_entities"]`.
        block: the entry, as YAML at no indentation: one key with its value.

    Returns:
        The new text; None where the layout of the file leaves no safe place, as in a flow mapping. What the new text
        says is what the old one did and the entry, or None is returned. Its lines end as those of the old one.
    """
    lines = text.splitlines()
    start, end, indent = 0, len(lines), 0
    missing = list(path)
    for key in path:
        found = _child(lines, start, end, indent, key)
        if found is None:
            break
        place, rest = found
        if rest and not rest.startswith("#"):
            return None
        start, end = place + 1, _block_end(lines, place, end, indent)
        indent = _child_indent(lines, start, end) or indent + 2
        missing.pop(0)
    added = [f"{' ' * (indent + 2 * depth)}{key}:" for depth, key in enumerate(missing)]
    added += [" " * (indent + 2 * len(missing)) + line if line else "" for line in block.splitlines()]
    while end > start and not lines[end - 1].strip():
        end -= 1
    separated = [""] if not indent and lines[:end] else []
    new = "\n".join([*lines[:end], *separated, *added, *lines[end:]]) + "\n"
    expected = _expected(text, path, block)
    return _with_ends_of(text, new) if expected is not None and _says(new) == expected else None


def with_item(text: str, key: str, item: str) -> str | None:
    """A YAML text with one more item in the list below a key at the top, which is added where it is missing.

    Returns:
        The new text; None where the layout of the file leaves no safe place.
    """
    lines = text.splitlines()
    found = _child(lines, 0, len(lines), 0, key)
    if found is None:
        new = "\n".join([*lines, f"{key}:", f"  - {item}"]) + "\n"
    else:
        place, rest = found
        if rest and not rest.startswith("#"):
            return None
        end = _block_end(lines, place, len(lines), 0, items=True)
        while end > place + 1 and not lines[end - 1].strip():
            end -= 1
        first = next((line for line in lines[place + 1 : end] if line.lstrip().startswith("- ")), "  - ")
        indent = len(first) - len(first.lstrip())
        new = "\n".join([*lines[:end], f"{' ' * indent}- {item}", *lines[end:]]) + "\n"
    expected = _says(text) or {}
    expected[key] = [*(expected.get(key) or []), yaml.safe_load(item)]
    return _with_ends_of(text, new) if _says(new) == expected else None


def _with_ends_of(text: str, new: str) -> str:
    return new.replace("\n", line_end(text))


def _child(lines: Sequence[str], start: int, end: int, indent: int, key: str) -> tuple[int, str] | None:
    """Line and value of a key at an indentation."""
    for place in range(start, end):
        found = _KEY.match(lines[place])
        if found and len(found[1]) == indent and (found[2] or found[3] or found[4]) == key:
            return place, (found[5] or "").strip()
    return None


def _block_end(lines: Sequence[str], place: int, end: int, indent: int, *, items: bool = False) -> int:
    """The line after the block of the key at a line; the items of its list may stand at its own indentation."""
    for number in range(place + 1, end):
        line = lines[number]
        bare = line.lstrip()
        if not bare or bare.startswith("#"):
            continue
        if len(line) - len(bare) <= indent and not (items and bare.startswith("- ")):
            # comments above the next key belong to it
            while number > place + 1 and not lines[number - 1].startswith(" ") and lines[number - 1].startswith("#"):
                number -= 1
            return number
    return end


def _child_indent(lines: Sequence[str], start: int, end: int) -> int | None:
    for line in lines[start:end]:
        if line.strip() and not line.lstrip().startswith("#"):
            return len(line) - len(line.lstrip())
    return None


def _says(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _expected(text: str, path: Sequence[str], block: str) -> Any:
    """What a text says with the entry; None where something other than a mapping is in its way."""
    content = deepcopy(_says(text)) or {}
    place = content
    for key in path:
        if not isinstance(place, dict) or not isinstance(place.get(key) or {}, dict):
            return None
        place[key] = place.get(key) or {}
        place = place[key]
    place.update(_says(block))
    return content
