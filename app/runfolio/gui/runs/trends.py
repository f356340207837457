"""The small curves of the trend column: read for the runs on screen, kept while they are useful."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.reading import Picture, read_pictures
from runfolio.gui.session import Session
from runfolio.store import Store

AT_ONCE = 64
MOST_KEPT = 4096
# A running curve is drawn anew so often, in milliseconds; a picture of 100 pixels does not move faster.
PACE = 1000


class Trends(QObject):
    """The pictures of one metric, by run.

    Signals:
        came(): pictures that were missing or old have come.
    """

    came = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._key: str | None = None
        self._pictures: dict[int, Picture | None] = {}
        self._stale: set[int] = set()
        self._changed: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._refresh = Refresh(session, self._prepare, self._take, "The trends could not be read.", self)
        # Painting must not start jobs: what it misses is asked for when the event loop is back.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh.ask)
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self._on_pace)

    @property
    def key(self) -> str | None:
        """The metric that is drawn."""
        return self._key

    def set_key(self, key: str | None) -> None:
        """Draw another metric."""
        if key != self._key:
            self._key = key
            self._pictures.clear()
            self._stale.clear()

    def picture(self, run: int) -> Picture | None:
        """A run's picture, the old one if need be; a missing or old one is asked for."""
        if run not in self._pictures or run in self._stale:
            self._wanted.pop(run, None)
            self._wanted[run] = None
            if not self._soon.isActive():
                self._soon.start()
        return self._pictures.get(run)

    def mark(self, runs: Iterable[int]) -> None:
        """These runs have changed; those on screen are drawn anew when the pace allows."""
        self._changed.update(runs)
        if not self._pace.isActive():
            self._pace.start()

    def _on_pace(self) -> None:
        self._stale.update(self._changed & self._pictures.keys())
        self._changed.clear()
        self.came.emit()

    def _prepare(self) -> Callable[[], tuple[str, dict[int, Picture | None]]] | None:
        runs = list(self._wanted)[-AT_ONCE:]
        self._wanted.clear()
        if not runs or self._key is None:
            return None
        self._stale.difference_update(runs)
        return partial(_keyed, self._session.store, runs, self._key)

    def _take(self, answer: tuple[str, dict[int, Picture | None]]) -> None:
        key, pictures = answer
        if key != self._key:
            return
        self._pictures.update(pictures)
        for run in list(self._pictures)[: max(len(self._pictures) - MOST_KEPT, 0)]:
            del self._pictures[run]
        self.came.emit()


def _keyed(store: Store, runs: list[int], key: str) -> tuple[str, dict[int, Picture | None]]:
    return key, read_pictures(store, runs, key)
