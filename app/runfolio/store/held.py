"""Which databases this process has open.

Closing any descriptor of a file drops all POSIX locks that the process has on it, SQLite's too. Another process that
then ends takes itself for the last and removes the write-ahead log that this one goes on writing to: what it writes is
lost (https://sqlite.org/howtocorrupt.html, section 2.2). So a database that is open here is left to SQLite.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

#: Device and number of a file: one file may have several paths.
FileId: TypeAlias = tuple[int, int]

_held: Counter[FileId] = Counter()
_guard = threading.Lock()


def file_id(path: Path) -> FileId | None:
    """Which file is at a path; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def hold(file: FileId | None) -> None:
    """Note that SQLite is about to open a file."""
    with _guard:
        if file is not None:
            _held[file] += 1


def release(file: FileId | None) -> None:
    """Note that it has been closed, as often as it was held."""
    with _guard:
        if file is not None:
            _held[file] -= 1


@contextmanager
def beside(path: Path) -> Iterator[bool]:
    """True where a file may be opened without SQLite; as long as the context lasts nobody here begins to hold it."""
    with _guard:
        yield _held[file_id(path) or (0, 0)] <= 0


def _begin_in_child() -> None:
    """Another thread may have had the guard when the process was forked."""
    global _guard
    _guard = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
