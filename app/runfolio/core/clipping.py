"""Lines and bands cut to the box that a chart shows, for drawings in files, where nothing else keeps them within."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

#: Nothing is drawn farther away than so many boxes: slopes do not change that one could see, and sums do not overflow.
FARTHEST = 1e9
#: By so much may a corner be beside the edge that it was computed for.
NEAR = 1e-5


def into_box(values: Floats, low: float, high: float) -> Floats:
    """Values as parts of the way from `low` (0) to `high` (1); what is far outside is moved nearer."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = (values - low) / (high - low)
    return np.asarray(np.clip(found, -FARTHEST, FARTHEST), np.float64)


def cut_line(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The parts of a polyline in the box from 0 to 1. Corners that are not finite are gaps; x need not ascend.

    Parts are separated by a corner of NaN. They end on the edge of the box where the line leaves it.
    """
    if len(x) < 2:
        return np.empty(0), np.empty(0)
    at = _crossings((x, y))
    x, y = _between(x, at), _between(y, at)
    drawn = _inside((x[:-1] + x[1:]) / 2) & _inside((y[:-1] + y[1:]) / 2)
    starts = drawn & ~np.append(False, drawn[:-1])
    # Each segment gives its end; the first of a part its beginning too, with a gap before.
    counts = np.where(starts, 3, 1) * drawn
    places = np.cumsum(counts)
    found = np.full((2, int(places[-1]) if len(places) else 0), np.nan)
    for row, values in zip(found, (x, y), strict=True):
        row[places[drawn] - 1] = values[1:][drawn]
        row[places[starts] - 2] = values[:-1][starts]
    cut_x, cut_y = np.clip(found[:, 1:], 0.0, 1.0)
    return cut_x, cut_y


def cut_edge(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """One edge of a band, without gaps and with x ascending, from 0 to 1 along x; it is nowhere above or below the box.

    Where it would be, it runs along the edge of the box.
    """
    at = _crossings((x, y)) if len(x) > 1 else np.arange(len(x), dtype=np.float64)
    x, y = _between(x, at), _between(y, at)
    there = _inside(x)
    return np.clip(x[there], 0.0, 1.0), np.clip(y[there], 0.0, 1.0)


def _inside(values: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= -NEAR) & (values <= 1 + NEAR), np.bool_)


def _crossings(columns: tuple[Floats, ...]) -> Floats:
    """The corners of a polyline by number, with all places between two of them where it crosses an edge of the box."""
    corners = np.arange(len(columns[0]), dtype=np.float64)
    found = [corners]
    for values in columns:
        rise = np.diff(values)
        for edge in (0.0, 1.0):
            below = values < edge
            crossed = np.flatnonzero((below[1:] != below[:-1]) & np.isfinite(rise))
            found.append(corners[crossed] + (edge - values[crossed]) / rise[crossed])
    return np.unique(np.concatenate(found))


def _between(values: Floats, at: Floats) -> Floats:
    """The values at places between corners; beside one that is not finite there is none."""
    before = np.minimum(at.astype(np.intp), len(values) - 1)
    part = at - before
    after = np.where(part > 0, np.minimum(before + 1, len(values) - 1), before)
    return np.asarray(values[before] * (1 - part) + values[after] * part, np.float64)
