"""No command writes what it is asked to write somewhere into the folders of a dbt project."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from project import write_yaml

from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.warehouse.places import GENERATED, READ, WRITTEN, check_place

DECLARED = {
    "name": "shop",
    "model-paths": ["transform", "more/models"],
    "target-path": "made",
    "log-path": "{{ env_var('LOGS', 'logs') }}",
    "function-paths": ["", 5],
    "vars": {
        "dbt_dedup": {"dedup_entities": {"firms": {"models_dir": "firm_models"}}},
        "start": "2026-01-01",
        "dedup_entities": {"people": {"models_dir": "trained"}, "odd": None},
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    write_yaml(folder / "dbt_project.yml", DECLARED)
    return folder


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("transform", "model-paths"),
        ("transform/people/out", "model-paths"),
        ("more/models", "model-paths"),
        ("out/../seeds", "seed-paths"),
        ("made/out", "target-path"),
        ("trained", "models_dir"),
        ("firm_models/x", "models_dir"),
        ("dedup_models", "models_dir"),
        *((default, key) for key, default in {**READ, **WRITTEN}.items() if key not in DECLARED),
    ],
)
@pytest.mark.parametrize("is_about_project", [True, False])
def test_a_folder_of_a_project_is_refused_and_named(project: Path, path: str, key: str, is_about_project: bool) -> None:
    """Whether it is there or not, and whether the command is about this project or about none."""
    with pytest.raises(DedupError) as error:
        check_place(project / path, project if is_about_project else None, "Publish elsewhere.")
    assert str(error.value).startswith(f"{project / path} is in {project}")
    assert str(error.value).endswith(
        f"`{key}` of the dbt project in {project}, so nothing is written there. Publish elsewhere."
    )
    check_place(project / path, project, "", (key,))


@pytest.mark.parametrize("path", [".", "out/..", "../shop"])
def test_the_folder_of_a_project_is_refused(project: Path, path: str) -> None:
    with pytest.raises(DedupError, match="is the folder of the dbt project itself"):
        check_place(project / path, None, "")
    check_place(project / path, project, "", (".",))


@pytest.mark.parametrize(
    "path", ["published", "models", "target/x", "transformed", "docs/out", "more", "../elsewhere", "seeds/../out"]
)
def test_other_folders_are_free(project: Path, path: str) -> None:
    check_place(project / path, project, "")


def test_a_link_leads_where_it_leads(project: Path, tmp_path: Path) -> None:
    (project / "seeds").mkdir()
    (tmp_path / "link").symlink_to(project / "seeds")
    with pytest.raises(DedupError, match="seed-paths"):
        check_place(tmp_path / "link" / "out", None, "")
    (tmp_path / "elsewhere").mkdir()
    (project / "published").symlink_to(tmp_path / "elsewhere")
    check_place(project / "published", project, "")
    (project / "dbt_packages").mkdir()
    (project / "dbt_packages/local").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DedupError, match="packages-install-path"):
        check_place(project / "dbt_packages/local/out", project, "")


@pytest.mark.parametrize(
    "text", ["", "- a list", "a: [", "\x00", "vars: 1", "vars: {dedup_entities: 1}", "seed-paths: 1"]
)
def test_a_project_file_that_says_nothing_has_the_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / "dbt_project.yml").write_text(text)
    with pytest.raises(DedupError, match="model-paths"):
        check_place(tmp_path / "models", None, "")


def test_a_package_of_a_project_belongs_to_it(project: Path) -> None:
    write_yaml(project / "dbt_packages/other/dbt_project.yml", {"name": "other"})
    with pytest.raises(DedupError, match="packages-install-path"):
        check_place(project / "dbt_packages/other/out", project, "")


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (("report", "people", "--output"), "macros/page.html"),
        (("why", "people", "a", "b", "--picture"), "transform/why.svg"),
        (("suggest-blocking", "people", "--picture"), "tests/rules.svg"),
        (("synthesize", "--records", "5", "--output"), "transform"),
        (("synthesize", "--records", "5", "--output"), "snapshots/new"),
        (("init", "people", "--input", "people.csv", "--project-dir"), "seeds/new"),
    ],
)
def test_no_command_writes_there(
    project: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], written: str
) -> None:
    for folder in ("macros", "transform", "tests"):
        (project / folder).mkdir()
    before = sorted(project.rglob("*"))
    monkeypatch.chdir(project)
    done = CliRunner().invoke(main, [*command, written])
    assert done.exit_code == 1, done.output
    assert "of the dbt project in" in done.output
    assert ". Name " in done.output
    assert sorted(project.rglob("*")) == before


def test_what_may_be_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up data are seeds, and a report is written to dbt's target folder without being asked."""
    monkeypatch.chdir(project)
    done = CliRunner().invoke(main, ["synthesize", "--records", "5", "--jobs", "1", "--output", "seeds"])
    assert done.exit_code == 0, done.output
    check_place(project / "made/report.html", project, "", GENERATED)


@pytest.mark.parametrize("name", ["", " "])
@pytest.mark.parametrize(
    "command",
    [
        ("publish", "people", "--output"),
        ("report", "people", "--output"),
        ("why", "people", "a", "--picture"),
        ("suggest-blocking", "people", "--picture"),
        ("synthesize", "--output"),
        ("init", "people", "--database"),
        ("init", "people", "--project-dir"),
    ],
)
def test_an_empty_name_is_not_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*command, name])
    assert done.exit_code == 2, done.output
    assert f"Invalid value for '{command[-1]}': the name is empty. Give a name" in done.output
    assert list(tmp_path.iterdir()) == []
