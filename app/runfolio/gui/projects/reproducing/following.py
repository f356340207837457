"""Waits for a job that runs something again, and then offers to show what has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject, Slot

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.core.queue.records import OVER, Job
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.queue.reading import get_job

PACE = 500


class Following(QObject):
    """Reads a job whenever the queue has changed, until it is over or gone."""

    def __init__(self, session: Session, job: int, old: str, name: str) -> None:
        super().__init__(session)
        self._session, self._number, self._old, self._name = session, job, old, name
        complaint = "The job could not be read."
        self._refresh: Refresh[Job | None] = Refresh(session, self._job, self._take, complaint, self, PACE)
        session.changed.connect(self._on_changed)
        self._refresh.ask()

    def _job(self) -> Callable[[], Job | None]:
        return partial(_read, self._session.store, self._number)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.queue:
            self._refresh.ask()

    def _take(self, job: Job | None) -> None:
        if job is not None and job.state not in OVER:
            return
        self._session.changed.disconnect(self._on_changed)
        self.deleteLater()
        if job is not None and job.run_uuid:
            show = partial(self._session.projects.changes_wanted.emit, self._old, job.run_uuid)
            told = f"{self._name} was run again: {job.state}. See what has changed."
            self._session.message.emit(Message(told, show=show))


def follow(session: Session, old: str, name: str, job: int) -> None:
    """Tell when the job that runs a run again is over; `old` is the id of that run."""
    Following(session, job, old, name)


def _read(store: Store, number: int) -> Job | None:
    with suppress(NotFound):
        return get_job(store, number)
    return None
