"""Run the tests that read the warehouse on the oldest Python, which the lock file gives the older DuckDB.

    python tests/engines/oldest_python.py

Looks for Python 3.10 on the path and among pyenv's versions. Where there is none, the last line says that nothing was
checked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
OLDEST = "3.10"
ENVIRONMENT = f".venv-python{OLDEST}"
TESTS = ("test_prepare", "test_compare", "test_build", "test_score", "test_classifiers")


def main() -> None:
    """Set an environment up for the oldest Python and run the tests in it."""
    interpreter = next(interpreters(), None)
    if interpreter is None:
        print(f"Python {OLDEST}: NOT CHECKED, no python{OLDEST} on the path or among pyenv's versions")
        return
    setup = ["make", "--no-print-directory", f"PYTHON={interpreter}", f"VENV={ENVIRONMENT}", "setup"]
    subprocess.run(setup, cwd=REPOSITORY, check=True)
    python = REPOSITORY / ENVIRONMENT / "bin" / "python"
    versions = "import duckdb, platform; print(platform.python_version(), 'with DuckDB', duckdb.__version__)"
    print("Python", subprocess.run([python, "-c", versions], check=True, capture_output=True, text=True).stdout.strip())
    files = [str(REPOSITORY / "tests" / "python" / f"{name}.py") for name in TESTS]
    environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    sys.exit(subprocess.run([python, "-m", "pytest", "-q", *files], cwd=REPOSITORY, env=environment).returncode)


def interpreters() -> Iterator[str]:
    """The interpreters of the oldest Python on this machine that run."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [shutil.which(f"python{OLDEST}"), *sorted(pyenv.glob(f"versions/{OLDEST}.*/bin/python{OLDEST}"))]
    for interpreter in filter(None, found):
        if subprocess.run([interpreter, "--version"], capture_output=True).returncode == 0:
            yield str(interpreter)


if __name__ == "__main__":
    main()
