"""Which point or line of a chart is near the mouse. Plain numpy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

# Corners that are more pixels away are taken to be here: lines near the mouse stay where they are, and no product
# overflows.
FAR = 1e9


def point_near(x: Floats, y: Floats, at: float, path: bool = False) -> int | None:
    """The index of the finite point nearest to `at` along x, or None outside of the line or where it has a gap.

    Of a `path`, on which x goes back and forth, the last one of those that are nearest.
    """
    if path:
        far = np.where(np.isfinite(y), np.abs(x - at), np.inf)
        last = len(far) - 1 - int(np.argmin(far[::-1]))
        return last if np.min(x) <= at <= np.max(x) and np.isfinite(far[last]) else None
    if not len(x) or not x[0] <= at <= x[-1]:
        return 0 if len(x) == 1 and np.isfinite(y[0]) else None
    right = min(int(np.searchsorted(x, at)), len(x) - 1)
    left = max(right - 1, 0)
    nearest = left if at - x[left] < x[right] - at else right
    return nearest if np.isfinite(y[nearest]) else None


def distance(
    x: Floats, y: Floats, at: tuple[float, float], scale: tuple[float, float], reach: float, path: bool = False
) -> float:
    """The distance in pixels from a place to a polyline, infinite if it is more than about `reach`.

    Args:
        x, y: the corners, x ascending unless they are a `path`; NaN in y is a gap.
        at: the place in the same units.
        scale: pixels for one unit of x and of y.
        reach: how far to look to the left and the right, in pixels.
    """
    margin = reach / scale[0] if scale[0] else 0.0
    first = max(int(np.searchsorted(x, at[0] - margin)) - 1, 0) if not path else 0
    last = int(np.searchsorted(x, at[0] + margin, "right")) + 1 if not path else len(x)
    with np.errstate(over="ignore"):
        px, py = (x[first:last] - at[0]) * scale[0], (y[first:last] - at[1]) * scale[1]
    px, py = np.clip(px, -FAR, FAR), np.clip(py, -FAR, FAR)
    if not len(px):
        return np.inf
    corners = np.hypot(px, py)
    lengths = np.hypot(np.diff(px), np.diff(py))
    with np.errstate(invalid="ignore", divide="ignore"):
        along = -(px[:-1] * np.diff(px) + py[:-1] * np.diff(py)) / lengths**2
        feet = np.hypot(px[:-1] + along * np.diff(px), py[:-1] + along * np.diff(py))
    segments = np.where((along > 0) & (along < 1), feet, np.inf)
    both = np.concatenate([corners, segments])
    return float(np.min(both, where=np.isfinite(both), initial=np.inf))


def lonely(y: Floats) -> NDArray[np.bool_]:
    """True for the points that no line shows, because they have a gap on both sides."""
    finite = np.isfinite(y)
    left = np.concatenate([[False], finite[:-1]])
    right = np.concatenate([finite[1:], [False]])
    return np.asarray(finite & ~left & ~right, np.bool_)


def extent(y: Floats, x: Floats, low: float, high: float, path: bool = False) -> tuple[float, float] | None:
    """The lowest and highest finite y between two x values or, if no point is there, of the points beside them; of a
    `path`, of all points then."""
    if path:
        inside = (x >= low) & (x <= high)
        return _ends(y[inside] if inside.any() else y)
    first, last = int(np.searchsorted(x, low)), int(np.searchsorted(x, high, "right"))
    if first >= last:
        first, last = max(first - 1, 0), last + 1
    return _ends(y[first:last])


def _ends(values: Floats) -> tuple[float, float] | None:
    low, high = float(np.fmin.reduce(values, initial=np.nan)), float(np.fmax.reduce(values, initial=np.nan))
    return None if math.isnan(low) else (low, high)
