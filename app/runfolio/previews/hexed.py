"""The bytes of any file, from any place."""

from __future__ import annotations

from dataclasses import dataclass

from runfolio.previews.files import open_plain, stamp, stamp_of
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

MOST = 1024 * 1024
#: A search reads pieces of so many bytes, and so many of them for one question.
PIECE, PIECES = 4 * 1024 * 1024, 16


@dataclass(frozen=True, slots=True)
class AskSize(Question[int]):
    """How many bytes does a file have?"""

    path: str

    def answer(self, kept: Kept) -> int:
        """So many."""
        return stamp(self.path).size


@dataclass(frozen=True, slots=True)
class AskBytes(Question[bytes]):
    """Some bytes, fewer where the file ends."""

    path: str
    start: int
    count: int

    def answer(self, kept: Kept) -> bytes:
        """These bytes."""
        with open_plain(self.path) as stream:
            size = stamp_of(self.path, stream).size
            stream.seek(min(max(self.start, 0), size))  # of places behind the end, systems know none that is far
            return stream.read(min(self.count, MOST))


@dataclass(frozen=True, slots=True)
class FindBytes(Question[tuple[int, bool]]):
    """Where some bytes are next, from a place on.

    The answer is the place and True, or how far it was looked and False; -1 if they are nowhere.
    """

    path: str
    wanted: bytes
    start: int

    def answer(self, kept: Kept) -> tuple[int, bool]:
        """Where."""
        if not self.wanted:
            return -1, False
        with open_plain(self.path) as stream:
            size, place = stamp_of(self.path, stream).size, max(self.start, 0)
            for _ in range(PIECES):
                stream.seek(place)
                data = stream.read(PIECE + len(self.wanted) - 1)
                if (found := data.find(self.wanted)) >= 0:
                    return place + found, True
                place += PIECE
                if place >= size:
                    return -1, False
        return place, False
