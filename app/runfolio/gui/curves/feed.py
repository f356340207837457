"""Brings what the charts need from the store: one job at a time, asked again only when it has answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from runfolio.gui.curves.reading import Answer, Question, answer
from runfolio.gui.session import Session


class Feed(QObject):
    """Asks for whatever is out of date; news that come while a job runs go together into the next one."""

    def __init__(
        self,
        session: Session,
        ask: Callable[[], Question | None],
        take: Callable[[Question, Answer], None],
        lose: Callable[[Question], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._ask = ask
        self._take = take
        self._lose = lose
        self._busy = False

    @property
    def busy(self) -> bool:
        """True while a job is under way."""
        return self._busy

    def refresh(self) -> None:
        """Read what is out of date, now or as soon as the job under way is done."""
        if self._busy:
            return
        question = self._ask()
        if question is None:
            return
        self._busy = True
        work = partial(answer, self._session.store, question)
        self._session.jobs.read(work, partial(self._done, question), failed=partial(self._failed, question))

    def _done(self, question: Question, found: Answer) -> None:
        self._busy = False
        self._take(question, found)
        self.refresh()

    def _failed(self, question: Question, error: Exception) -> None:
        """Tell the user; what could not be read stays out of date until the next change or choice asks for it again."""
        self._busy = False
        self._lose(question)
        self._session.jobs.failed.emit(error, "Reading curves")
