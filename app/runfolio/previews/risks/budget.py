"""How much of a model is looked at, so that a hostile one cannot keep anybody busy for ever."""

from __future__ import annotations

import lzma
import time
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

FILES, SECONDS, DEPTH = 20_000, 120.0, 4
# What unpacks to more than this is a bomb, or at least nothing that anybody has the time to look through.
UNPACKED = 16 << 30
BLOCK = 1 << 20
# What the unpackers of the standard library raise for what they cannot unpack.
DAMAGE = (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class TooMuch(ValueError):
    """It cannot be looked through in the time, or in the space, that there is."""


class Budget:
    """What is left."""

    def __init__(self, *, seconds: float = SECONDS, unpacked: int = UNPACKED, files: int = FILES) -> None:
        self._until = time.monotonic() + seconds
        self._unpacked = unpacked
        self._files = files

    @property
    def seconds(self) -> float:
        """The time that is left. Raises TooMuch if there is none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TooMuch("it takes too long to look through")
        return left

    def file(self) -> None:
        """Take one more file. Raises TooMuch."""
        self._files -= 1
        if self._files < 0:
            raise TooMuch("it holds too many files to look through")
        _ = self.seconds

    def unpack(self, size: int) -> None:
        """Take so many unpacked bytes. Raises TooMuch."""
        self._unpacked -= size
        if self._unpacked < 0:
            raise TooMuch("it unpacks to more than anybody can look through")
        _ = self.seconds


class Unpacking:
    """A stream of unpacked bytes that is read within a budget; damage to what is packed is a ValueError."""

    def __init__(self, stream: Any, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer at the end. Raises TooMuch, ValueError."""
        data = self._taken(self._stream.read, size)
        while 0 <= len(data) < size and (more := self._taken(self._stream.read, size - len(data))):
            data += more
        return data

    def readline(self, size: int = BLOCK) -> bytes:
        """A line, or as much of it as anybody reads. Raises TooMuch, ValueError."""
        return self._taken(self._stream.readline, size)

    def _taken(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            data = read(min(size, BLOCK) if size >= 0 else BLOCK)
        except DAMAGE as error:
            raise ValueError(f"what is packed is damaged: {error}") from error
        self._budget.unpack(len(data))
        return data


class Started:
    """A stream whose first bytes have been looked at: they come again."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        taken, self._start = self._start[:size], self._start[size:]
        return taken if len(taken) == size else taken + self._stream.read(size - len(taken))

    def readline(self, size: int) -> bytes:
        """A line."""
        place = self._start.find(b"\n") + 1
        if place or not self._stream:
            return self.read(place)
        taken, self._start = self._start, b""
        return taken + self._stream.readline(size)
