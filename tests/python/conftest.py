"""Fixtures that more than one test file needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests", "dedup_models")
DBT_VARIABLES = ("DBT_PROFILES_DIR", "DBT_PROJECT_DIR", "DBT_TARGET_PATH", "DBT_LOG_PATH", "DEDUP_DATABASE")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's shell leads a test to another project or database."""
    for variable in DBT_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


@pytest.fixture(scope="session")
def bench_data() -> Path:
    """Folder of the labelled data sets; without it the test is skipped."""
    folder = Path(os.environ.get("DEDUP_BENCH_DATA") or REPO.parent / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"no labelled data sets in {folder}: set DEDUP_BENCH_DATA to their folder")
    return folder


@pytest.fixture
def project_copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of this repository's dbt project to change and build, with `DbtProject(project_copy).run("build")`."""
    from dbt_dedup.warehouse import close_connections

    copy = tmp_path / "project"
    copy.mkdir()
    for name in PROJECT_FILES:
        if (REPO / name).is_dir():
            shutil.copytree(REPO / name, copy / name, ignore=shutil.ignore_patterns("python", "__pycache__"))
        elif (REPO / name).is_file():
            shutil.copy(REPO / name, copy / name)
    yield copy
    close_connections()
