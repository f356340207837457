"""What this process logs to: one journal and one background thread per store, ended with the process."""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.client.pump import Pump
from runfolio.core.errors import StoreReadOnly
from runfolio.core.folder import JOURNAL, check_folder
from runfolio.core.paths import store_path
from runfolio.journal.append import JournalWriter

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun
    from runfolio.store import Store


class Tracker:
    """A store as this process writes to it.

    Attributes:
        folder: the store's folder.
        writer: this process's journal in it.
        runs: the runs of this process that log here.
        pump: what brings the journal in.
    """

    def __init__(self, folder: Path) -> None:
        check_folder(folder)
        try:
            self.writer = JournalWriter(folder / JOURNAL)
        except OSError as error:
            raise StoreReadOnly(f"Nothing can be logged to {folder}: {error}.", "Choose another store.") from error
        self.folder = folder
        self.runs: weakref.WeakSet[ActiveRun] = weakref.WeakSet()
        self._store: Store | None = None
        self.pump = Pump(folder, self.writer)

    def place(self) -> Path:
        """The store's folder, wherever it was moved to with the journal in it. Raises OSError if nobody knows where."""
        return self.writer.place().parent.parent

    def flush(self) -> bool:
        """Wait until everything logged so far is in the tables."""
        return self.pump.flush()

    def opened_store(self) -> Store:
        """The store, opened for reading what was logged. Raises StoreError."""
        self.flush()
        return self.open_store()

    def open_store(self) -> Store:
        """The store, opened for reading what is in the tables by now. Raises StoreError."""
        if self._store is not None and not self._store.is_present():
            self._store.close()
            self._store = None
        if self._store is None:
            from runfolio.store import open_store

            self._store = open_store(self.folder)
        return self._store

    def close(self) -> None:
        """Bring everything in and let go of the journal; a run that is logged to after that gets another one."""
        self._detach_runs()
        self.pump.stop()
        if self._store is not None:
            self._store.close()

    def forget(self) -> None:
        """In a forked child: the journal and its thread are the parent's."""
        self.writer.close()
        self._detach_runs()

    def _detach_runs(self) -> None:
        for run in list(self.runs):
            run.detach()


_trackers: dict[Path, Tracker] = {}
_guard = threading.Lock()
_held: list[threading.Lock] = []
_of_the_parent: list[Tracker] = []


def tracker(uri: str | os.PathLike[str] | None = None) -> Tracker:
    """The tracker of a store, made on first use. Raises StoreError if nothing can be logged there."""
    folder = store_path(uri)
    with _guard:
        found = _trackers.get(folder)
        if found is None:
            found = _trackers[folder] = Tracker(folder)
        return found


def close_all() -> None:
    """Bring in what every tracker of this process holds."""
    with _guard:
        for one in _trackers.values():
            one.close()
        _trackers.clear()


def _before_fork() -> None:
    global _held
    _held = [lock for lock in (_guard, *(one.pump.at_work for one in _trackers.values())) if lock.acquire(timeout=10)]


def _after_fork_in_parent() -> None:
    for lock in _held:
        lock.release()


def _after_fork_in_child() -> None:
    global _guard
    _guard = threading.Lock()
    for one in _trackers.values():
        one.forget()
    # Kept: SQLite forbids even to close a connection that came through a fork (sqlite.org/howtocorrupt.html, 2.6).
    _of_the_parent.extend(_trackers.values())
    _trackers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
