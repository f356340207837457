"""Lets somebody stop what a thread reads, be it in the middle of a question to the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from sqlalchemy import Connection

from runfolio.core.errors import Stopped


class Stop:
    """Whoever reads `within` it can be stopped, from any thread.

    Attributes:
        asked: True once it is to be.
    """

    def __init__(self) -> None:
        self.asked = False
        self._lock = Lock()
        self._reading: list[Connection] = []

    def ask(self) -> None:
        """Have what is being read raise Stopped, and all that would be read after it."""
        with self._lock:
            self.asked = True
            for connection in self._reading:
                raw = connection.connection.driver_connection
                assert isinstance(raw, sqlite3.Connection)
                raw.interrupt()  # what it is asked next is not concerned

    @contextmanager
    def within(self) -> Iterator[None]:
        """What this thread reads meanwhile can be stopped."""
        token = _STOP.set(self)
        try:
            yield
        finally:
            _STOP.reset(token)

    @contextmanager
    def _watching(self, connection: Connection) -> Iterator[None]:
        with self._lock:
            self._reading.append(connection)
        try:
            if self.asked:
                raise Stopped
            yield
        except Exception as error:
            if self.asked:
                raise Stopped from error
            raise
        finally:
            with self._lock:
                self._reading.remove(connection)


_STOP: ContextVar[Stop | None] = ContextVar("stop", default=None)


def asked() -> bool:
    """Whether nobody waits any more for what this thread reads: for work that goes on without the database."""
    stop = _STOP.get()
    return stop is not None and stop.asked


@contextmanager
def watching(connection: Connection) -> Iterator[None]:
    """Read on a connection that can be stopped, if this thread is within a Stop. Raises Stopped."""
    stop = _STOP.get()
    if stop is None:
        yield
    else:
        with stop._watching(connection):
            yield
