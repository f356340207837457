"""Stretches of axes that runs must lie in: made, moved, and kept true while axes change. Plain numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log10

import numpy as np
from numpy.typing import NDArray

from runfolio.core.columns import Column
from runfolio.core.curves import Floats
from runfolio.core.scales import Placed, Scale

#: Runs without a place stand here, below the axis; a stretch may reach down to beyond them.
MISSING, LOWEST = -0.13, -0.17
#: By so much the keyboard moves an end on an axis of numbers.
STEP = 0.02

Brush = tuple[float, float]
Brushes = Mapping[Column, Brush]


def levels(axis: Placed) -> Floats:
    """Where runs stand, those without a place below the axis."""
    return np.where(np.isnan(axis.at), MISSING, axis.at)


def inside(axes: Iterable[Placed], brushes: Brushes, number: int) -> NDArray[np.bool_]:
    """Which of so many runs lie in the stretches of all axes that have one."""
    found = np.ones(number, np.bool_)
    for axis in axes:
        if axis.column in brushes:
            low, high = brushes[axis.column]
            at = levels(axis)
            found &= (at >= low - 1e-9) & (at <= high + 1e-9)
    return found


def between(one: float, other: float) -> Brush:
    """A stretch between two places in any order, as far as there is an axis."""
    low, high = sorted((one, other))
    return min(max(low, LOWEST), 1.0), max(min(high, 1.0), LOWEST)


def shifted(brush: Brush, by: float) -> Brush:
    """A stretch moved as far as there is an axis; it stays as long as it was."""
    low, high = brush
    by = min(max(by, LOWEST - low), 1.0 - high)
    return low + by, high + by


def nudged(brush: Brush | None, axis: Placed, ups: int, *, lower: bool) -> Brush:
    """The keyboard moves the upper end of a stretch, or its lower one, by so many steps; it begins with the axis.

    An axis of categories has a step for each. Below the axis are the runs without a place.
    """
    low, high = brush or (0.0, 1.0)
    categories = len(axis.scale.categories)
    step = STEP if not categories else 1 / max(categories - 1, 1)
    end = low if lower else high
    moved = end + ups * step
    if end < 0 < ups:
        moved = 0.0
    elif moved < -1e-9:
        moved = LOWEST
    if categories:  # half way between two, so that an end is clear of both
        moved = max(moved, LOWEST)
    moved = min(max(moved, LOWEST), 1.0)
    return (min(moved, high), high) if lower else (low, max(moved, low))


def carried(brush: Brush, before: Scale, now: Scale) -> Brush | None:
    """A stretch of an axis that has another scale now: it holds the same values; None where that cannot be said."""
    if before == now or _alike(before, now):
        return brush
    if list(before.categories) != list(now.categories):
        return None
    ends = sorted((_carried(brush[0], before, now), _carried(brush[1], before, now)))
    if any(np.isnan(ends)):
        return None
    # What reached beyond the axis, to the runs without a place, still does.
    low = brush[0] if brush[0] < 0 else ends[0]
    return between(low, ends[1]) if ends[1] >= 0 and ends[0] <= 1 else None


def _carried(place: float, before: Scale, now: Scale) -> float:
    place = min(max(place, 0.0), 1.0)
    value = before.value(place)
    if now.log:
        value = log10(value) if value > 0 else np.nan
    return float(now.at(np.array([value]))[0])


def _alike(one: Scale, other: Scale) -> bool:
    same = (one.low, one.high, one.log, one.flipped) == (other.low, other.high, other.log, other.flipped)
    return same and list(one.categories) == list(other.categories)


def all_carried(brushes: Brushes, before: Sequence[Placed], now: Sequence[Placed]) -> dict[Column, Brush]:
    """The stretches of axes that are still there, as these are now."""
    scales, found = {axis.column: axis.scale for axis in before}, {}
    for axis in now:
        brush = brushes.get(axis.column)
        scale = scales.get(axis.column)
        kept = None if brush is None or scale is None else carried(brush, scale, axis.scale)
        if kept is not None:
            found[axis.column] = kept
    return found
