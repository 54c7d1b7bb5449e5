"""What a profile sets for its connections does not change a result."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from project import Project
from small_things import BUILT, build_things


def test_the_order_that_a_profile_prefers_changes_nothing(tmp_path: Path) -> None:
    project = build_things(tmp_path)
    project.dbt("build", *BUILT)
    tables = [name for (name,) in project.rows("select table_name from information_schema.tables")]
    assert len(tables) > 15
    usual = {name: content(project, name) for name in tables}

    profile = yaml.safe_load((tmp_path / "profiles.yml").read_text())
    profile["shop"]["outputs"]["dev"]["settings"] = {"default_order": "desc", "default_null_order": "nulls_first"}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profile))
    project.database.unlink()
    other = Project(tmp_path)
    other.dbt("build", *BUILT)
    for name, rows in usual.items():
        assert content(other, name) == rows, name


def content(project: Project, table: str) -> list[str]:
    """The rows of a table as text, without when they were built and by which run."""
    rows = map(str, project.rows(f"select * from {table}"))
    return sorted(
        re.sub(r"datetime\.datetime\([^)]*\)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", row) for row in rows
    )
