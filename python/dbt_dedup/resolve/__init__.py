"""Put the records that are one entity into one cluster."""

from dbt_dedup.resolve.clusters import Decisions, ScoredPairs, cluster_pairs, resolve

__all__ = ["Decisions", "ScoredPairs", "cluster_pairs", "resolve"]
