"""Run dbt in this process and read what it built: the one place that knows dbt's Python modules."""

from dbt_dedup.warehouse.commands import WITHOUT_TESTS
from dbt_dedup.warehouse.messages import NotBuiltError, in_one_line
from dbt_dedup.warehouse.places import GENERATED, check_place
from dbt_dedup.warehouse.project import DbtProject
from dbt_dedup.warehouse.reading import Warehouse
from dbt_dedup.warehouse.running import chosen_project_directory, close_connections, running_project_directory

__all__ = [
    "GENERATED",
    "WITHOUT_TESTS",
    "DbtProject",
    "NotBuiltError",
    "Warehouse",
    "check_place",
    "chosen_project_directory",
    "close_connections",
    "in_one_line",
    "running_project_directory",
]
