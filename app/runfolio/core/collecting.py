"""Python's search for garbage, kept away while very many things are made that all stay."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders = 0
_was_on = False


@contextmanager
def without_collections() -> Iterator[None]:
    """While a hundred thousand records are made, it would go through all there is several times, in vain.

    Meanwhile no other thread runs, the window's neither. It is off for all threads until the last one is done.
    """
    global _holders, _was_on
    with _lock:
        if not _holders:
            _was_on = gc.isenabled()
            gc.disable()
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if not _holders and _was_on:
                gc.enable()
