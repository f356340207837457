"""Has what changes much of a window done piece by piece, so that no frame waits for the painting of two of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer

#: Milliseconds from one to the next: the frames of a display are as far apart.
FRAME = 16
#: In one frame, answers are taken that begin within so many milliseconds; most of them change nothing in sight.
SHORT = 2.0

Thing: TypeAlias = Callable[[], None]


class Turns(QObject):
    """Does several things, one in a frame or, of what is short, some."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._first: deque[Thing] = deque()
        self._waiting: deque[Thing] = deque()
        self._spent = 0.0
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._on_time)

    @property
    def idle(self) -> bool:
        """True when nothing waits."""
        return not (self._first or self._waiting)

    def take(self, things: Iterable[Thing]) -> None:
        """Do these after all that wait: the first one too in another frame, for this one has to paint what came with
        them.
        """
        self._waiting.extend(things)
        if self._waiting and not self._timer.isActive():
            self._timer.start()

    def first(self, thing: Thing) -> None:
        """Do this before all that wait: at once, unless much has been done in this frame."""
        self._first.append(thing)
        if not self._timer.isActive():
            self._spent = 0.0
            self._timer.start()
        self._do_first()

    def clear(self) -> None:
        """Do nothing of what waits."""
        self._first.clear()
        self._waiting.clear()
        self._timer.stop()

    def _on_time(self) -> None:
        self._spent = 0.0
        if self._first:
            self._do_first()
        elif self._waiting:
            self._do(self._waiting)
        else:
            self._timer.stop()

    def _do_first(self) -> None:
        while self._first and self._spent < SHORT:
            self._do(self._first)

    def _do(self, things: deque[Thing]) -> None:
        began = perf_counter()
        try:
            things.popleft()()
        finally:
            self._spent += 1000 * (perf_counter() - began)
