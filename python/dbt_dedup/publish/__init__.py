"""Publish the tables of an entity as files that readers may open at any time."""

from dbt_dedup.publish.command import publish_built
from dbt_dedup.publish.model import publish

__all__ = ["publish", "publish_built"]
