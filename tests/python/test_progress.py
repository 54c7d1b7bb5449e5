"""The line of a terminal that says what dbt is at."""

from __future__ import annotations

import io
import sys
import warnings
from pathlib import Path

import pytest
from project import write_yaml

from dbt_dedup.warehouse import DbtProject, close_connections


class Terminal(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for number in (1, 2):
        file = tmp_path / f"models/model_{number}.sql"
        file.parent.mkdir(exist_ok=True)
        file.write_text("select 1 as a\n")
    write_yaml(tmp_path / "dbt_project.yml", {"name": "small", "version": "1.0.0", "profile": "small"})
    outputs = {"dev": {"type": "duckdb", "path": str(tmp_path / "small.duckdb"), "threads": 1}}
    write_yaml(tmp_path / "profiles.yml", {"small": {"target": "dev", "outputs": outputs}})
    return tmp_path


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_sees_the_models_go_by_and_nothing_else_does(
    project: Path, monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    stream = Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    DbtProject(project, project).run("run")
    close_connections()
    clear = "\r\x1b[K"
    lines = f"{clear}  1/2 model_1{clear}  2/2 model_2{clear}"
    assert stream.getvalue() == (lines if is_terminal else "")


# dbt does not close the log file of the command before, whichever test ran that
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_dbt_prints_is_not_written_over(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal(True)
    monkeypatch.setattr(sys, "stderr", stream)
    DbtProject(project, project, verbose=True).run("run")
    DbtProject(project, project).run("parse")
    close_connections()
    assert stream.getvalue() == ""


def test_a_seed_without_a_column_that_may_be_missing_says_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels need no `sampling_weight`, whose type the seed declares."""
    (project / "seeds").mkdir()
    (project / "seeds/labels.csv").write_text("record_id_l,record_id_r\na,b\n")
    types = {"record_id_l": "varchar", "sampling_weight": "double"}
    write_yaml(
        project / "seeds/labels.yml",
        {"version": 2, "seeds": [{"name": "labels", "config": {"column_types": types}}]},
    )
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        DbtProject(project, project).run("seed")
    close_connections()
    assert not [warning for warning in given if "sampling_weight" in str(warning.message)]
    assert "sampling_weight" not in capsys.readouterr().err
