"""Two whole commands at once, each a process of its own, on one project: nothing is lost or half-written."""

from __future__ import annotations

import contextlib
import csv
import itertools
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from project import REPO, Project
from small_shop import write_shop

from dbt_dedup.registry.production import load_production
from dbt_dedup.warehouse import DbtProject, close_connections

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a terminal of one's own needs a pty")
COMMAND = (sys.executable, "-m", "dbt_dedup.cli")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose labels are a seed."""
    folder = write_shop(tmp_path_factory.mktemp("at_once"))
    (folder / "models/people_labels.sql").unlink()
    lines = (folder / "people_labels.csv").read_text().splitlines()
    (folder / "seeds/people_labels.csv").write_text(
        "\n".join([f"{lines[0]},labelled_by", *(f"{line},eve" for line in lines[1:])]) + "\n"
    )
    return folder


def test_two_trainings_and_then_two_sessions(shop: Path) -> None:
    trained = run_at_once(shop, *[("train", "people", "--promote")] * 2)
    assert any(code == 0 for code, _ in trained), trained
    for code, output in trained:
        assert "Traceback" not in output
        assert code == 0 or "Conflicting lock" in output or "another process" in output, output
    project = DbtProject(shop, shop)
    assert load_production(project.entity_spec("people"), shop).classifier is not None
    close_connections()
    folder = shop / "dedup_models/people"
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".") and path.name != ".gitignore"]

    Project(shop).dbt("build", "--exclude-resource-type", "test")
    before = labels(shop)
    sessions = run_at_once(shop, *[("label", "people", "--count", "25", "--as", name) for name in ("ann", "bob")])
    saved = 0
    for code, output in sessions:
        assert "Traceback" not in output
        assert code == 0 or "Conflicting lock" in output or "another process" in output, output
        saved += sum(int(number) for number in re.findall(r"(\d+) answers? saved", output))
    assert saved >= 25, sessions
    after = labels(shop)
    assert after[: len(before)] == before
    assert len(after) == len(before) + saved
    assert {row["labelled_by"] for row in after[len(before) :]} <= {"ann", "bob"}


def run_at_once(folder: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Exit code and output of commands that run at the same time, each in a terminal in which somebody presses keys."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda command: run_in_terminal(folder, *command), commands))


def run_in_terminal(folder: Path, *arguments: str) -> tuple[int, str]:
    import pty
    import tty

    ours, its = pty.openpty()
    tty.setraw(its)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*COMMAND, *arguments, "--project-dir", str(folder), "--profiles-dir", str(folder)],
            stdin=its,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(REPO / "python")},
            cwd=folder,
        )
        try:
            # keys pressed before a question do not count
            for key in itertools.cycle("mnu"):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.05)
                    break
                os.write(ours, key.encode())
        finally:
            process.kill()
            os.close(its)
            os.close(ours)
        output.seek(0)
        return process.wait(), output.read().decode()


def labels(folder: Path) -> list[dict[str, str]]:
    with (folder / "seeds/people_labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
