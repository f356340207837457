"""Pictures of very many lines: how many cross each pixel and of what colour, so that some can be added and taken away.

Each line goes from knot to knot, columns of pixels, level in each of them. In every column it covers the pixels from
where it enters to where it leaves. These are kept as differences: +1 at the first row, -1 behind the last one, so that
a line of any steepness costs two numbers a column, and what was added is taken away exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

Bytes = NDArray[np.uint8]
Pixels = NDArray[np.uint32]

#: Colours have so many levels; with the number of lines two sums are exact in one float, for up to a million lines.
LEVELS, BITS = 63, 26
FIELD, MASK = float(2**BITS), 2**BITS - 1
#: A smooth line covers pixels in parts of this.
PARTS = 16
#: Lines are added so many at a time, until the time is up.
TOGETHER = 128
#: What so many lines in one pixel come to is known by heart.
KNOWN = 4096


class Density:
    """Lines in a picture of `width` times `height` pixels, row 0 at the top.

    Args:
        knots: the columns of the knots, ascending from 0 to `width`.
        smooth: whether pixels are covered in part; for up to some thousand lines, which then take twice as long.
    """

    def __init__(self, width: int, height: int, knots: Sequence[int], *, smooth: bool = False) -> None:
        self.width, self.height = width, height
        self._knots = knots
        self._smooth, self._unit = smooth, PARTS if smooth else 1
        self._rows = height + 3
        self.clear()

    def clear(self) -> None:
        """Have no lines."""
        self._sums = np.zeros((2, self._rows, self.width))

    def add(self, y: Floats, colors: Bytes, sign: int = 1) -> None:
        """Add lines, or take them away with `sign` -1: their rows at each knot, and red, green and blue of each."""
        levels = colors.astype(np.float64) // 4
        weights = sign * np.stack([1 + FIELD * levels[:, 0], levels[:, 1] + FIELD * levels[:, 2]])
        y = np.clip(y, 0, self.height - 1)
        for place, (left, right) in enumerate(zip(self._knots, self._knots[1:], strict=False)):
            if right > left:
                self._add_between(y[:, place], y[:, place + 1], left, right, weights)

    def _add_between(self, start: Floats, end: Floats, left: int, right: int, weights: Floats) -> None:
        width = right - left
        along = np.linspace(0, 1, width + 1, dtype=np.float32)
        path = start.astype(np.float32)[:, None] + (end - start).astype(np.float32)[:, None] * _eased(along)
        top, bottom = np.minimum(path[:, :-1], path[:, 1:]), np.maximum(path[:, :-1], path[:, 1:]) + 1
        columns = np.arange(width, dtype=np.int32)
        for first, rows, parts in (*self._edges(top, 1), *self._edges(bottom, -1)):
            places = (rows * width + columns).ravel()
            for sums, weight in zip(self._sums, weights, strict=True):
                spread = (
                    np.repeat(first * weight, width) if parts is None else (first * weight[:, None] * parts).ravel()
                )
                found = np.bincount(places, spread, self._rows * width)
                sums[:, left:right] += found.reshape(self._rows, width)

    def _edges(self, y: Floats, sign: int) -> Iterator[tuple[int, NDArray[np.int32], Floats | None]]:
        """The rows where spans begin or end, with how much of a pixel they do; None for all of it."""
        rows = y.astype(np.int32)
        if not self._smooth:
            yield sign, rows, None
            return
        below = np.rint((y - rows) * PARTS)
        yield sign, rows, PARTS - below
        yield sign, rows + 1, below

    def counts(self) -> Floats:
        """How many lines cross each pixel."""
        lines: Floats = (self._totals()[0] & MASK).astype(np.float64)
        return lines / self._unit

    def picture(self, opacity: float, color: tuple[int, int, int] | None = None) -> Pixels:
        """All lines over nothing, as ARGB with the colours multiplied: each pixel has the mean colour of its lines.

        `opacity` is that of one line; several in a pixel cover more of what is behind. `color` stands in for theirs.
        """
        totals = self._totals()
        low, high = (part.astype(np.float32) for part in (totals & MASK, totals >> BITS))
        known = 255 * (1 - (1 - opacity) ** (np.arange(KNOWN) / self._unit))
        cover = known.astype(np.float32)[np.minimum(low[0], KNOWN - 1).astype(np.intp)]
        if color is None:
            share = cover / (LEVELS * np.maximum(low[0], 1))
            red, green, blue = (_whole(part * share) for part in (high[0], low[1], high[1]))
        else:
            red, green, blue = (_whole(cover * (part / 255)) for part in color)
        found: Pixels = np.bitwise_or.reduce([_whole(cover) << 24, red << 16, green << 8, blue])
        return found

    def _totals(self) -> NDArray[np.int64]:
        return np.cumsum(self._sums, axis=1)[:, : self.height].astype(np.int64)


def _whole(values: NDArray[np.float32]) -> Pixels:
    """Rounded, none of which is below 0."""
    found: Pixels = (values + np.float32(0.5)).astype(np.int32).view(np.uint32)
    return found


def _eased(along: NDArray[np.float32]) -> NDArray[np.float32]:
    """From 0 to 1, level at both ends."""
    return along * along * (3 - 2 * along)


def doubled(pixels: Pixels) -> Pixels:
    """The same picture twice as wide and high."""
    pairs = pixels.astype(np.uint64) * np.uint64(2**32 + 1)
    return pairs.repeat(2, axis=0).view(np.uint32)


def halved(pixels: Pixels) -> Pixels:
    """The same picture half as wide: each pixel is the mean of two."""
    halves = (pixels >> 1) & np.uint32(0x7F7F7F7F)
    found: Pixels = halves[:, 0::2] + halves[:, 1::2]
    return found


class Strokes:
    """Lines of which some are wanted in a picture: what is there follows that, as far as there is time.

    Attributes:
        density: the picture.
        drawn: which lines are in it.
    """

    def __init__(self, density: Density, y: Floats, colors: Bytes) -> None:
        self.density = density
        self._y, self._colors = y, colors
        self.drawn = np.zeros(len(y), np.bool_)
        self._wanted = self.drawn
        # As long as not all lines are there, those that are stand for the others.
        self._order = np.random.default_rng(0).permutation(len(y))

    @property
    def done(self) -> bool:
        """Whether the picture has the lines that are wanted, and no others."""
        return bool(np.array_equal(self.drawn, self._wanted))

    def want(self, wanted: NDArray[np.bool_]) -> None:
        """These lines are to be there; where most of those that are there go, the picture begins anew."""
        self._wanted = wanted.copy()
        if 2 * np.count_nonzero(self.drawn & ~wanted) > np.count_nonzero(self.drawn | wanted):
            self.density.clear()
            self.drawn[:] = False

    def go_on(self, seconds: float, together: int = TOGETHER) -> None:
        """Add and take away lines until the picture is right or the time is up; a few `together` in any case."""
        until = perf_counter() + seconds
        differing = self._order[(self.drawn != self._wanted)[self._order]]
        for start in range(0, len(differing), together):
            some = differing[start : start + together]
            for sign, which in ((1, some[self._wanted[some]]), (-1, some[~self._wanted[some]])):
                if len(which):
                    self.density.add(self._y[which], self._colors[which], sign)
            self.drawn[some] = self._wanted[some]
            if perf_counter() > until:
                break
