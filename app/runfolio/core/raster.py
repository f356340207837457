"""Lines as the pixels of a picture: which line is on top at each. Many lines that go up and down are drawn soonest so.

A line that goes from left to right covers in each column of pixels one stretch, from its highest to its lowest place
there. Stretches are laid down from the top line to the bottom one, and of each only what is not covered yet: however
many lines lie on each other, hardly more pixels are written than the picture has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

Rows = NDArray[np.int64]
#: At each pixel the mark of the line on top, which may be its colour, and `GROUND` where there is none.
Picture = NDArray[np.uint32]
GROUND = np.uint32(0)
# Corners that are more pixels away are taken to be here, so that no product overflows.
FAR = 1e9


def spans(x: Floats, y: Floats, width: int, height: int) -> tuple[Rows, Rows]:
    """The first and the last row that a line covers in each column; the last is above the first where it is not seen.

    Its corners are in pixels, x ascending to the right and y downwards; a NaN in y is a gap.
    """
    begin, end = max(int(np.searchsorted(x, 0)) - 1, 0), int(np.searchsorted(x, width, "right")) + 1
    first, last = _reach(np.clip(x[begin:end], -FAR, FAR), np.clip(y[begin:end], -FAR, FAR), width)
    for ends, none, least, most in ((first, height, 0, height), (last, -1, -1, height - 1)):
        np.nan_to_num(ends, copy=False, nan=none)
        np.clip(np.floor(ends, out=ends), least, most, out=ends)
    return first.astype(np.int64), last.astype(np.int64)


def _reach(x: Floats, y: Floats, width: int) -> Floats:
    """From where to where a line goes in each column: its corners there, and where it crosses the column's borders."""
    if not len(x):
        return np.full((2, width), np.nan)
    crossed = np.interp(np.arange(width + 1), x, y, np.nan, np.nan)
    low, high = np.fmin(crossed[:-1], crossed[1:]), np.fmax(crossed[:-1], crossed[1:])
    inside = slice(*np.searchsorted(x, (0, width)))
    column = x[inside].astype(np.intp)
    begins = np.flatnonzero(np.diff(column, prepend=-1))
    if len(begins):
        some, corners = column[begins], y[inside]
        low[some] = np.fmin(low[some], np.fmin.reduceat(corners, begins))
        high[some] = np.fmax(high[some], np.fmax.reduceat(corners, begins))
    return np.stack([low, high])


def widened(first: Rows, last: Rows, columns: int, rows: int) -> tuple[Rows, Rows]:
    """What a line covers that is drawn so many columns and rows wide."""
    above = (rows - 1) // 2
    seen = first <= last
    first = np.where(seen, np.maximum(first - above, 0), first)
    last = np.where(seen, last + (rows - 1 - above), last)
    wide_first, wide_last = first.copy(), last.copy()
    for shift in range(-((columns - 1) // 2), columns // 2 + 1):
        into, out = slice(max(shift, 0), min(shift, 0) or None), slice(max(-shift, 0), min(-shift, 0) or None)
        wide_first[into] = np.minimum(wide_first[into], first[out])
        wide_last[into] = np.maximum(wide_last[into], last[out])
    return wide_first, wide_last


class Pile:
    """Lines that lie on each other, laid down from the one on top.

    Attributes:
        picture: at each pixel, (height, width), the mark of the line on top.
    """

    def __init__(self, width: int, height: int) -> None:
        self.picture: Picture = np.full((height, width), GROUND)
        # In each column, the one stretch that is known to be covered.
        self._top, self._bottom = np.full(width, height), np.full(width, -1)

    def lay(self, first: Rows, last: Rows, mark: int) -> None:
        """Lay a line that covers these rows of each column beneath those that are there; its mark is above 0."""
        last = np.minimum(last, len(self.picture) - 1)
        top, bottom = self._top, self._bottom
        covered = top <= bottom
        above = np.where(covered, np.minimum(last, top - 1), last)
        below = np.where(covered, np.maximum(first, bottom + 1), last + 1)
        for low, high in ((first, above), (below, last)):
            self._write(low, high, mark)
        seen = first <= last
        touching = seen & covered & (first <= bottom + 1) & (last >= top - 1)
        longer = seen & ~touching & (last - first > bottom - top)
        self._top = np.where(touching, np.minimum(top, first), np.where(longer, first, top))
        self._bottom = np.where(touching, np.maximum(bottom, last), np.where(longer, last, bottom))

    def _write(self, low: Rows, high: Rows, mark: int) -> None:
        """Write into the rows from `low` to `high` of each column where nothing stands yet."""
        columns = np.flatnonzero(high >= low)
        if not len(columns):
            return
        low, lengths, width = low[columns], (high - low + 1)[columns], len(high)
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1]) * width + np.repeat((low - ends + lengths) * width + columns, lengths)
        pixels = self.picture.reshape(-1)
        pixels[places[pixels[places] == GROUND]] = mark
