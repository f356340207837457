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
#: Of a picture (height, width): the number of the line on top at each pixel, and `GROUND` where there is none.
Picture = NDArray[np.int16]
GROUND = -1
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
    rows = np.floor(np.where(np.isnan(reach), [[[height]], [[-1]]], reach))
    first, last = np.clip(rows, [[[0]], [[-1]]], [[[height]], [[height - 1]]]).astype(np.int64)
    return first, last


def _reach(x: Floats, y: Floats, width: int) -> tuple[Floats, Floats]:
    """From where to where a line goes in each column: its corners there, and where it crosses the column's borders."""
    borders = np.arange(width + 1)
    crossed = np.interp(borders, x, y, np.nan, np.nan) if len(x) else np.full(width + 1, np.nan)
    low, high = np.fmin(crossed[:-1], crossed[1:]), np.fmax(crossed[:-1], crossed[1:])
    corners = np.searchsorted(x, borders)
    some = np.flatnonzero(np.diff(corners))
    if len(some):
        inside, begins = y[: corners[-1]], corners[some]
        low[some] = np.fmin(low[some], np.fmin.reduceat(inside, begins))
        high[some] = np.fmax(high[some], np.fmax.reduceat(inside, begins))
    return low, high


def widened(first: Rows, last: Rows, pixels: int) -> tuple[Rows, Rows]:
    """What one line, or more, covers when drawn so many pixels wide."""
    left, above = (pixels - 1) // 2, (pixels - 1) // 2
    seen = first <= last
    first = np.where(seen, np.maximum(first - above, 0), first)
    last = np.where(seen, last + (pixels - 1 - above), last)
    wide_first, wide_last = first.copy(), last.copy()
    for shift in range(-left, pixels - left):
        into, out = slice(max(shift, 0), min(shift, 0) or None), slice(max(-shift, 0), min(-shift, 0) or None)
        wide_first[..., into] = np.minimum(wide_first[..., into], first[..., out])
        wide_last[..., into] = np.maximum(wide_last[..., into], last[..., out])
    return wide_first, wide_last


def on_top(first: Rows, last: Rows, height: int) -> Picture:
    """The picture of lines that cover these rows of each column; of two, the one with the greater number is on top."""
    width = first.shape[1]
    picture = np.full(width * height, GROUND, np.int16)  # column by column, so that a stretch lies in one piece
    starts = np.arange(width) * height
    # In each column, the one stretch that is known to be covered.
    top, bottom = np.full(width, height), np.full(width, -1)
    for number in reversed(range(len(first))):
        begin, end = first[number], np.minimum(last[number], height - 1)
        seen, covered = begin <= end, top <= bottom
        above = np.where(covered, np.minimum(end, top - 1), end)
        below = np.where(covered, np.maximum(begin, bottom + 1), end + 1)
        for low, high in ((begin, above), (below, end)):
            _lay(picture, starts, low, high, number)
        touching = seen & covered & (begin <= bottom + 1) & (end >= top - 1)
        longer = seen & ~touching & (end - begin > bottom - top)
        top = np.where(touching, np.minimum(top, begin), np.where(longer, begin, top))
        bottom = np.where(touching, np.maximum(bottom, end), np.where(longer, end, bottom))
    return picture.reshape(width, height).T


def _lay(picture: Picture, starts: Rows, low: Rows, high: Rows, number: int) -> None:
    """Write a number into the rows from `low` to `high` of each column where nothing stands yet."""
    lengths = np.maximum(high - low + 1, 0)
    total = int(lengths.sum())
    if total:
        places = np.arange(total) + np.repeat(starts + low - (np.cumsum(lengths) - lengths), lengths)
        places = places[picture[places] == GROUND]
        picture[places] = number
