"""How entities are made group by group, whatever they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from dbt_dedup.synthesize.randomness import Draw
from dbt_dedup.synthesize.settings import Settings


class Entity(Protocol):
    """A real person or firm."""

    records: int
    """Number of raw records about it."""


E = TypeVar("E", bound=Entity)


class Maker(ABC, Generic[E]):
    """Makes the entities of one block.

    Parameters
    ----------
    settings : Settings
        What was asked for.
    draw : callable
        Random numbers for the entities; what is written about them draws from others.
    """

    def __init__(self, settings: Settings, draw: Draw) -> None:
        self.settings = settings
        self.draw = draw

    def entities(self, size: int) -> Iterator[E]:
        """Yield entities, group by group, until they have `size` records together."""
        left = size
        for number in range(size):
            for entity in self.group(number):
                entity.records = min(entity.records, left)
                left -= entity.records
                if entity.records > 1:
                    self.change(entity, 1 + int(self.draw() * (entity.records - 1)))
                yield entity
                if not left:
                    return

    @abstractmethod
    def group(self, number: int) -> Sequence[E]:
        """Entities that are related, such as a household."""

    @abstractmethod
    def change(self, entity: E, turning: int) -> None:
        """Let some entities change between two of their records, `turning` being the first one written afterwards."""
