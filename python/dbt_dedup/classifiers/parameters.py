"""The range of a parameter, checked when a classifier is fitted."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real


@dataclass(frozen=True)
class Range:
    """The numbers that a parameter may be.

    Attributes:
        low: the least.
        high: the largest; None where there is none.
        whole: whether only whole numbers are allowed.
        above_low: whether `low` itself is not allowed.
    """

    low: float
    high: float | None = None
    whole: bool = False
    above_low: bool = False

    def check(self, name: str, value: object) -> None:
        """Raise ValueError, naming the parameter and its range, if the value is not in it."""
        is_number = isinstance(value, Integral if self.whole else Real) and not isinstance(value, bool)
        if not is_number or not self._holds(float(value)):  # type: ignore[arg-type]
            raise ValueError(f"{name} must be {self}, found {value!r}.")

    def _holds(self, value: float) -> bool:
        above = value > self.low if self.above_low else value >= self.low
        return above and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        number = "a whole number" if self.whole else "a number"
        low = f"{'above' if self.above_low else 'at least'} {self.low:g}"
        return f"{number} {low}" + ("" if self.high is None else f" and at most {self.high:g}")
