"""The small curves of trend columns: read for the runs on screen, kept while they are useful."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.reading import Picture, read_pictures
from runfolio.gui.session import Session

#: A run and the name of a metric.
Curve: TypeAlias = tuple[int, str]
AT_ONCE = 64
MOST_KEPT = 4096
# A running curve is drawn anew so often, in milliseconds; a picture of 100 pixels does not move faster.
PACE = 1000


class Trends(QObject):
    """The pictures of runs' metrics.

    Signals:
        came(): pictures that were missing or old have come.
    """

    came = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures: dict[Curve, Picture | None] = {}
        self._stale: set[Curve] = set()
        self._changed: set[int] = set()
        self._wanted: dict[Curve, None] = {}
        self._refresh = Refresh(session, self._prepare, self._take, "The trends could not be read.", self)
        # Painting must not start jobs: what it misses is asked for when the event loop is back.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh.ask)
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self._on_pace)

    def picture(self, run: int, key: str) -> Picture | None:
        """The picture of a run's metric, the old one if need be; a missing or old one is asked for."""
        curve = run, key
        if curve not in self._pictures or curve in self._stale:
            self._wanted.pop(curve, None)
            self._wanted[curve] = None
            if not self._soon.isActive():
                self._soon.start()
        return self._pictures.get(curve)

    def mark(self, runs: Iterable[int]) -> None:
        """These runs have changed; those on screen are drawn anew when the pace allows."""
        self._changed.update(runs)
        if not self._pace.isActive():
            self._pace.start()

    def _on_pace(self) -> None:
        self._stale.update(curve for curve in self._pictures if curve[0] in self._changed)
        self._changed.clear()
        self.came.emit()

    def _prepare(self) -> Callable[[], dict[Curve, Picture | None]] | None:
        wanted = list(self._wanted)[-AT_ONCE:]
        self._wanted.clear()
        self._stale.difference_update(wanted)
        return partial(read_pictures, self._session.store, wanted) if wanted else None

    def _take(self, pictures: dict[Curve, Picture | None]) -> None:
        self._pictures.update(pictures)
        for curve in list(self._pictures)[: max(len(self._pictures) - MOST_KEPT, 0)]:
            del self._pictures[curve]
        self.came.emit()
