"""Run the tests named as arguments on Python 3.10, whose locked DuckDB is 1.5; say so where there is no Python 3.10.

Run it with `make test-python310`. PYTHON310 names the interpreter; without it, one on the path or of pyenv is taken.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from outcome import REPO, forget, record

CHECK = "python310"
ENVIRONMENT = ".venv-python310"
VERSIONS = "import duckdb, platform; print(f'Python {platform.python_version()} with DuckDB {duckdb.__version__}')"


def main(tests: list[str]) -> None:
    """Make the environment and run the tests in it."""
    forget(CHECK)
    python = find_python()
    if not python:
        record(CHECK, "NOT CHECKED, there is no Python 3.10 here. To check, set PYTHON310 to the path of one.")
        return
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    command = ["make", f"VENV={ENVIRONMENT}", f"PYTHON={python}", f"TESTS={' '.join(tests)}", "test"]
    tested = subprocess.run(command, cwd=REPO, env=environment, check=False)
    if tested.returncode:
        sys.exit(f"{CHECK}: FAILED")
    files = ", ".join(test.split("/")[-1] for test in tests)
    record(CHECK, f"{output(REPO / ENVIRONMENT / 'bin/python', VERSIONS)} passed {files}.")


def find_python() -> str | None:
    """The first candidate that runs and is Python 3.10."""
    version = "import sys; print(*sys.version_info[:2])"
    return next((python for python in candidates() if output(python, version) == "3 10"), None)


def candidates() -> Iterator[str]:
    """Interpreters that may be there, the chosen one first."""
    if "PYTHON310" in os.environ:
        yield os.environ["PYTHON310"]
        return
    yield "python3.10"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob("versions/3.10.*/bin/python")))


def output(python: str | Path, statement: str) -> str | None:
    """What a statement prints; None where the interpreter does not run."""
    try:
        return subprocess.run([python, "-c", statement], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # pyenv's shims are on the path for versions that are not active
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
