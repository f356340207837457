"""Lines as the pixels of a picture: which line is on top at each. Many lines that go up and down are drawn soonest so.

A line that goes from left to right covers in each column of pixels one stretch, from its highest to its lowest place
there. Stretches are laid down from the top line to the bottom one, and of each only what is not covered yet: however
many lines lie on each other, hardly more pixels are written than the picture has.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import Floats

Rows = NDArray[np.int64]
#: At each pixel the mark of the line on top, which may be its colour, and `GROUND` where there is none.
Picture = NDArray[np.uint32]
GROUND = np.uint32(0)
# Corners that are more pixels away are taken to be here, so that no product overflows.
FAR = 1e9


def spans(lines: Sequence[tuple[Floats, Floats]], width: int, height: int) -> tuple[Rows, Rows]:
    """The first and the last row that each line covers in each column, both (lines, width).

    The last is above the first where a line is not seen. `lines` are corners in pixels, x ascending to the right and y
    downwards; a NaN in y is a gap.
    """
    reach = np.full((2, len(lines), width), np.nan)
    for number, (x, y) in enumerate(lines):
        begin, end = max(int(np.searchsorted(x, 0)) - 1, 0), int(np.searchsorted(x, width, "right")) + 1
        reach[:, number] = _reach(np.clip(x[begin:end], -FAR, FAR), np.clip(y[begin:end], -FAR, FAR), width)
    for ends, none, least, most in ((reach[0], height, 0, height), (reach[1], -1, -1, height - 1)):
        np.nan_to_num(ends, copy=False, nan=none)
        np.clip(np.floor(ends, out=ends), least, most, out=ends)
    return reach[0].astype(np.int64), reach[1].astype(np.int64)


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
    """What lines cover that are drawn so many columns and rows wide."""
    above = (rows - 1) // 2
    seen = first <= last
    first = np.where(seen, np.maximum(first - above, 0), first)
    last = np.where(seen, last + (rows - 1 - above), last)
    wide_first, wide_last = first.copy(), last.copy()
    for shift in range(-((columns - 1) // 2), columns // 2 + 1):
        into, out = slice(max(shift, 0), min(shift, 0) or None), slice(max(-shift, 0), min(-shift, 0) or None)
        wide_first[..., into] = np.minimum(wide_first[..., into], first[..., out])
        wide_last[..., into] = np.maximum(wide_last[..., into], last[..., out])
    return wide_first, wide_last


def on_top(first: Rows, last: Rows, height: int, marks: Picture) -> Picture:
    """The picture of lines that cover these rows of each column: at each pixel the mark of the last line there."""
    width = first.shape[1]
    picture = np.full(height * width, GROUND)
    columns = np.arange(width)
    # In each column, the one stretch that is known to be covered.
    top, bottom = np.full(width, height), np.full(width, -1)
    for begin, end, mark in zip(first[::-1], np.minimum(last, height - 1)[::-1], marks[::-1], strict=True):
        covered = top <= bottom
        above = np.where(covered, np.minimum(end, top - 1), end)
        below = np.where(covered, np.maximum(begin, bottom + 1), end + 1)
        for low, high in ((begin, above), (below, end)):
            _lay(picture, columns, low, high, mark)
        seen = begin <= end
        touching = seen & covered & (begin <= bottom + 1) & (end >= top - 1)
        longer = seen & ~touching & (end - begin > bottom - top)
        top = np.where(touching, np.minimum(top, begin), np.where(longer, begin, top))
        bottom = np.where(touching, np.maximum(bottom, end), np.where(longer, end, bottom))
    return picture.reshape(height, width)


def _lay(picture: Picture, columns: Rows, low: Rows, high: Rows, mark: np.uint32) -> None:
    """Write a mark into the rows from `low` to `high` of each column where nothing stands yet."""
    some = np.flatnonzero(high >= low)
    if not len(some):
        return
    low, lengths, width = low[some], (high - low + 1)[some], len(columns)
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1]) * width + np.repeat((low - ends + lengths) * width + columns[some], lengths)
    picture[places[picture[places] == GROUND]] = mark
