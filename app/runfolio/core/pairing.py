"""Two series of a run put together by step: a metric against another one, such as loss against samples seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats, Integers, first_where

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """The steps that both series have, of each the last point.

    Attributes:
        x: the values of the first series, ascending unless `path`.
        places: for each of them, which point of the second series belongs to it.
        path: True when x goes back and forth, so that the points stay in the order of their steps.
        non_finite: how many steps are left out because x is NaN or infinite there.
    """

    x: Floats
    places: Places
    path: bool
    non_finite: int


def pair(x_steps: Integers, x: Floats, steps: Integers) -> Paired:
    """Put series together whose steps ascend; a step may come again. Nothing is made up for a step that one lacks.

    Where x never falls, or never rises, the points ascend by x, which does not change the line through them. Where it
    does both, they stay in the order of the steps: what the run went through is a path, and sorting it would draw lines
    between points that have nothing to do with each other.
    """
    of_x, of_y = _last(x_steps), _last(steps)
    _, at_x, at_y = np.intersect1d(x_steps[of_x], steps[of_y], assume_unique=True, return_indices=True)
    values, places = x[of_x[at_x]], of_y[at_y]
    finite = np.isfinite(values)
    values, places = values[finite], places[finite]
    rises, falls = bool(np.any(values[1:] > values[:-1])), bool(np.any(values[1:] < values[:-1]))
    if falls and not rises:
        values, places = values[::-1], places[::-1]
    return Paired(np.asarray(values, np.float64), places, rises and falls, int(len(finite) - finite.sum()))


def _last(steps: Integers) -> Places:
    """The last point of each step."""
    return np.flatnonzero(np.append(steps[1:] != steps[:-1], True)) if len(steps) else np.empty(0, np.intp)


def thinned(x: Floats, y: Floats, span: float, pixels: int, most: int) -> Places:
    """Which points of a path are drawn for a plot of so many pixels over a span of x.

    Of points that follow each other within one column of pixels, the first, lowest, highest and last. Where a path is
    wilder than that helps, every so many of them, so that there are about `most`.
    """
    if len(x) <= most:
        return np.arange(len(x))
    columns = np.floor((x - x[0]) / (span / pixels)) if span > 0 else np.zeros(len(x))
    starts = np.flatnonzero(np.append(True, columns[1:] != columns[:-1]))
    finite = np.isfinite(y)
    lowest = first_where(np.where(finite, y, np.inf), np.minimum, starts)
    highest = first_where(np.where(finite, y, -np.inf), np.maximum, starts)
    kept = np.unique(np.concatenate([starts, lowest, highest, np.append(starts[1:], len(x)) - 1]))
    every = -(-len(kept) // most)
    return kept if every <= 1 else np.unique(np.append(kept[::every], kept[-1]))
