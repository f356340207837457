"""File locks that end with their holder, however it ends. Standard library alone."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int, shared: bool) -> bool:  # Windows has no shared ones of these
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int, shared: bool) -> bool:
        # flock, not lockf: a POSIX record lock is dropped as soon as any descriptor of the file is closed.
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def acquire(path: Path, *, create: bool = True, shared: bool = False) -> int | None:
    """Take the lock of a file, by default made if missing, and return the open descriptor; None if another holds it.

    Several may hold a `shared` one at once, and none the whole lock then; on Windows there are no shared ones.

    Closing the descriptor, or the end of the process, frees the lock. Raises OSError if the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o644)
    if _try_lock(descriptor, shared):
        return descriptor
    os.close(descriptor)
    return None


@contextmanager
def locked(path: Path, timeout: float = 60.0, *, shared: bool = False) -> Iterator[bool]:
    """Hold the lock of a file, waiting up to `timeout` seconds for it; yields whether it was had."""
    deadline = time.monotonic() + timeout
    while (descriptor := acquire(path, shared=shared)) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)
