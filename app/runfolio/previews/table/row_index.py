"""Where the rows of a CSV file begin: line breaks between quotation marks end no row."""

from __future__ import annotations

from collections.abc import Generator
from typing import BinaryIO

import numpy as np

from runfolio.previews.line_index import LineIndex, Places, places_of

#: Quotes that are open for more bytes than this were never closed, and mean nothing.
LONGEST_QUOTE = 4 * 1024 * 1024


class RowIndex(LineIndex):
    """Lines, but for those that end within quotes.

    Attributes:
        quoted: whether quotation marks mean something; False once they turn out not to.
    """

    def __init__(self, stream: BinaryIO, start: int, size: int, stop: bytes, quote: bytes) -> None:
        super().__init__(stream, start, size, stop)
        self.quoted = True
        self._quote = quote
        #: For each piece, whether it begins within quotes.
        self._open: list[bool] = [False]

    def count(self) -> Generator[float, None, bool]:
        """The same; anew without quotes if one is never closed."""
        began = None
        for share in super().count():
            if not self._open[-1]:
                began = None
            elif began is None or self._before[-1] != self._before[-2]:
                began = self.counted
            if began is not None and (self.complete or self.counted - began > LONGEST_QUOTE):
                break
            yield share
        if began is not None:
            self.quoted, self.counted = False, self._start
            self._before, self._ends, self._last = [0], 0, (-1, self._last[1])
            yield from super().count()
        return True

    def _count_in(self, data: bytes) -> int:
        if not self.quoted:
            return super()._count_in(data)
        inside = self._open[-1]
        if not inside and self._quote not in data:
            self._open.append(False)
            return super()._count_in(data)
        marks = places_of(self._quote, data)
        self._open.append(inside ^ bool(len(marks) % 2))
        return len(_outside(places_of(self._stop, data), marks, inside))

    def _ends_in(self, piece: int) -> Places:
        if not self.quoted:
            return super()._ends_in(piece)
        if self._last[0] != piece:
            at = self._start + piece * self._piece
            data = self._read(at, self._piece)
            places = _outside(places_of(self._stop, data), places_of(self._quote, data), self._open[piece])
            self._last = (piece, at + places)
        return self._last[1]


def _outside(places: Places, marks: Places, inside: bool) -> Places:
    """The line breaks that are not within quotes: an even number of marks is before them."""
    if not len(marks) and not inside:
        return places
    kept: Places = places[(np.searchsorted(marks, places) + inside) % 2 == 0]
    return kept
