"""The small curves of metrics: read for the runs on screen, kept while they are useful."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.reading import Picture, read_pictures
from runfolio.gui.session import Session
from runfolio.store import Store

#: A run and the name of a metric.
Curve: TypeAlias = tuple[int, str]
Pictures: TypeAlias = Mapping[Curve, Picture | None]
AT_ONCE = 64
MOST_KEPT = 4096
# A running curve is drawn anew so often, in milliseconds; a picture of 100 pixels does not move faster.
PACE = 1000


class Trends(QObject):
    """The pictures of runs' metrics. Each knows the turn in which it was asked for: it is old once its run is marked.

    Signals:
        came(): pictures that were missing or old have come, or may be old now.
    """

    came = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures: dict[Curve, tuple[int, Picture | None]] = {}
        self._turns = count(1)
        self._cleared = 0
        self._marked: dict[int, int] = {}
        self._changed: list[frozenset[int]] = []
        self._wanted: Pending[Curve] = Pending()
        self._refresh = Refresh(
            session, self._prepare, self._take, "The curves could not be read.", self, pending=self._wanted
        )
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self._on_pace)

    @property
    def idle(self) -> bool:
        """True when no picture is to be drawn anew and none is being read."""
        return self._refresh.idle and not self._pace.isActive()

    def picture(self, run: int, key: str) -> Picture | None:
        """The picture of a run's metric, the old one if need be; a missing or old one is asked for."""
        curve = run, key
        turn, picture = self._pictures.get(curve, (0, None))
        if turn <= max(self._cleared, self._marked.get(run, 0)) and curve not in self._wanted:
            self._wanted.add([curve])
            self._refresh.ask_soon()
        return picture

    def mark(self, runs: frozenset[int]) -> None:
        """These runs have changed; those on screen are drawn anew when the pace allows."""
        self._changed.append(runs)
        if not self._pace.isActive():
            self._pace.start()

    def put(self, pictures: Pictures) -> None:
        """Pictures that were read elsewhere."""
        self._keep(next(self._turns), pictures)

    def clear(self) -> None:
        """Forget all pictures; what is under way is too old when it comes."""
        self._cleared = next(self._turns)
        self._pictures.clear()
        self._wanted.clear()

    def _on_pace(self) -> None:
        turn, known = next(self._turns), {run for run, _key in (*self._pictures, *self._wanted)}
        changed = {run for part in self._changed for run in known if run in part}
        self._marked = {run: turn if run in changed else self._marked.get(run, 0) for run in known}
        self._changed.clear()
        self.came.emit()

    def _prepare(self) -> Callable[[], tuple[int, Pictures]] | None:
        # Scrolling passes many; only the last ones can still be on screen.
        wanted = self._wanted.take()[-AT_ONCE:]
        return partial(_read, self._session.store, next(self._turns), wanted) if wanted else None

    def _take(self, answer: tuple[int, Pictures]) -> None:
        self._keep(*answer)

    def _keep(self, turn: int, pictures: Pictures) -> None:
        self._pictures.update((curve, (turn, picture)) for curve, picture in pictures.items())
        for curve in list(self._pictures)[: max(len(self._pictures) - MOST_KEPT, 0)]:
            del self._pictures[curve]
        self.came.emit()


def _read(store: Store, turn: int, wanted: list[Curve]) -> tuple[int, Pictures]:
    return turn, read_pictures(store, wanted)
