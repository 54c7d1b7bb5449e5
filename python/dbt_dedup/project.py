"""Where the dbt project is, from inside a dbt run and from outside."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def running_project_directory() -> Path:
    """The folder of the `dbt_project.yml` that dbt is running in this process, else the chosen one."""
    flags = sys.modules.get("dbt.flags")
    running = getattr(flags.get_flags(), "PROJECT_DIR", None) if flags else None
    return Path(running).resolve() if running else chosen_project_directory()


def chosen_project_directory() -> Path:
    """The folder that DBT_PROJECT_DIR names, else the working directory."""
    return Path(os.environ.get("DBT_PROJECT_DIR") or Path.cwd()).resolve()
