"""The selected job: what it runs and what became of it, and beside that what its run prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.core.queue.records import Job, JobState
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.inspector.console_page import ConsolePage
from runfolio.gui.inspector.facts import Details, read_details
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.pages import Reader
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.queue.facts import fact_rows
from runfolio.gui.queue.words import ROLES, state_text
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.queue.reading import get_job
from runfolio.store.runs import find_run

PACE = 250
OUTPUT, NO_OUTPUT = range(2)
NO_JOB = "Select a job to see what it runs and what it prints."
SAID = {
    JobState.WAITING: "It waits: what it prints will be here as soon as it runs.",
    JobState.PREPARING: "It is being prepared: what it prints will be here.",
    JobState.RUNNING: "It has printed nothing yet.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read of a job.

    Attributes:
        number: its own. job: None if it is gone.
        details: its run, if it has one.
        found: what the page of the console reads of that; None if the run has no output.
    """

    number: int
    job: Job | None = None
    details: Details | None = None
    found: Any = None


class JobPanel(QWidget):
    """Follows one job of the store while it is seen.

    Attributes:
        title, state: what it is called, and how far it is.
        facts: what it runs, and what became of it.
        console: what its run prints.
        told: what is said where there is no output.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._number = 0
        self._run = 0
        self.title, self.state = ElidedLabel(), plain_label()
        self.facts = TextTable("What the job runs", session.theme.color, tight=True)
        self.console = ConsolePage(session, Memory(None), Sparks(session, self))
        self.told = muted(NO_JOB)
        self._output, self._whole = QStackedLayout(), QStackedLayout(self)
        self._place()
        complaint = "The job could not be read."
        self._refresh: Refresh[Answer] = Refresh(session, self._job, self._take, complaint, self, PACE)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self.facts.recolor)

    def _place(self) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.state)
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(16, 12, 12, 8)
        inner.setSpacing(8)
        inner.addLayout(top)
        inner.addWidget(self.facts)
        inner.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(left)
        right = QWidget()
        right.setLayout(self._output)
        nothing = QWidget()
        for label in (self.told, about := muted(NO_JOB)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        QVBoxLayout(nothing).addWidget(about)
        self._output.addWidget(self.console)
        self._output.addWidget(self.told)
        both = QSplitter()
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(area)
        both.addWidget(right)
        both.setSizes([4000, 6000])
        self._whole.addWidget(nothing)
        self._whole.addWidget(both)

    @property
    def settled(self) -> bool:
        """True when all is read."""
        return self._refresh.idle

    @property
    def number(self) -> int:
        """The job that is shown; 0 for none."""
        return self._number

    def show_job(self, number: int) -> None:
        """Show another job; 0 for none."""
        if number != self._number:
            self._number, self._run = number, 0
            self._refresh.ask_now()

    def _job(self) -> Callable[[], Answer] | None:
        if not self.isVisible():
            return None
        if not self._number:
            self._show_nothing()
            return None
        return partial(_read, self._session.store, self._number, self.console.reader())

    def _take(self, answer: Answer) -> None:
        if answer.number != self._number:
            self._refresh.read_again()
        elif answer.job is None:
            self._show_nothing()
        else:
            self._show(answer, answer.job)

    def _show_nothing(self) -> None:
        self.console.hidden()
        self._whole.setCurrentIndex(0)

    def _show(self, answer: Answer, job: Job) -> None:
        self.title.setText(job.title)
        self.state.setText(state_text(job))
        self.state.setProperty("role", ROLES[job.state])
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self.facts.set_rows(fact_rows(job, answer.details))
        self.told.setText(SAID.get(job.state, "It has printed nothing."))
        if answer.details is not None and answer.found is not None:
            self.console.show_run(answer.details, answer.found)
        else:
            self.console.hidden()
        self._output.setCurrentIndex(OUTPUT if answer.found is not None else NO_OUTPUT)
        self._whole.setCurrentIndex(1)
        self._select(answer.details)

    def _select(self, details: Details | None) -> None:
        """The run of the job is what is looked at everywhere, once: later the user may look at another one."""
        run = details.run.id if details is not None else 0
        if run and run != self._run:
            self._session.select_runs([run], run)
        self._run = run

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        # A job knows its run before the run is in the tables: which one it is, is only told once it is there.
        concerned = self._run in changes.runs if self._run else bool(changes.runs)
        if self.isVisible() and (changes.queue or concerned):
            self._refresh.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read now."""
        super().showEvent(event)
        self._refresh.ask_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.console.hidden()


def _read(store: Store, number: int, reader: Reader) -> Answer:
    try:
        job = get_job(store, number)
    except NotFound:
        return Answer(number)
    run = find_run(store, job.run_uuid) if job.run_uuid else None
    details = read_details(store, run) if run is not None else None
    if details is None or not ConsolePage.applies(details):
        return Answer(number, job, details)
    return Answer(number, job, details, reader(store, details))
