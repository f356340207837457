"""What this process logs to: one journal and one background thread per store, ended with the process."""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.client.pump import Pump
from runfolio.core.environment import is_on
from runfolio.core.errors import StoreReadOnly
from runfolio.core.folder import JOURNAL, check_folder
from runfolio.core.paths import store_path
from runfolio.journal.append import JournalWriter

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun
    from runfolio.store import Store


class Tracker:
    """A store as this process writes to it; one that nothing can be written to is still read.

    Attributes:
        folder: the store's folder.
        runs: the runs of this process that log here.
    """

    def __init__(self, folder: Path) -> None:
        check_folder(folder)
        self.folder = folder
        self.runs: weakref.WeakSet[ActiveRun] = weakref.WeakSet()
        self._store: Store | None = None
        self._refused = ""
        self._writer: JournalWriter | None = None
        self._pump: Pump | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a journal, if there is none yet; that it cannot be made is told when something is to be logged."""
        if self._writer is None:
            try:
                self._writer = JournalWriter(self.folder / JOURNAL)
            except OSError as error:
                self._refused = f"Nothing can be logged to {self.folder}: {error}."
            else:
                self._pump = Pump(self.folder, self._writer, left=is_on("WATCHED", default=False))

    @property
    def writer(self) -> JournalWriter:
        """This process's journal in the store. Raises StoreReadOnly."""
        if self._writer is None:
            raise StoreReadOnly(self._refused, "Choose another store.")
        return self._writer

    @property
    def pump(self) -> Pump:
        """What brings the journal in. Raises StoreReadOnly."""
        if self._pump is None:
            raise StoreReadOnly(self._refused, "Choose another store.")
        return self._pump

    @property
    def at_work(self) -> threading.Lock | None:
        """What is held while something is brought in; None where nothing can be."""
        return None if self._pump is None else self._pump.at_work

    def place(self) -> Path:
        """The store's folder, wherever it was moved to with the journal in it. Raises OSError if nobody knows where."""
        return self.folder if self._writer is None else self._writer.place().parent.parent

    def flush(self) -> bool:
        """Wait until everything logged so far is in the tables."""
        return self._pump is None or self._pump.flush()

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
        if self._pump is not None:
            self._pump.stop()
        if self._store is not None:
            self._store.close()

    def forget(self) -> None:
        """In a forked child: the journal and its thread are the parent's."""
        if self._writer is not None:
            self._writer.close()
        self._detach_runs()

    def _detach_runs(self) -> None:
        for run in list(self.runs):
            run.detach()


_trackers: dict[Path, Tracker] = {}
_guard = threading.Lock()
_held: list[threading.Lock] = []
_of_the_parent: list[Tracker] = []


def tracker(uri: str | os.PathLike[str] | None = None) -> Tracker:
    """The tracker of a store, made on first use. Raises StoreError if it is no place for a store."""
    folder = store_path(uri)
    with _guard:
        found = _trackers.get(folder)
        if found is None:
            found = _trackers[folder] = Tracker(folder)
        found.begin()  # what could not be written to may be by now
        return found


def close_all() -> None:
    """Bring in what every tracker of this process holds."""
    with _guard:
        for one in _trackers.values():
            one.close()
        _trackers.clear()


def _before_fork() -> None:
    global _held
    locks = _guard, *(one.at_work for one in _trackers.values())
    _held = [lock for lock in locks if lock is not None and lock.acquire(timeout=10)]


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
