"""Put the records that are one entity into one cluster."""

from dbt_dedup.resolve.clusters import find_components, resolve
from dbt_dedup.resolve.dbt_models import cluster_pairs, connect_records, label_conflicts
from dbt_dedup.resolve.records import Decisions, Records, ScoredPairs
from dbt_dedup.resolve.replay import Replay, replay

__all__ = [
    "Decisions",
    "Records",
    "Replay",
    "ScoredPairs",
    "cluster_pairs",
    "connect_records",
    "find_components",
    "label_conflicts",
    "replay",
    "resolve",
]
