"""Has things drawn one after another, so that no frame waits for the painting of all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

#: Milliseconds from one to the next: the frames of a display are as far apart.
FRAME = 16


class Turns(QObject):
    """Does several things, one in a frame: the first one too comes a frame later, for this one has to paint what came
    with them, as the new order of a table.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._on_time)

    @property
    def idle(self) -> bool:
        """True when nothing waits."""
        return not self._waiting

    def take(self, things: Iterable[Callable[[], None]]) -> None:
        """Do these after all that wait."""
        self._waiting.extend(things)
        if self._waiting and not self._timer.isActive():
            self._timer.start()

    def _on_time(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        self._waiting.popleft()()
