"""What `dbt-dedup publish` does: test the tables of the last build, and publish them."""

from __future__ import annotations

from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.publish.files import PublishedTable, write_published
from dbt_dedup.publish.model import check_target, serving_folder
from dbt_dedup.warehouse import DbtProject

# What readers get, by the ending of its name: the tables that the model `<entity>_published` hands over.
PUBLISHED = (
    "",
    "_crosswalk",
    "_entity_history",
    "_entity_ids",
    "_matches",
    "_metrics",
    "_provenance",
    "_review_queue",
)


def publish_built(project: DbtProject, entity: str, folder: Path | None = None) -> tuple[Path, list[PublishedTable]]:
    """Publish the tables that the last build made, if their tests pass now.

    Args:
        project: the dbt project.
        entity: the entity.
        folder: where to publish; None takes the folder that the spec names.

    Returns:
        The folder, and what was published.

    Raises:
        DedupError: no folder, one that belongs to the project, tables that are not built, or a test that fails.
    """
    if folder is not None:
        check_target(folder, entity, project.directory)  # before dbt writes anything to read the spec
    spec = project.entity_spec(entity)
    if folder is None and not spec.publish:
        raise DedupError(
            f"Entity {entity!r} has no folder to publish to: set `publish: published` in its spec, or give --output."
        )
    if folder is None:
        folder = serving_folder(spec, project.directory)
        check_target(folder, entity, project.directory)
    tables = [f"{entity}{ending}" for ending in PUBLISHED]
    project.run("test", "--select", f"+{entity}_published")
    with project.open() as warehouse:
        return folder, write_published(folder, entity, {name: warehouse.read(name) for name in tables})
