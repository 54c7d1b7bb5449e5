"""Parse the demo with the v2 engine of dbt, and build all of it that v2 can build.

    python tests/engines/dbt_v2.py

dbt v2 has no Python models on DuckDB. So dbt 1.x builds the demo first, and v2 then builds everything but the Python
models and the unit tests on the same database. The engine comes from PyPI into .venv-dbt2, DuckDB's library from npm;
both are pinned by digest. Where npm or the platform is missing, the last line says that nothing was checked.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

ENGINES = Path(__file__).parent
REPOSITORY = ENGINES.parents[1]
ENVIRONMENT = REPOSITORY / ".venv-dbt2"
LIBRARY = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
INTEGRITY = "IXcrZJE6kEqM0Z4wwdVnGBHX/frOS33VPNAwDXQ/Q+Fs84b058Qe94chrCCIcNJlG8Y3UHIUU4eBeCQxW5mN1Q=="
DRIVER = """\
manifest_version = 1

[Driver]
entrypoint = "duckdb_adbc_init"

[Driver.shared]
linux_amd64 = "{library}"
"""
PYTHON_MODELS = tuple(f"{path.stem}" for path in sorted((REPOSITORY / "models").rglob("*.py")))
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def main() -> None:
    """Set the engine up, build the demo with dbt 1.x and then with v2, and say how many nodes passed."""
    reason = missing()
    if reason:
        print(f"dbt v2: NOT CHECKED, {reason}")
        return
    install()
    with tempfile.TemporaryDirectory(prefix="dbt_dedup_v2_") as scratch:
        project = copy_project(Path(scratch) / "project")
        run(Path(sys.executable).parent / "dbt", "build", "--quiet", *NO_TESTS, folder=project)
        parsed = run(ENVIRONMENT / "bin" / "dbt", "parse", folder=project)
        if "error" in summary(parsed):
            sys.exit(f"dbt v2 cannot parse the demo:\n{parsed}")
        built = run(
            ENVIRONMENT / "bin" / "dbt",
            *("build", "--exclude-resource-type", "unit_test", "--exclude", *PYTHON_MODELS),
            folder=project,
        )
    passed = re.search(r"Summary: (\d+) total \| (\d+) success", built)
    if not passed or passed[1] != passed[2]:
        sys.exit(f"dbt v2: not every node passed\n{built}")
    print(f"dbt v2: {passed[2]} of {passed[1]} nodes passed, without {len(PYTHON_MODELS)} Python models and unit tests")


def missing() -> str:
    """What this machine lacks for the check; empty where it lacks nothing."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return f"the libraries are for Linux on x86_64, this is {platform.system()} on {platform.machine()}"
    return "" if shutil.which("npm") else "npm is not installed, which DuckDB's library comes from"


def install() -> None:
    """Put the engine and DuckDB's library into an environment of their own, once per version."""
    wanted = (ENGINES / "dbt_v2.txt").read_text() + LIBRARY
    installed = ENVIRONMENT / "installed.txt"
    if installed.is_file() and installed.read_text() == wanted:
        return
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", ENGINES / "dbt_v2.txt"]
    subprocess.run([*pip, *options], check=True)
    subprocess.run(["npm", "pack", "--silent", LIBRARY], cwd=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    (archive,) = ENVIRONMENT.glob("*.tgz")
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != INTEGRITY:
        sys.exit(f"{archive.name} is not the file that was pinned")
    with tarfile.open(archive) as files:
        content = files.extractfile("package/libduckdb.so")
        assert content is not None
        (ENVIRONMENT / "libduckdb.so").write_bytes(content.read())
    archive.unlink()
    driver = ENVIRONMENT / "config" / "adbc" / "drivers" / "duckdb.toml"
    driver.parent.mkdir(parents=True)
    driver.write_text(DRIVER.format(library=ENVIRONMENT / "libduckdb.so"))
    installed.write_text(wanted)


def copy_project(folder: Path) -> Path:
    """The demo's files in a folder of their own."""
    folder.mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPOSITORY / name, folder / name)
    for name in ("macros", "models", "seeds", "dedup_models"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copytree(REPOSITORY / "tests" / "generic", folder / "tests" / "generic")
    return folder


def run(*command: str | Path, folder: Path) -> str:
    """Run dbt in the project and return what it prints; stop where it fails."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DBT_", "DEDUP_"))},
        "XDG_CONFIG_HOME": str(ENVIRONMENT / "config"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(
        [*command, "--profiles-dir", "."], cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} {command[1]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def summary(printed: str) -> str:
    """What dbt prints below its last headline."""
    return printed.rpartition("Execution Summary")[2]


if __name__ == "__main__":
    main()
