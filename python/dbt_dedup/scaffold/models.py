"""Write the models of an entity: those of the reference project, under the name of the entity."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import write_file
from dbt_dedup.reference import reference_models
from dbt_dedup.registry.production_model import production_model, production_model_file

MODEL_FILES = (".sql", ".py")


def write_models(
    entity: str,
    folder: Path,
    reference: Path | None = None,
    *,
    rooms: Collection[str] | None = None,
    suffixes: Collection[str] = MODEL_FILES,
) -> list[Path]:
    """Write the models of an entity into a folder, one subfolder a room, and return the paths.

    Args:
        entity: name of the entity, which replaces that of the reference entity in names and texts.
        folder: where to write; it and its subfolders are made where they are missing.
        reference: folder of the reference entity's models, whose name is that of the entity; None finds it.
        rooms: names of the subfolders to write; None writes all.
        suffixes: kinds of files to write.

    Raises:
        DedupError: a file exists already, or the reference models cannot be found.
    """
    texts = model_texts(entity, reference, rooms=rooms, suffixes=suffixes)
    existing = [str(folder / name) for name in texts if (folder / name).exists()]
    if existing:
        raise DedupError(f"{existing[0]} exists already and is not overwritten: move it or remove it.")
    for name, text in texts.items():
        write_file(folder / name, text)
    return [folder / name for name in texts]


def model_texts(
    entity: str,
    reference: Path | None = None,
    *,
    rooms: Collection[str] | None = None,
    suffixes: Collection[str] = MODEL_FILES,
) -> dict[str, str]:
    """The text of each model of an entity, by path below the folder of its models; as `write_models`."""
    return dict(_renamed(entity, reference or reference_models(), rooms, suffixes))


def _renamed(
    entity: str, reference: Path, rooms: Collection[str] | None, suffixes: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Path below the folder and text of each file of the reference models, under the name of the entity."""
    for file in sorted(reference.rglob("*")):
        name = file.relative_to(reference)
        if file.is_file() and file.suffix in suffixes and (rooms is None or name.parts[0] in rooms):
            text = file.read_bytes().decode("utf-8")
            if file.name == production_model_file(reference.name):  # names the version of the reference entity
                text = production_model(reference.name, None)
            yield name.as_posix().replace(reference.name, entity), text.replace(reference.name, entity)
