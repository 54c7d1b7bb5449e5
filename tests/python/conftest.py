"""Fixtures that more than one test file needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dbt_common.tests import enable_test_caching
from project import DBT_VARIABLES, REPO, Project, copy_reference_project

# dbt's own switch for tests: the many projects of a run parse the same text of a macro once
enable_test_caching()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of files that run dbt, so that `make test-fast` can leave them out."""
    for item in items:
        names = vars(item.module) if isinstance(item, pytest.Function) else {}
        if {"Project", "DbtProject", "MiniProject", "CliRunner"} & names.keys():
            item.add_marker("dbt")


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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo, built and tested once, from an empty folder `elsewhere` beside the project. Change only copies."""
    folder = tmp_path_factory.mktemp("demo")
    project = Project(copy_reference_project(folder / "project"))
    (folder / "elsewhere").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "elsewhere")
        project.dbt("build")
    return project


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The reference entity companies, built and tested once. Change only copies."""
    project = Project(copy_reference_project(tmp_path_factory.mktemp("companies"), entities=("companies",)))
    project.dbt("build")
    return project
