"""While a window is open, it knows how the queue is, and has somebody work at it where jobs wait and nobody does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from runfolio.core.entities import Changes
from runfolio.core.queue.records import QueueState
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.queue.reading import queue_state
from runfolio.store.queue.starting import start_if_due

#: Counts that move faster cannot be read; who works is looked for so soon after a change, and in any case so often.
#: Milliseconds.
PACE, SOON_MS, EVERY_MS = 250, 300, 60_000


class QueueFollower(QObject):
    """Keeps `session.queue` up to date, and looks now and then whether somebody must be started.

    Who works is a process of its own: the window neither waits nor fails by it, and it lives on when that is closed.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        complaint = "The queue could not be read."
        self._refresh: Refresh[QueueState] = Refresh(
            session, self._job, session.queue.show_state, complaint, self, PACE
        )
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        session.changed.connect(self._on_changed)
        self._timer.start(SOON_MS)
        self._refresh.ask_now()

    def _job(self) -> Callable[[], QueueState]:
        return partial(queue_state, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.queue:
            self._refresh.ask()
            if self._timer.remainingTime() > SOON_MS:
                self._timer.start(SOON_MS)

    @Slot()
    def look(self) -> None:
        """Look now whether somebody must be started."""
        self._timer.stop()
        # Trouble with the store is told by those who read it for the user.
        self._session.jobs.read(partial(_start, self._session.store), self._again, failed=self._again)

    def _again(self, _: object) -> None:
        self._timer.start(EVERY_MS)


def _start(store: Store) -> bool:
    return start_if_due(store)
