"""Reads something from the store again and again: one job at a time, and once more if asked meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from runfolio.core.errors import StoreError
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.pending import Pending
from runfolio.gui.session import Session

T = TypeVar("T")
PATIENCE = 3
# What the store could not give is asked for once more after so long, in milliseconds, unless something asks before.
TROUBLE_MS = 2_000


class Refresh(Generic[T]):
    """News that come while a job is under way, or within `interval` after one, go together into the next.

    What takes long is read less often: with an interval, such a job waits three times as long as the last one took.

    `prepare` is called on the main thread and returns the function to run on a worker, or None if there is nothing
    to read; `done` gets the answer on the main thread, or `failed` is called when there is none. What these ask for
    is read after them.

    What `prepare` takes out of `pending` waits there again if the job fails or `done` calls `read_again`. Trouble with
    the store is told once, and then tried again until it is over.
    """

    def __init__(
        self,
        session: Session,
        prepare: Callable[[], Callable[[], T] | None],
        done: Callable[[T], None],
        complaint: str,
        parent: QObject,
        interval: int = 0,
        failed: Callable[[], None] = lambda: None,
        pending: Pending[Any] | None = None,
    ) -> None:
        self._session = session
        self._prepare = prepare
        self._done = done
        self._complaint = complaint
        self._failed = failed
        self._pending: Pending[Any] = Pending() if pending is None else pending
        self._busy = False
        self._job: Job | None = None
        self._held = False
        self._due = False
        self._urgent = False
        self._interval = interval
        self._took = 0.0
        self._trouble: type[Exception] | None = None
        self._told = ""
        self._retry = QTimer(parent, singleShot=True)
        self._retry.timeout.connect(self.ask)
        self._timer = QTimer(parent, singleShot=True)
        self._timer.timeout.connect(self._start_if_due)

    @property
    def idle(self) -> bool:
        """True when nothing is under way and nothing is due."""
        return not (self._busy or self._due or self._retry.isActive())

    @property
    def busy(self) -> bool:
        """True while something is being read."""
        return self._busy

    def ask(self) -> None:
        """Read as soon as it may be."""
        self._due = True
        if not self._timer.isActive():
            self._start_if_due()

    def ask_now(self) -> None:
        """Read without waiting for the interval, at once or after the job that is under way: the user has asked."""
        self._urgent = True
        self._timer.stop()
        self.ask()

    def ask_instead(self) -> None:
        """The same, and nobody wants the answer any more that is being read for: it is stopped."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._pending.restore()
            self._busy = False
        self.ask_now()

    def ask_after(self, milliseconds: int) -> None:
        """The same when what is there has had so long to be painted, with which a job would compete."""
        self._due = self._urgent = True
        self._timer.start(milliseconds)

    def ask_soon(self) -> None:
        """Read when the event loop is back: painting, which may miss many things, must not start jobs."""
        self._due = True
        if not self._timer.isActive():
            self._timer.start(0)

    def hold(self, held: bool) -> None:
        """Read nothing, and show nothing that was asked for before, until it is let go; then what is due."""
        self._held = held
        if not self._timer.isActive():
            self._start_if_due()

    def read_again(self) -> None:
        """For `done`: the answer is of no use any more, and what it was about is to be read once more."""
        self._pending.restore()
        self.ask_now()

    def _start_if_due(self) -> None:
        if self._busy or self._held or not self._due:
            return
        self._due = self._urgent = False
        self._retry.stop()
        work = self._prepare()
        if work is None:
            self._pending.settle()
        else:
            self._busy = True
            self._job = self._session.jobs.read(partial(self._timed, work), self._on_done, failed=self._on_failed)

    def _timed(self, work: Callable[[], T]) -> T:
        """On the worker: what a job waits for others, and for the main thread, is not what it takes."""
        began = monotonic()
        try:
            return work()
        finally:
            self._took = monotonic() - began

    def _on_done(self, answer: T) -> None:
        self._job = None
        if self._trouble is not None:
            self._trouble = None
            self._session.withdrawn.emit(self._told)
        self._finish(self.read_again if self._held else partial(self._done, answer))

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        if type(error) is not self._trouble:
            self._trouble = type(error)
            message = Message.of_error(error, self._complaint)
            self._told = message.text
            self._session.message.emit(message)
        self._pending.restore()
        if isinstance(error, StoreError):
            self._retry.start(TROUBLE_MS)
        self._finish(self._failed)

    def _finish(self, take: Callable[[], None]) -> None:
        if self._interval and not self._urgent:
            self._timer.start(max(self._interval, round(1000 * PATIENCE * self._took)))
        try:
            take()
        finally:
            self._pending.settle()
            self._busy = False
        if not self._timer.isActive():
            self._start_if_due()
