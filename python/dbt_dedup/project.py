"""Where the dbt project is, from inside a dbt run and from outside."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def project_directory() -> Path:
    """The folder of `dbt_project.yml`: that of the running dbt, else DBT_PROJECT_DIR, else the working directory."""
    flags = sys.modules.get("dbt.flags")
    running = getattr(flags.get_flags(), "PROJECT_DIR", None) if flags else None
    return Path(running or os.environ.get("DBT_PROJECT_DIR") or Path.cwd()).resolve()
