"""Random numbers that depend on the seed and the block alone.

Everything is derived from uniform doubles of PCG64: NumPy may change how it makes other distributions, but not those.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Draw = Callable[[], float]
"""A function that returns the next uniform number in [0, 1)."""

_ID_KEYS = 2**32 - 1  # no block has this number
_DRAWS_AT_ONCE = 4096


def uniforms(seed: int, block: int, stream: int) -> Draw:
    """Start the random stream of one purpose in one block."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block, stream))))

    def batches() -> Iterator[list[float]]:
        while True:
            yield generator.random(_DRAWS_AT_ONCE).tolist()

    return chain.from_iterable(batches()).__next__


class Weighted(Generic[T]):
    """Items to draw from, each as often as its weight says."""

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        self.items = list(items)
        self._cumulative = list(accumulate(weights))
        self._total = self._cumulative[-1]

    def pick(self, draw: Draw) -> T:
        """Draw one item."""
        return self.items[bisect_right(self._cumulative, draw() * self._total, 0, len(self.items) - 1)]


def ranked(items: Sequence[T], exponent: float, shift: float) -> Weighted[T]:
    """Weigh items by their rank as names are: the first ones far more frequent, the tail long (Zipf-Mandelbrot)."""
    return Weighted(items, [round((rank + shift) ** -exponent, 9) for rank in range(1, len(items) + 1)])


def choose(items: Sequence[T], draw: Draw) -> T:
    """Draw one of equally likely items."""
    return items[int(draw() * len(items))]


def shuffled(size: int, draw: Draw) -> list[int]:
    """Return the numbers 0 to size - 1 in random order."""
    keys = [draw() for _ in range(size)]
    return sorted(range(size), key=keys.__getitem__)


def scramble(numbers: NDArray[np.uint64], size: int, seed: int, purpose: int) -> NDArray[np.uint64]:
    """Map each number below `size` to another one, no two to the same, so that ids say nothing of the order made.

    A Feistel network over the next even number of bits, walked until the result is below `size` again.
    """
    half = np.uint64(max(1, -(-(size - 1).bit_length() // 2)))
    mask = np.uint64((1 << int(half)) - 1)
    keys = np.random.SeedSequence(seed, spawn_key=(_ID_KEYS, purpose)).generate_state(6, np.uint64)

    def once(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
        left, right = values >> half, values & mask
        for key in keys:
            mixed = (right + key) * np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
            left, right = right, left ^ ((mixed >> np.uint64(32)) & mask)
        return (left << half) | right

    result = once(numbers)
    outside = result >= size
    while outside.any():
        result[outside] = once(result[outside])
        outside = result >= size
    return result
