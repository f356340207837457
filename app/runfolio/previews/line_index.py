"""Where the lines of a file of any size begin: counted piece by piece, and then found without reading the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
#: A file is counted in pieces of so many bytes; to find a line, one or two of them are read.
PIECE = 256 * 1024


class LineIndex:
    """The lines of a part of a file, as far as they have been counted.

    Args:
        stream: the file.
        start: where its first line begins.
        size: where its last line ends.
        stop: the bytes at the end of a line.

    Attributes:
        counted: so many bytes from the file's beginning have been counted.
    """

    def __init__(self, stream: BinaryIO, start: int, size: int, stop: bytes) -> None:
        self._stream = stream
        self._start, self._size = start, size
        self._stop = stop
        self._piece = PIECE
        self.counted = start
        #: For each piece: how many lines end before it.
        self._before: list[int] = [0]
        self._ends = 0
        self._last: tuple[int, Places] = (-1, np.empty(0, np.int64))

    @property
    def complete(self) -> bool:
        """Whether all lines are counted."""
        return self.counted >= self._size

    @property
    def lines(self) -> int:
        """How many lines are known; the last one may go on behind what has been counted."""
        if self._size <= self._start:
            return 0
        return self._ends + (not self.complete or not self._ends_with_a_break())

    def count(self) -> Generator[float, None, bool]:
        """The work of counting, piece by piece; yields its share."""
        while not self.complete:
            data = self._read(self.counted, self._piece)
            if not data:  # somebody has made it shorter
                self._size = self.counted
                break
            self._ends += self._count_in(data)
            self.counted += len(data)
            self._before.append(self._ends)
            yield (self.counted - self._start) / max(self._size - self._start, 1)
        return True

    def place(self, line: int) -> int:
        """Where a line begins, in bytes; of one behind the last, where the file ends. It must have been counted."""
        if line <= 0:
            return self._start
        if line > self._ends:
            return self._size
        piece = bisect_right(self._before, line - 1) - 1
        ends = self._ends_in(piece)
        return int(ends[line - 1 - self._before[piece]]) + len(self._stop)

    def line_at(self, place: int) -> int:
        """The number of the line that a byte is in. It must have been counted."""
        piece = min(max((place - self._start) // self._piece, 0), len(self._before) - 1)
        return self._before[piece] + int(np.searchsorted(self._ends_in(piece), place))

    def _ends_in(self, piece: int) -> Places:
        if self._last[0] != piece:
            at = self._start + piece * self._piece
            self._last = (piece, at + places_of(self._stop, self._read(at, self._piece)))
        return self._last[1]

    def _count_in(self, data: bytes) -> int:
        return data.count(self._stop) if len(self._stop) == 1 else len(places_of(self._stop, data))

    def _ends_with_a_break(self) -> bool:
        return self._read(self._size - len(self._stop), len(self._stop)) == self._stop

    def _read(self, place: int, length: int) -> bytes:
        self._stream.seek(max(place, 0))
        return self._stream.read(min(length, self._size - max(place, 0)))


def places_of(unit: bytes, data: bytes) -> Places:
    """Where a letter is in a piece, which is a whole number of units of so many bytes."""
    kind = f"u{len(unit)}"
    units = np.frombuffer(data, kind, len(data) // len(unit))
    return np.flatnonzero(units == np.frombuffer(unit, kind)[0]).astype(np.int64) * len(unit)
