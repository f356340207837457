"""Has what changes much of a window done piece by piece, so that no frame waits for the painting of two of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer

#: Milliseconds from one to the next: the frames of a display are as far apart.
FRAME = 16

Thing: TypeAlias = Callable[[], None]


class Turns(QObject):
    """Does several things, one in a frame."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._first: deque[Thing] = deque()
        self._waiting: deque[Thing] = deque()
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
        """Do this before all that wait: at once, unless something has been done in this frame."""
        if self._timer.isActive():
            self._first.append(thing)
        else:
            self._timer.start()
            thing()

    def clear(self) -> None:
        """Do nothing of what waits."""
        self._first.clear()
        self._waiting.clear()
        self._timer.stop()

    def _on_time(self) -> None:
        if self.idle:
            self._timer.stop()
        else:
            (self._first or self._waiting).popleft()()
