"""A pickle as a stream of bytes that is read within limits: what is large is passed over, never held in memory."""

from __future__ import annotations

from typing import BinaryIO

# Longer arguments than this are data, such as of an array: nothing that could be the name of an import.
KEPT = 1 << 16
# The longest line of the old protocol, which writes texts as lines.
LINE = 1 << 24
BLOCK = 1 << 20


class TooMuch(ValueError):
    """There is more of it than anybody wants to read."""


class PassedOver(bytes):
    """What stands for bytes that were not kept: as long as these, and empty."""

    size = 0

    def __len__(self) -> int:
        return self.size


class PickleStream:
    """A file as `pickletools.genops` reads it.

    Attributes:
        position: bytes from where it began.
        passed_over: whether the last argument was too large to be kept.
    """

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._most = most_bytes
        self.position = 0
        self.passed_over = False

    def tell(self) -> int:
        """Where it is."""
        return self.position

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end. Raises TooMuch."""
        if size > KEPT:
            found = PassedOver()
            found.size = self.skip(size)
            self.passed_over = True
            return found
        data = self._file.read(size)
        self._moved(len(data))
        return data

    def readline(self) -> bytes:
        """The rest of a line; without its end where that is too far away, which nobody takes for a line."""
        line = self._file.readline(LINE)
        self._moved(len(line))
        return line

    def skip(self, size: int) -> int:
        """Pass over bytes; how many there were. Raises TooMuch."""
        left = size
        while left and (block := self._file.read(min(left, BLOCK))):
            left -= len(block)
            self._moved(len(block))
        return size - left

    def _moved(self, count: int) -> None:
        self.position += count
        if self.position > self._most:
            raise TooMuch(f"it has more than {self._most:,} bytes")
