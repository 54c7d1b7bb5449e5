"""Parse the package with dbt v2 and build all of the demo but its Python models, on DuckDB 1.5.

Run it with `make test-dbt2`. dbt v2 is a binary that opens DuckDB's shared library through a driver file. Both come
from packages whose versions and digests are pinned, into `.venv-dbt2`. dbt v2 has no Python models on DuckDB, so dbt
1.x builds them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from outcome import REPO, forget, record

sys.path.insert(0, str(REPO / "tests" / "python"))
from project import DBT_VARIABLES, copy_reference_project
from test_recipes import write_garage

CHECK = "dbt2"
ENVIRONMENT = REPO / ".venv-dbt2"
REQUIREMENTS = REPO / "tests/engines/dbt2.txt"
DUCKDB = "1.5.6"
DUCKDB_PACKAGE = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
DUCKDB_SHA512 = "IXcrZJE6kEqM0Z4wwdVnGBHX/frOS33VPNAwDXQ/Q+Fs84b058Qe94chrCCIcNJlG8Y3UHIUU4eBeCQxW5mN1Q=="
DRIVER = """
manifest_version = 1
[Driver]
entrypoint = "duckdb_adbc_init"
[Driver.shared]
linux_amd64 = "{library}"
"""
PYTHON_MODELS = "file:*.py"


class Failed(Exception):
    """A step failed; the message says which, and what it printed."""


def main() -> None:
    """Install, check and say how many nodes passed."""
    forget(CHECK)
    if reason := reason_to_skip():
        record(CHECK, f"NOT CHECKED, {reason}.")
        return
    try:
        install()
        with tempfile.TemporaryDirectory() as scratch:
            outcome = check(Path(scratch))
    except Failed as failure:
        sys.exit(f"{failure}\n{CHECK}: FAILED")
    record(CHECK, outcome)


def reason_to_skip() -> str | None:
    """Why the check cannot be made on this machine."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return "the pinned packages are for Linux on x86-64"
    if not shutil.which("npm"):
        return "npm is missing, which brings the shared library of DuckDB"
    return None


# Install


def install() -> None:
    """Make `.venv-dbt2`, unless it is there as this file and the requirements want it."""
    stamp = ENVIRONMENT / "installed"
    wanted = hashlib.sha256(Path(__file__).read_bytes() + REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("installing dbt v2 and DuckDB")
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip: list[str | Path] = [ENVIRONMENT / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "install", "--only-binary", ":all:", "--require-hashes", "--requirement", REQUIREMENTS])
    driver = ENVIRONMENT / "config/adbc/drivers/duckdb.toml"
    driver.parent.mkdir(parents=True)
    driver.write_text(DRIVER.format(library=duckdb_library()))
    stamp.write_text(wanted)


def duckdb_library() -> Path:
    """The shared library of DuckDB, from the npm package that carries it."""
    library = ENVIRONMENT / "duckdb/libduckdb.so"
    library.parent.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        run(["npm", "pack", "--silent", "--pack-destination", scratch, DUCKDB_PACKAGE])
        (package,) = Path(scratch).iterdir()
        digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if digest != DUCKDB_SHA512:
            raise Failed(f"{DUCKDB_PACKAGE} has the sha512 {digest}, not {DUCKDB_SHA512}")
        with tarfile.open(package) as files:
            member = files.extractfile(f"package/{library.name}")
            assert member
            library.write_bytes(member.read())
    return library


# Check


def check(scratch: Path) -> str:
    """Parse and build projects in a scratch folder, and return what passed."""
    garage = DbtV2(scratch / "garage")
    write_garage(garage.folder)
    garage.run("deps")
    installed = garage.build()
    say(f"in a project that installs the package and adds a field type, {installed} nodes passed")

    entities = yaml.safe_load((REPO / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["dedup_entities"]
    demo = DbtV2(copy_reference_project(scratch / "demo", entities))
    demo.run("parse")
    # dbt v2 runs the unit test of an incremental model only where its table exists
    without_python = demo.build("--exclude", f"{PYTHON_MODELS}+", "--exclude-resource-type", "unit_test")
    say(f"in the demo, without Python models, all that needs them and unit tests, {without_python} nodes passed")

    build_python_models(demo.folder)
    demo.build("--exclude", PYTHON_MODELS)
    demo.run("test", "--select", PYTHON_MODELS)
    left_out = demo.wanted() - demo.passed
    if left_out:
        raise Failed(f"dbt v2 built no {', '.join(sorted(left_out))}")
    return (
        f"dbt-core {demo.version} with DuckDB {DUCKDB} parsed the demo and built {len(demo.passed)} of"
        f" {len(demo.wanted())} nodes; dbt-core {version('dbt-core')} built the Python models."
    )


def build_python_models(folder: Path) -> None:
    """Build the Python models and what they read with dbt 1.x, and set `scoring: sql`."""
    file = folder / "dbt_project.yml"
    project = yaml.safe_load(file.read_text(encoding="utf-8"))
    entities = project["vars"]["dedup_entities"]
    for entity in entities.values():
        entity["scoring"] = "sql"
    file.write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
    commands = Path(sys.executable).parent
    for entity in entities:
        run([commands / "dbt-dedup", "compile", entity], folder)
    run([commands / "dbt", "run", "--select", f"+{PYTHON_MODELS}"], folder)


class DbtV2:
    """A dbt project that dbt v2 builds; `passed` holds the unique ids of the nodes that have passed so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passed: set[str] = set()

    def run(self, *arguments: str) -> None:
        """Run a command of dbt v2 and note which nodes passed."""
        results = self.folder / "target/run_results.json"
        results.unlink(missing_ok=True)
        more = {"XDG_CONFIG_HOME": str(ENVIRONMENT / "config"), "DO_NOT_TRACK": "1"}
        run([ENVIRONMENT / "bin/dbt", *arguments], self.folder, more)
        if results.is_file():
            nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
            self.passed |= {node["unique_id"] for node in nodes if node["status"] in ("success", "pass")}

    def build(self, *selection: str) -> int:
        """Build nodes and return how many have passed."""
        self.run("build", *selection)
        return len(self.passed)

    @property
    def version(self) -> str:
        """The version of dbt v2."""
        return str(self._manifest()["metadata"]["dbt_version"])

    def wanted(self) -> set[str]:
        """The unique ids of all nodes that dbt v2 can build."""
        manifest = self._manifest()
        nodes = {name for name, node in manifest["nodes"].items() if node.get("language") != "python"}
        return nodes | set(manifest["unit_tests"])

    def _manifest(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "target/manifest.json").read_text(encoding="utf-8")))


def run(command: list[str | Path], folder: Path = REPO, more: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed, in silence."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in DBT_VARIABLES},
        "DBT_PROFILES_DIR": str(folder),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **(more or {}),
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if "<unknown>" not in line]  # frames of dbt v2's own stack
        raise Failed("\n".join([*lines[-80:], f"exit code {done.returncode}: {' '.join(map(str, command))}"]))


def say(message: str) -> None:
    print(f"{CHECK}: {message}", flush=True)


if __name__ == "__main__":
    main()
