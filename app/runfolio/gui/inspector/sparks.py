"""The small curves beside metrics: the first ones come with the run, the others when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from runfolio.core.system_tags import is_system_metric
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.reading import Picture, read_pictures
from runfolio.gui.session import Session
from runfolio.store import Store

#: So many are read together with the run, and at once later on.
FIRST = 32
# The curve of a run that is going is drawn anew so often, in milliseconds.
PACE = 1000

Pictures = Mapping[str, Picture | None]


def read_sparks(store: Store, run: int, keys: Sequence[str]) -> dict[str, Picture | None]:
    """The small pictures of some of a run's metrics; None for one that has no line to draw."""
    return {key: read_pictures(store, [(run, key)])[run, key] for key in keys}


def first_keys(keys: Sequence[str]) -> list[str]:
    """Those whose pictures are seen first."""
    return sorted(keys, key=is_system_metric)[:FIRST]


class Sparks(QObject):
    """The pictures of one run's metrics.

    Attributes:
        run: the run that they are of; it says in what colour they are drawn.

    Signals:
        came(): pictures that were missing or old have come.
    """

    came = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.run = 0
        self._session = session
        self._pictures: dict[str, Picture | None] = {}
        self._old: set[str] = set()
        self._wanted: dict[str, None] = {}
        self._refresh = Refresh(session, self._prepare, self._take, "The curves could not be read.", self)
        # Painting must not start jobs: what it misses is asked for when the event loop is back.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh.ask)
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self._on_pace)

    def set_run(self, run: int, pictures: Pictures) -> None:
        """Another run, with those of its pictures that are there already."""
        if run != self.run:
            self._pictures = {}
        self.run = run
        self._pictures |= pictures
        self._old -= set(pictures)
        self.came.emit()

    def picture(self, key: str) -> Picture | None:
        """A metric's picture, the old one if need be; a missing or old one is asked for."""
        if key not in self._pictures or key in self._old:
            self._wanted.pop(key, None)
            self._wanted[key] = None
            if not self._soon.isActive():
                self._soon.start()
        return self._pictures.get(key)

    @property
    def color(self) -> int:
        """The number of the run's colour."""
        return self._session.colors.number(self.run)

    def mark(self) -> None:
        """The run has changed: what is on screen is drawn anew when the pace allows."""
        if not self._pace.isActive():
            self._pace.start()

    def _on_pace(self) -> None:
        self._old.update(self._pictures)
        self.came.emit()

    def _prepare(self) -> Callable[[], tuple[int, Pictures]] | None:
        keys = list(self._wanted)[-FIRST:]
        self._wanted.clear()
        self._old.difference_update(keys)
        return partial(_of_run, self._session.store, self.run, keys) if keys else None

    def _take(self, answer: tuple[int, Pictures]) -> None:
        run, pictures = answer
        if run == self.run:
            self._pictures |= pictures
            self.came.emit()


def _of_run(store: Store, run: int, keys: Sequence[str]) -> tuple[int, Pictures]:
    return run, read_sparks(store, run, keys)
