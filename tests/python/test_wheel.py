"""The wheel, built and installed into an environment of its own: all that a user without a checkout has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import duckdb
import pytest
import yaml
from project import REPO
from small_shop import people, write_rows

pytestmark = pytest.mark.dbt


class Environment:
    """A virtual environment with the wheel; all other packages are those of the environment that runs the tests."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        call(sys.executable, "-m", "venv", "--without-pip", folder)
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        packages = Path(call(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        # a path in a .pth file is searched last, and the .pth files in it, such as of an editable install, are not read
        (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        pip = (sys.executable, "-m", "pip", "--python", self.python)
        call(*pip, "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", wheel)
        self.package = packages / "dbt_dedup"

    def run(self, project: Path, module: str, *arguments: str) -> str:
        """Run a command of the environment in a project."""
        return call(self.python, "-m", module, *arguments, cwd=project)


def call(*command: object, cwd: Path | None = None) -> str:
    """What a command prints, which has to succeed, with nothing of the developer's shell that leads it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBT_", "DEDUP_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_COLOR": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    call(sys.executable, "-m", "pip", "wheel", "--quiet", *offline, "--wheel-dir", folder, REPO)
    (file,) = folder.glob("dbt_dedup-*.whl")
    return file


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment") / "venv", wheel)


def test_the_wheel_has_both_halves_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True, encoding="utf-8"
    ).stdout.split("\0")
    shipped = ("macros/", "models/customers/", "seeds/reference/", "tests/generic/")
    halves = {
        *(name.removeprefix("python/") for name in tracked if name.startswith("python/dbt_dedup/")),
        *(f"dbt_dedup/dbt_package/{name}" for name in tracked if name == "dbt_project.yml" or name.startswith(shipped)),
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == halves


def test_a_table_becomes_an_entity_without_a_checkout(environment: Environment, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    (project / "dbt_project.yml").write_text("name: shop\nversion: 1.0.0\nprofile: shop\n", encoding="utf-8")
    output = {"type": "duckdb", "path": str(project / "shop.duckdb"), "threads": 2}
    (project / "profiles.yml").write_text(
        yaml.safe_dump({"shop": {"target": "dev", "outputs": {"dev": output}}}), encoding="utf-8"
    )
    rows = people(60)
    write_rows(project, rows, "people")
    environment.run(project, "dbt_dedup.cli", "init", "people", "--input", "people.csv")
    (package,) = yaml.safe_load((project / "packages.yml").read_text(encoding="utf-8"))["packages"]
    assert Path(project, package["local"]).resolve() == (environment.package / "dbt_package").resolve()
    environment.run(project, "dbt.cli.main", "build")
    found = statuses(project)
    assert set(found.values()) <= {"success", "pass", "no-op", "warn"}, found
    assert {"people", "people_published"} <= found.keys()
    assert sum(status == "pass" for status in found.values()) > 150
    with duckdb.connect(str(project / "published/people.duckdb"), read_only=True) as published:
        ((entities, merged),) = published.sql("select count(*), sum(record_count) from people").fetchall()
    assert entities < merged == len(rows)
    for name in ("packages.yml", "dbt_project.yml", "profiles.yml", "target/manifest.json"):
        assert str(REPO) not in (project / name).read_text(encoding="utf-8"), name


def statuses(project: Path) -> dict[str, str]:
    """Status of each node of the last build, by its name."""
    results = json.loads((project / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".")[2]: result["status"] for result in results}
