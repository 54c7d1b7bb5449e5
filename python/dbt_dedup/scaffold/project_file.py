"""What the `dbt_project.yml` of a folder says, as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dbt_dedup.errors import DedupError

PROJECT_FILE = "dbt_project.yml"
PACKAGE = "dbt_dedup"


@dataclass(frozen=True)
class ProjectFile:
    """The file of a project, or of a folder that is none yet.

    Attributes:
        directory: of the project.
        content: of the file; None where it is missing.
    """

    directory: Path
    content: Mapping[str, Any] | None

    @classmethod
    def read(cls, directory: Path) -> ProjectFile:
        """Read the file of a folder.

        Raises:
            DedupError: it is no YAML mapping.
        """
        file = directory / PROJECT_FILE
        if not file.is_file():
            return cls(directory, None)
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise DedupError(f"{file} cannot be read: {error}") from error
        if not isinstance(content, dict):
            raise DedupError(f"{file} is no YAML mapping.")
        return cls(directory, content)

    @property
    def is_missing(self) -> bool:
        """Whether the folder is no project yet."""
        return self.content is None

    @property
    def name(self) -> str | None:
        """Name of the project."""
        return (self.content or {}).get("name")

    @property
    def models(self) -> str:
        """The first folder of models, below that of the project."""
        return self._first("model-paths", "models")

    @property
    def seeds(self) -> str:
        """The first folder of seeds, below that of the project."""
        return self._first("seed-paths", "seeds")

    def model_folder(self, entity: str) -> str:
        """The folder of an entity's models, below that of the project; no model has its name."""
        return f"{self.models}/dedup_{entity}"

    def declared(self, entity: str) -> dict[str, Any]:
        """The entry of an entity in `dedup_entities`; empty if there is none."""
        entities = ((self.content or {}).get("vars") or {}).get("dedup_entities") or {}
        found = entities.get(entity) if isinstance(entities, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def has_package(self) -> bool:
        """Whether the dbt package is installed in the project, or is it; False where only dbt knows the folder."""
        packages = str((self.content or {}).get("packages-install-path") or "dbt_packages")
        return self.name == PACKAGE or (self.directory / packages / PACKAGE / PROJECT_FILE).is_file()

    def _first(self, key: str, default: str) -> str:
        first = str(((self.content or {}).get(key) or [default])[0])
        return default if "{{" in first else first
