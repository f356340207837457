"""Smoothing of curves: TensorBoard's exponential moving average, computed on every point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_WEIGHT = 0.999
# Within a block the powers of the weight stay above this, so that scaled sums neither overflow nor lose digits.
SMALLEST_POWER = 1e-100
# A power of the weight below this does not change a sum, and 1 less it is 1: nothing is left to average or debias.
DIGITS = 1e-17


def smooth(values: Floats, weight: float) -> Floats:
    """The debiased exponential moving average of a series.

    With the finite values x1, x2, ... and the weight w, 0 <= w < 1:

        a0 = 0,   ak = w * a(k-1) + (1 - w) * xk,   smoothed k = ak / (1 - w^k)

    The division takes away the pull of a0 = 0, so the first value is kept as it is. Values that are not finite stay
    where and what they are and the average runs on behind them: a gap stays a gap. A constant series is unchanged.

    Args:
        values: the points in their order; not changed.
        weight: 0 leaves the values as they are, values near 1 smooth the most.

    Raises:
        ValueError: the weight is outside of 0 ... MAX_WEIGHT.
    """
    if not 0 <= weight <= MAX_WEIGHT:
        raise ValueError(f"The smoothing weight must be from 0 to {MAX_WEIGHT}, not {weight!r}.")
    result = np.array(values, dtype=np.float64)
    finite = np.isfinite(result)
    x = result[finite]
    scale = float(np.max(np.abs(x), initial=0.0))
    if weight < DIGITS or not len(x) or not scale or np.all(x == x[0]):
        return result
    averages = _average(x / scale, weight) * scale
    biased = min(len(x), int(np.log(DIGITS) / np.log(weight)) + 1)
    averages[:biased] /= 1 - np.power(weight, np.arange(1, biased + 1, dtype=np.float64))
    result[finite] = averages
    return result


def _average(x: Floats, weight: float) -> Floats:
    """The recursion a(k) = w a(k-1) + (1 - w) x(k), a(0) = 0, by whole blocks.

    Inside a block, a(k) = w^k (a(0) + (1 - w) sum of x(i) w^-i), which is one cumulative sum; only the last value of
    each block is handed to the next one in turn.
    """
    length = min(len(x), max(1, int(np.log(SMALLEST_POWER) / np.log(weight))))
    blocks = -(-len(x) // length)
    padded = np.zeros(blocks * length)
    padded[: len(x)] = x
    powers = np.power(weight, np.arange(1, length + 1, dtype=np.float64))
    averages = np.cumsum(padded.reshape(blocks, length) * ((1 - weight) / powers), axis=1) * powers
    carries = np.zeros(blocks)
    for block in range(1, blocks):
        carries[block] = averages[block - 1, -1] + powers[-1] * carries[block - 1]
    averages += carries[:, np.newaxis] * powers
    return averages.reshape(-1)[: len(x)]
