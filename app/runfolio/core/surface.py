"""A surface through what runs have at two places each: how high it is between them, and where nobody can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

#: The surface is told at so many places along each axis.
SIDE = 80
#: Places nearer than this are one; where there are more than `MOST` of them, the coarser step.
STEP, COARSE, MOST = 1 / 128, 1 / 24, 600
#: Of fewer different places there is no surface. Nothing is said of it farther from all of them than so many times the
#: median distance to the next one, or than this.
LEAST, TIMES, REACH = 4, 3.0, 0.15
#: A place counts by its distance to the power of this, the other way round.
POWER = 3
FLAT = 1e-3
TOGETHER = 8


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Along both axes places are from 0 to 1.

    Attributes:
        heights: from 0 to 1, a row for each place along y, from the lowest.
        away: how far the nearest run is from each of these places.
        reach: farther away nobody can say how high it is.
        hull: the corners of the least shape without dents that all runs lie in, as x and y.
    """

    heights: Floats
    away: Floats
    reach: float
    hull: Floats


def surface_of(x: Floats, y: Floats, z: Floats) -> Surface | str:
    """The surface through runs, or why there is none, in a sentence.

    A height is the mean of what the runs have, each weighted by the inverse of its distance to the third power (Shepard
    1968), along axes as they are drawn: through runs it goes as high as they are. Runs in one place are averaged first.

    Args:
        x, y, z: the place of each run along both axes and its height, from 0 to 1; NaN where it has none.
    """
    there = ~(np.isnan(x) | np.isnan(y) | np.isnan(z))
    places, heights = _places(np.stack([x[there], y[there]], axis=1), z[there])
    if len(places) < LEAST:
        return f"Too few runs for a surface: they have {len(places)} different places, and it takes {LEAST}."
    corners = hull_of(places)
    if area_of(corners) < FLAT:
        return "The runs lie on one line, beside which nothing is known."
    found, away = zip(*_rows(places, heights), strict=True)
    return Surface(np.concatenate(found), np.concatenate(away), _reach(places), corners)


def _reach(places: Floats) -> float:
    """Farther from runs than they usually are from each other, nothing is known."""
    squares = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return max(TIMES * float(np.median(np.sqrt(squares.min(axis=1)))), REACH)


def _places(points: Floats, z: Floats) -> tuple[Floats, Floats]:
    """The different places with the mean height of each; of very many, those near each other are taken together."""
    for step in (STEP, COARSE):
        _, owner, count = np.unique(np.rint(points / step), axis=0, return_inverse=True, return_counts=True)
        owner = owner.reshape(-1)
        if len(count) <= MOST or step == COARSE:
            break
    x, y, heights = (np.bincount(owner, values, len(count)) / count for values in (points[:, 0], points[:, 1], z))
    return np.stack([x, y], axis=1), heights


def _rows(places: Floats, heights: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Heights and distances, some rows at a time: all together would be very many numbers."""
    along = np.linspace(0, 1, SIDE)
    across = (along[:, None] - places[:, 0]) ** 2
    for first in range(0, SIDE, TOGETHER):
        up = (along[first : first + TOGETHER, None] - places[:, 1]) ** 2
        squares = np.maximum(up[:, None, :] + across[None, :, :], 1e-12)
        weights = squares ** (-POWER / 2)
        yield (weights @ heights) / weights.sum(axis=2), np.sqrt(squares.min(axis=2))


def hull_of(points: Floats) -> Floats:
    """The corners of the convex hull of points, counter-clockwise (Andrew's monotone chain)."""
    ordered = np.unique(points, axis=0).tolist()
    if len(ordered) < 3:
        return np.array(ordered, np.float64).reshape(-1, 2)
    halves = []
    for chain in (ordered, ordered[::-1]):
        half: list[list[float]] = []
        for point in chain:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return np.array(halves[0] + halves[1], np.float64)


def _turn(one: list[float], two: list[float], three: list[float]) -> float:
    """Above 0 where the way turns left."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def area_of(corners: Floats) -> float:
    """What corners in their order lie around."""
    if len(corners) < 3:
        return 0.0
    x, y = corners.T
    return abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2


def enlarged(grid: Floats, width: int, height: int) -> Floats:
    """Values of a grid at the pixels of a picture, the highest place in the first row; linear in between."""
    found: Floats = _between(_between(grid, height)[::-1].T, width).T
    return found


def _between(grid: Floats, number: int) -> Floats:
    at = np.linspace(0, len(grid) - 1, number)
    low = np.minimum(at.astype(np.intp), len(grid) - 2)
    part = (at - low)[:, None]
    found: Floats = grid[low] * (1 - part) + grid[low + 1] * part
    return found


def banded(heights: Floats, bands: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The band of each pixel, from 0, and where a line parts it from the next one."""
    band = np.clip((heights * bands).astype(np.intp), 0, bands - 1)
    edge = np.zeros(band.shape, np.bool_)
    edge[:, 1:] |= band[:, 1:] != band[:, :-1]
    edge[1:] |= band[1:] != band[:-1]
    return band, edge
