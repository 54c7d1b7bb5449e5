"""The model `int_<entity>__production`: the version in production in the text of a dbt model, where dbt sees it change.

dbt finds what a change affects (`--select state:modified+`) by the text of models. The pointer to the version in
production is no model, so a promotion writes the version into this one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from dbt_dedup.files import read_bytes, write_file
from dbt_dedup.registry.artefact import VERSION


def production_model_file(entity: str) -> str:
    """Name of the file."""
    return f"int_{entity}__production.sql"


def production_model(entity: str, version: str | None) -> str:
    """Text of the model; None where no version is in production."""
    return f"{{{{ dbt_dedup.production('{entity}', '{version or ''}') }}}}\n"


def is_production_model(entity: str, text: str) -> bool:
    """Whether a text is that of the model, with whatever version."""
    written = re.escape(production_model(entity, None).strip()).replace("''", f"'(?:{VERSION.pattern})?'")
    return re.fullmatch(written, text.strip()) is not None


def write_production_model(entity: str, version: str | None, model_directories: Iterable[Path]) -> None:
    """Write the version into the model, where the project has it.

    Raises:
        DedupError: the file cannot be written.
    """
    name, text = production_model_file(entity), production_model(entity, version)
    for path in (path for folder in model_directories for path in folder.rglob(name)):
        if read_bytes(path).decode(errors="replace").strip() != text.strip():
            write_file(path, text)
