"""Blocking rules that propose themselves: which pairs are likely matches, and which rules find them cheaply."""

from dbt_dedup.blocking.suggest import Basis, Choice, Suggestion, suggest, suggest_blocking

__all__ = ["Basis", "Choice", "Suggestion", "suggest", "suggest_blocking"]
