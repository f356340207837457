"""Keeps scrolling smooth: what a frame has no time for is painted in the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

#: Seconds for the rows of one frame, whatever the size of the window; a display's frame of 16 ms has more to do.
TIME = 0.004
#: So long after the last movement, in milliseconds, paints are in no hurry any more.
CALM = 100


class Rolling(QObject):
    """Tells which rows a paint has time for. While nothing moves, all of them.

    Signals:
        due(int, int): it is time to paint these rows, the first and the last one.
    """

    due = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._late: list[int] = []
        self._moving = QTimer(self, singleShot=True, interval=CALM)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._on_next)

    @property
    def moving(self) -> bool:
        """True while the table is being scrolled, when there is time for nothing else."""
        return self._moving.isActive()

    def moved(self) -> None:
        """The table has been scrolled."""
        self._moving.start()

    def in_time(self, rows: Sequence[int]) -> Iterator[int]:
        """As many of the rows, one at least, as there is time for; the others come with `due`."""
        until = perf_counter() + TIME if self._moving.isActive() else None
        for number, row in enumerate(rows):
            if until is not None and number and perf_counter() > until:
                self._late += rows[number:]
                self._next.start()
                return
            yield row

    def _on_next(self) -> None:
        first, last = min(self._late), max(self._late)
        self._late.clear()
        self.due.emit(first, last)
