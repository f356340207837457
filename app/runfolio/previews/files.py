"""Opens files to be looked at: plain ones only, without waiting, and known again as long as they are unchanged."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from runfolio.core.errors import CannotShow

# A pipe is opened without waiting for whoever would write to it.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file in the state it was found in: another size or time is another file.

    Attributes:
        path: where it is.
        modified: its time of modification, in nanoseconds of the epoch.
        size: in bytes.
    """

    path: str
    modified: int
    size: int


def open_plain(path: str) -> BinaryIO:
    """Open a file for reading. Raises CannotShow for folders, pipes, devices, and for what cannot be opened."""
    try:
        number = os.open(path, FLAGS)
    except IsADirectoryError as error:
        raise CannotShow("This is a folder.") from error
    except PermissionError as error:
        if os.path.isdir(path):  # noqa: PTH112 - as Windows says it of a folder
            raise CannotShow("This is a folder.") from error
        raise CannotShow("The file may not be read.", "Its permissions do not let you.") from error
    except FileNotFoundError as error:
        raise CannotShow("The file is not there any more.") from error
    except (OSError, ValueError) as error:
        raise CannotShow(f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.") from error
    mode = os.fstat(number).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(number, "rb")
    os.close(number)
    raise CannotShow("This is a folder." if stat.S_ISDIR(mode) else "This is a pipe or a device, and no file.")


@contextmanager
def opened_to_stay(path: str) -> Iterator[BinaryIO]:
    """Open a file that is kept open, but if looking at it for the first time raises. Raises as `open_plain` does."""
    stream = open_plain(path)
    try:
        yield stream
    except BaseException:
        stream.close()
        raise


def stamp(path: str) -> Stamp:
    """The state of a plain file now. Raises CannotShow as `open_plain` does."""
    with open_plain(path) as stream:
        return stamp_of(path, stream)


def stamp_of(path: str, stream: BinaryIO) -> Stamp:
    """The state of an open file."""
    found = os.fstat(stream.fileno())
    return Stamp(path, found.st_mtime_ns, found.st_size)


def read_whole(path: str, most: int, what: str) -> bytes:
    """All bytes of a file that is read as a whole. Raises CannotShow if it has more than `most`, or none."""
    from runfolio.core import numbers

    with open_plain(path) as stream:
        size = stamp_of(path, stream).size
        if size > most:
            raise CannotShow(
                f"{what} of more than {numbers.size(most)} is not shown; this file has {numbers.size(size)}.",
                "Its text and its bytes can be looked at.",
            )
        data = stream.read(most + 1)
    if not data:
        raise CannotShow("This file is empty.")
    return data
