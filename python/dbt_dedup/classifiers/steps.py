"""Which step of a step function a value is on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_COMPARED = 24  # cuts up to which comparing all of them is quicker than a binary search


def find_steps(values: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[Any]:
    """How many of the cuts, ascending and finite, each of n values is larger than; `len(cuts) + 1` for null."""
    step: NDArray[Any]
    if len(cuts) > MAX_COMPARED:
        step = np.searchsorted(cuts, values)
        step[np.isnan(values)] = len(cuts) + 1
        return step
    step = np.isnan(values).astype(np.uint8)
    step *= np.uint8(len(cuts) + 1)
    for cut in cuts:
        step += values > cut
    return step
