"""While a window is open, what is to be told of moves is told when it is due, also long after the move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from runfolio.core.clock import now_ms
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.deliveries import start_if_due

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

#: So often it is looked whether something is due, in milliseconds.
EVERY_MS = 60_000


class Delivering(QObject):
    """Looks now and then, and has a process of its own tell what is due: the window neither waits nor fails by it."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Look now."""
        self._timer.stop()
        # Trouble with the store is told by those who read it for the user.
        self._session.jobs.read(partial(_look, self._session.store), self._again, failed=self._again)

    def _again(self, _: object) -> None:
        self._timer.start()


def _look(store: Store) -> bool:
    return start_if_due(store, now_ms())


def add_delivering(window: MainWindow) -> None:
    """Have it done as long as a window is open."""
    Delivering(window.session, parent=window)
