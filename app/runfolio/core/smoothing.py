"""Smoothing of curves, computed on every point: TensorBoard's exponential moving average, and others as wide as it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_WEIGHT = 0.999
# Within a block the powers of the weight stay above this, so that scaled sums neither overflow nor lose digits.
SMALLEST_POWER = 1e-100
# A power of the weight below this does not change a sum, and 1 less it is 1: nothing is left to average or debias.
DIGITS = 1e-17
# A Gaussian weighs less than 3e-4 of its middle beyond so many deviations.
REACH = 4.0
# Points are transformed so many at a time at least: each piece costs some microseconds of its own.
LEAST_PIECE = 4096


class Smoother(StrEnum):
    """What the smooth value of a point is made of.

    One weight means the same width for all of them: their kernels have the standard deviation of the exponential
    one, sqrt(w) / (1 - w) points.
    """

    EXPONENTIAL = "exponential"
    TIMED = "time-weighted"
    GAUSSIAN = "Gaussian"
    MEAN = "moving mean"


def smooth(values: Floats, weight: float, smoother: Smoother = Smoother.EXPONENTIAL, x: Floats | None = None) -> Floats:
    """A smoothed series.

    Values that are not finite stay where and what they are and the average runs on behind them: a gap stays a gap. A
    constant series is unchanged. Of the finite values x1, x2, ... and the weight w, 0 <= w < 1:

    * exponential: a0 = 0,  ak = w * a(k-1) + (1 - w) * xk,  smoothed k = ak / (1 - w^k), as TensorBoard's. The
      division takes away the pull of a0 = 0, so the first value is kept as it is.
    * time-weighted: the same where points are equally far from each other. After a gap of g times their mean distance
      what was before counts w^g, not w.
    * Gaussian, moving mean: the mean of the points around each one, weighed by a bell or all alike, and of those that
      there are near the ends. They look ahead, and do not lag behind.

    Args:
        values: the points in their order; not changed.
        weight: 0 leaves the values as they are, values near 1 smooth the most.
        smoother: how.
        x: where the points are, ascending; only the time-weighted average asks for it.

    Raises:
        ValueError: the weight is outside of 0 ... MAX_WEIGHT.
    """
    if not 0 <= weight <= MAX_WEIGHT:
        raise ValueError(f"The smoothing weight must be from 0 to {MAX_WEIGHT}, not {weight!r}.")
    result = np.array(values, dtype=np.float64)
    finite = np.isfinite(result)
    own = result[finite]
    scale = float(np.max(np.abs(own), initial=0.0))
    if weight < DIGITS or not len(own) or not scale or np.all(own == own[0]):
        return result
    places = np.arange(len(own), dtype=np.float64) if x is None else np.asarray(x, np.float64)[finite]
    result[finite] = _AVERAGES[smoother](own / scale, weight, places) * scale
    return result


def _exponential(x: Floats, weight: float, _places: Floats) -> Floats:
    averages = _average(x, weight)
    biased = min(len(x), int(np.log(DIGITS) / np.log(weight)) + 1)
    averages[:biased] /= 1 - np.power(weight, np.arange(1, biased + 1, dtype=np.float64))
    return averages


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


def _time_weighted(x: Floats, weight: float, places: Floats) -> Floats:
    """Sums of what came before, divided by sums of its weights: s(k) = w^g s(k-1) + x(k), d(k) = w^g d(k-1) + 1."""
    span = places[-1] - places[0]
    if not span > 0:
        return _exponential(x, weight, places)
    since = (places - places[0]) * ((len(x) - 1) / span)
    # Blocks within which powers of the weight neither overflow nor lose digits.
    blocks = np.floor(since / (np.log(SMALLEST_POWER) / np.log(weight)))
    starts = np.flatnonzero(np.diff(blocks, prepend=-1.0))
    sums, weights = np.empty_like(x), np.empty_like(x)
    before = sum_before = weight_before = 0.0
    for start, end in zip(starts, [*starts[1:], len(x)], strict=True):
        powers = np.power(weight, since[start:end] - since[start])
        carried = powers * weight ** (since[start] - before)
        sums[start:end] = np.cumsum(x[start:end] / powers) * powers + sum_before * carried
        weights[start:end] = np.cumsum(1 / powers) * powers + weight_before * carried
        before, sum_before, weight_before = since[end - 1], sums[end - 1], weights[end - 1]
    return sums / weights


def _gaussian(x: Floats, weight: float, _places: Floats) -> Floats:
    deviation = _deviation(weight)
    reach = min(int(np.ceil(REACH * deviation)), len(x))
    return _weighed(x, np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2))


def _moving_mean(x: Floats, weight: float, _places: Floats) -> Floats:
    # n points, all alike, deviate by sqrt((n^2 - 1) / 12); as many before a point as after it.
    beside = min(round((np.sqrt(12 * _deviation(weight) ** 2 + 1) - 1) / 2), len(x))
    return _weighed(x, np.ones(2 * beside + 1))


def _deviation(weight: float) -> float:
    return float(np.sqrt(weight) / (1 - weight))


def _weighed(x: Floats, kernel: Floats) -> Floats:
    """The mean of the points around each one, by these weights."""
    return _convolved(x, kernel) / _convolved(np.ones_like(x), kernel)


def _convolved(x: Floats, kernel: Floats) -> Floats:
    """The sum of the points around each one, times a symmetric kernel of odd length; there is nothing beyond the ends.

    Piece by piece by Fourier transforms ("overlap-save"). SciPy can do the same, and takes a second to be loaded.
    """
    size = 1 << max(8 * len(kernel), LEAST_PIECE).bit_length()
    step, reach = size - len(kernel) + 1, len(kernel) // 2
    padded = np.zeros(-(-len(x) // step) * step + len(kernel) - 1)
    padded[reach : reach + len(x)] = x
    pieces = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    spectrum, sums = np.fft.rfft(kernel, size), np.empty((len(pieces), step))
    for piece, place in zip(pieces, sums, strict=True):
        place[:] = np.fft.irfft(np.fft.rfft(piece) * spectrum, size)[len(kernel) - 1 :]
    return sums.ravel()[: len(x)]


_AVERAGES: dict[Smoother, Callable[[Floats, float, Floats], Floats]] = {
    Smoother.EXPONENTIAL: _exponential,
    Smoother.TIMED: _time_weighted,
    Smoother.GAUSSIAN: _gaussian,
    Smoother.MEAN: _moving_mean,
}
