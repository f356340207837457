"""The small curves beside metrics: the first ones come with the run, the others when they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from runfolio.core.system_tags import is_system_metric
from runfolio.gui.runs.reading import Picture, read_pictures
from runfolio.gui.runs.trends import Trends
from runfolio.gui.session import Session
from runfolio.store import Store

#: So many are read together with the run.
FIRST = 32

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
        self._trends = Trends(session, self)
        self._trends.came.connect(self.came)

    def set_run(self, run: int, pictures: Pictures) -> None:
        """Another run, with those of its pictures that are there already."""
        if run != self.run:
            self._trends.clear()
        self.run = run
        self._trends.put({(run, key): picture for key, picture in pictures.items()})

    def picture(self, key: str) -> Picture | None:
        """A metric's picture, the old one if need be; a missing or old one is asked for."""
        return self._trends.picture(self.run, key)

    @property
    def color(self) -> int:
        """The number of the run's colour."""
        return self._session.colors.number(self.run)

    def mark(self) -> None:
        """The run has changed: what is on screen is drawn anew when the pace allows."""
        self._trends.mark(frozenset([self.run]))
