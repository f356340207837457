"""Curves to draw: any number of points reduced to about the pixels of a plot without losing an extreme.

The reduction is M4 (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014): of the
points in a column of pixels only the first, the lowest, the highest and the last can be seen, so only they are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one series, ordered by step: arrays of one length. Times are epoch milliseconds."""

    steps: Integers
    times: Integers
    values: Floats

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Curve:
    """A series as a polyline.

    Attributes:
        x, y: the corners, float64; `y` is NaN where a value is not finite, which is a gap in the line.
        points: how many logged points of the asked range the line stands for. The neighbours just outside, to which
            the line runs on, are not among them.
        reduced: True when `x` and `y` are fewer than the points: then each column of pixels that was asked for is
            drawn from its first, lowest, highest and last point, all of them real points in their order.
        non_finite: how many of those points are NaN or infinite.
    """

    x: Floats
    y: Floats
    points: int
    reduced: bool
    non_finite: int = 0


EMPTY = Curve(np.empty(0), np.empty(0), 0, False)


#: Takes x, y, which of the points are finite, and the width of a column; returns the indices of those to be drawn.
Keep: TypeAlias = Callable[[Floats, Floats, NDArray[np.bool_], float], NDArray[np.intp]]


def m4(x: Floats, y: Floats, finite: NDArray[np.bool_], width: float) -> NDArray[np.intp]:
    """Indices of the first, lowest, highest and last point of each column of that width, in order, each once."""
    starts, ends = _columns(x, width)
    lowest = first_where(np.where(finite, y, np.inf), np.minimum, starts)
    highest = first_where(np.where(finite, y, -np.inf), np.maximum, starts)
    return _ascending(len(x), starts, lowest, highest, ends)


def lowest(x: Floats, y: Floats, finite: NDArray[np.bool_], width: float) -> NDArray[np.intp]:
    """The lowest point of each column, and those beside gaps: all that is seen of what lies above a line."""
    starts, ends = _columns(x, width)
    extreme = first_where(np.where(finite, y, np.inf), np.minimum, starts)
    kept = _ascending(len(x), starts, extreme, ends)
    beside = np.convolve(~np.pad(finite[kept], 1), [1, 1, 1], "valid") > 0
    return kept[beside | np.isin(kept, extreme)]


def highest(x: Floats, y: Floats, finite: NDArray[np.bool_], width: float) -> NDArray[np.intp]:
    """The same of what lies below a line."""
    return lowest(x, -y, finite, width)


def _ascending(length: int, *indices: Sequence[int] | NDArray[np.intp]) -> NDArray[np.intp]:
    """Indices of values that are so many, in order, each once."""
    named = np.zeros(length, np.bool_)
    for some in indices:
        named[some] = True
    return np.flatnonzero(named)


def _columns(x: Floats, width: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the columns of that width begin and end."""
    number = math.floor((x[-1] - x[0]) / width) if width > 0 else 0
    begins = np.searchsorted(x, x[0] + width * np.arange(1, number + 1))
    begins = begins[begins < len(x)]
    starts = np.concatenate([[0], begins[np.diff(begins, prepend=0) > 0]])
    return starts, np.append(starts[1:], len(x)) - 1


def reduce(
    x: Floats, y: Floats, low: float | None = None, high: float | None = None, pixels: int = 1000, keep: Keep = m4
) -> Curve:
    """The polyline of points for a plot from `low` to `high` (all by default), `pixels` wide.

    `x` must be ascending. The neighbours just outside are kept, so that lines run on to the edge. Where there are many
    points, those stay that `keep` chooses.
    """
    first = int(np.searchsorted(x, low)) if low is not None else 0
    last = max(int(np.searchsorted(x, high, "right")), first) if high is not None else len(x)
    finite = np.isfinite(y[first:last])
    points, non_finite = last - first, last - first - int(finite.sum())
    kept = np.arange(first, last)
    reduced = points > 4 * pixels
    if reduced:
        # Only what is inside makes the columns: a neighbour may be far away.
        kept = kept[keep(x[first:last], y[first:last], finite, (x[last - 1] - x[first]) / pixels)]
    kept = np.concatenate([np.arange(max(first - 1, 0), first), kept, np.arange(last, min(last + 1, len(x)))])
    drawn = np.where(np.isfinite(y[kept]), y[kept], np.nan)
    return Curve(np.asarray(x[kept], np.float64), np.asarray(drawn, np.float64), points, reduced, non_finite)


#: Groups are compared as the rows of a table where that has no more than so many times as many places as values.
SPARSE = 3


def first_where(values: Floats, extreme: np.ufunc, starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each group that begins at `starts`: the index of the first value that equals the group's extreme.

    `extreme` is `numpy.minimum` or `numpy.maximum`; no value is NaN.
    """
    lengths = np.diff(np.append(starts, len(values)))
    longest = int(lengths.max(initial=0))
    if longest * len(starts) <= SPARSE * len(values):
        # A short group's last value stands in its row again and again, where nothing is the first of its kind.
        places = starts[:, None] + np.minimum(np.arange(longest), lengths[:, None] - 1)
        return np.asarray(starts + FIRST[extreme](values[places], axis=1), np.intp)
    hit = values == np.repeat(extreme.reduceat(values, starts), lengths)
    positions = np.where(hit, np.arange(len(values)), len(values) - 1)
    return np.asarray(np.minimum.reduceat(positions, starts), np.intp)


FIRST: Mapping[np.ufunc, Callable[..., NDArray[np.intp]]] = {np.minimum: np.argmin, np.maximum: np.argmax}
