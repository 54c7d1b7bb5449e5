"""What is known of names of columns and of countries, as YAML."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read_data(name: str) -> dict[str, Any]:
    """The content of a data file."""
    text = resources.files("dbt_dedup.guess.data").joinpath(name).read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
