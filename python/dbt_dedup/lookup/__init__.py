"""Which entities may a new record belong to? Answered from the built tables, without building or writing anything."""

from dbt_dedup.lookup.finder import Finder
from dbt_dedup.lookup.found import FoundEntity, Lookup

__all__ = ["Finder", "FoundEntity", "Lookup"]
