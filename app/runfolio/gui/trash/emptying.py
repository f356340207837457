"""Emptying the trash: first what would be gone is counted and told, then it goes for good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.garbage import Collected, collect_garbage

FOLLOW_MS, PERCENT = 100, 100
COUNTING = "Counting what would be gone…"
EMPTYING = "Emptying the trash…"


@dataclass(frozen=True, slots=True)
class Counted:
    """What would be gone, of what was in the trash at that time in epoch milliseconds."""

    what: Collected
    time: int


@dataclass(frozen=True, slots=True)
class Emptied:
    """What went for good; `stopped` if not all was to go any more."""

    what: Collected
    stopped: bool


class EmptyBar(QFrame):
    """The strip over the table in which that happens; hidden at other times.

    Signals:
        closed(): it is not needed any more.
    """

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "failure")
        self._session = session
        self._job: Job | None = None
        self._counted: Counted | None = None
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.progress = QProgressBar(textVisible=False, maximum=0)
        self.progress.setAccessibleName("How far it is")
        self.progress.setFixedWidth(self.fontMetrics().averageCharWidth() * 16)
        self.go = QPushButton("Empty the Trash")
        self.leave = QPushButton("Cancel")
        self._following = QTimer(self, interval=FOLLOW_MS)
        self._following.timeout.connect(self._follow)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self.text, 1)
        for widget in (self.progress, self.leave, self.go):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.go.clicked.connect(self._empty)
        self.leave.clicked.connect(self.cancel)
        self.hide()

    @Slot()
    def count(self) -> None:
        """Begin: say how much would be gone."""
        if self._job is None:
            read, count = self._session.jobs.read_long, partial(_count, self._session.store)
            self._show_work(COUNTING, read(count, self._on_counted, title=COUNTING[:-1], failed=self._on_failed))

    @Slot()
    def cancel(self) -> None:
        """Leave all as it is; of what is being emptied, what has not gone yet."""
        if self._job is not None:
            self._job.cancel()
        self._close()

    def _show_work(self, title: str, job: Job) -> None:
        self._job = job
        self.text.setText(title)
        self.leave.setText("Cancel")
        self.go.hide()
        self.progress.setMaximum(0)
        self.progress.show()
        self.show()
        self.leave.setFocus()
        self._following.start()

    def _on_counted(self, counted: Counted) -> None:
        self._job = None
        self._following.stop()
        if not something(counted.what):
            self._session.message.emit(Message("The trash is empty."))
            self._close()
            return
        self._counted = counted
        self.text.setText(f"{told(counted.what)} would be gone for good. That cannot be undone.")
        self.progress.hide()
        self.leave.setText("Keep")
        self.go.show()
        self.leave.setFocus()

    @Slot()
    def _empty(self) -> None:
        if self._counted is not None:
            # Not as a write, which others would have to wait for: it takes a transaction for each few of the runs.
            empty = partial(_empty, self._session.store, self._counted.time)
            write, failed = self._session.jobs.write_aside, self._on_failed
            job = write(empty, self._on_emptied, title=EMPTYING[:-1], failed=failed, stoppable=True)
            self._show_work(EMPTYING, job)

    def _on_emptied(self, emptied: Emptied) -> None:
        what = emptied.what
        if not emptied.stopped:  # the bar was closed then
            self._close()
        if what.left_runs or what.left_experiments:
            why, gone = what.trouble or "Stopped.", told(what) if something(what) else "nothing"
            left = _counts(what.left_runs, what.left_experiments)
            message = Message(f"{why} Gone for good: {gone}. Still here: {left}.", error=what.trouble is not None)
        else:
            message = Message(f"Emptied the trash of {told(what)}")
        self._session.message.emit(message)

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._close()
        self._session.message.emit(Message.of_error(error, "The trash could not be emptied."))

    @Slot()
    def _follow(self) -> None:
        if self._job is not None and self._job.cancelled:  # somebody else has, in the line at the bottom
            self.cancel()
        elif self._job is not None and self._job.progress is not None:
            self.progress.setMaximum(PERCENT)
            self.progress.setValue(round(self._job.progress * PERCENT))

    def _close(self) -> None:
        self._job = self._counted = None
        self._following.stop()
        self.hide()
        self.closed.emit()


def something(what: Collected) -> bool:
    """Whether anything goes, or has gone."""
    return bool(what.runs or what.experiments or what.single_files or what.versions)


def told(what: Collected) -> str:
    """Counts and bytes in words."""
    others = [(what.single_files, "single file", what.single_bytes), (what.versions, "version", what.version_bytes)]
    beside = "; ".join(f"{numbers.counted(n, word)} of {numbers.size(size)}" for n, word, size in others if n)
    if not what.runs and not what.experiments and beside:
        return beside
    files = f"{numbers.counted(what.files, 'file')} of {numbers.size(what.bytes)}" if what.files else "no files"
    rows = f" and about {numbers.size(what.row_bytes)} of the database" if what.row_bytes else ""
    return f"{_counts(what.runs, what.experiments)} with {files}{rows}{f'; {beside}' if beside else ''}"


def _counts(runs: int, experiments: int) -> str:
    parts = [numbers.counted(runs, "run")] if runs or not experiments else []
    parts += [numbers.counted(experiments, "experiment")] if experiments else []
    return " and ".join(parts)


def _count(store: Store, job: Job) -> Counted:
    now = now_ms()
    return Counted(_collect(store, job, now, dry_run=True), now)


def _empty(store: Store, counted: int, job: Job) -> Emptied:
    """What came into the trash since it was counted was not agreed to, and stays."""
    what = _collect(store, job, counted, dry_run=False)
    return Emptied(what, job.cancelled)


def _collect(store: Store, job: Job, before: int, *, dry_run: bool) -> Collected:
    def progress(done: int, total: int) -> None:
        job.progress = done / max(total, 1)

    return collect_garbage(store, now_ms() - before, dry_run, progress, lambda: job.cancelled)
