"""The versions that docs/engines.md names are those that are locked."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from project import REPO

TABLE_ROW = re.compile(r"^\| (3\.\d+) \| (.+) \|$", re.MULTILINE)
PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "scikit-learn")


def locked(package: str, python: str) -> str:
    """The version of a package that the lock gives a Python."""
    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    requirements = [Requirement(line) for line in re.findall(rf"^{package}==.*(?= \\$)", lock, re.MULTILINE)]
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    (version,) = [r.specifier for r in requirements if not r.marker or r.marker.evaluate(environment)]
    return str(version).removeprefix("==")


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_the_table_of_versions_says_what_is_locked(python: str) -> None:
    rows = dict(TABLE_ROW.findall((REPO / "docs/engines.md").read_text(encoding="utf-8")))
    assert rows[python].split(" | ") == [locked(package, python) for package in PACKAGES]
