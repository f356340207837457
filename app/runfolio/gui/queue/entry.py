"""The ways to the jobs: at the foot of the navigator, and in the status bar while there are any."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from runfolio.core.numbers import count
from runfolio.core.queue.records import AT_WORK, JobState, QueueState
from runfolio.gui.chrome.elided import ElidedLink
from runfolio.gui.chrome.foot_entry import FootEntry
from runfolio.gui.middle import QUEUE, SWEEP
from runfolio.gui.queue.following import QueueFollower
from runfolio.gui.session import Session

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


class JobsEntry(FootEntry):
    """Tells how many jobs are not over."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Jobs", "jobs", session.theme, parent)
        self._session = session
        session.queue.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        running, waiting = numbers_of(self._session.queue.state)
        note = f"{count(running)} / {count(running + waiting)}" if running or waiting else ""
        self.set_note(note, f"Jobs, {told(self._session.queue.state) or 'none'}")


class JobsLink(ElidedLink):
    """How many jobs run and wait; a click shows their page. It is there only while there are any."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setToolTip("Open the Jobs")
        self.clicked.connect(session.queue.wanted)
        session.queue.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        text = told(self._session.queue.state)
        self.setText(f"Jobs: {text}")
        self.setAccessibleName(self.text())
        self.setVisible(bool(text))


def numbers_of(state: QueueState) -> tuple[int, int]:
    """How many jobs are at work, and how many wait."""
    return sum(state.counts.get(one, 0) for one in AT_WORK), state.counts.get(JobState.WAITING, 0)


def told(state: QueueState) -> str:
    """How many run and wait: `2 running, 14 waiting`; empty if none does."""
    running, waiting = numbers_of(state)
    parts = [f"{running:,} running"] if running else []
    parts += [f"{waiting:,} waiting"] if waiting else []
    return ", ".join([*parts, "paused"] if parts and state.paused else parts)


def add_jobs(window: MainWindow) -> None:
    """Put the ways to the jobs into a window, and have somebody work at these as long as it is open."""
    session = window.session
    QueueFollower(session, parent=window)
    entry = JobsEntry(session)
    entry.clicked.connect(partial(window.middle.go_to, QUEUE))
    window.middle.page_changed.connect(lambda page: entry.setChecked(page == QUEUE))
    window.navigator.add_section(entry)
    session.queue.wanted.connect(partial(window.middle.go_to, QUEUE))
    session.queue.sweep_wanted.connect(partial(window.middle.go_to, SWEEP))
