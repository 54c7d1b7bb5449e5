"""The exception that people see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DedupError(Exception):
    """An error the user can fix. The message says what is wrong, where, what was expected and how to fix it."""


class PlainDedupError(DedupError):
    """One that hides where it was raised: dbt prints the traceback of a Python model that fails, with the frames."""

    __traceback__ = None


def plainly(function: Callable[P, T]) -> Callable[P, T]:
    """Let dbt show only the message of a DedupError that `function`, which a Python model calls, raises."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except DedupError as error:
            raise PlainDedupError(str(error)) from None

    return called
