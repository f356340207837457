"""The upper part of the page: how the queue is, whether it goes on, what jobs may hold, and which are listed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabBar, QVBoxLayout, QWidget

from runfolio.core.queue.records import AT_WORK, JobState, QueueState
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import heading
from runfolio.gui.icons import icon
from runfolio.gui.queue.reading import PARTS, Part
from runfolio.gui.queue.words import slots_text

PAUSE, GO_ON = "Pause", "Go On"


class QueueHeader(QWidget):
    """Tells of the queue as a whole.

    Attributes:
        summary, worker: what is told.
        pause, slots: the buttons.
        tabs: which jobs are listed.

    Signals:
        part_changed(): another part is wanted.
        pause_asked(bool): no more jobs are to be started, or they are again.
        slots_asked(): the user wants to choose what jobs may hold.
    """

    part_changed = Signal()
    pause_asked = Signal(bool)
    slots_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = QueueState()
        self.summary, self.worker = ElidedLabel(), ElidedLabel()
        self.pause, self.slots = QPushButton(PAUSE), QPushButton()
        self.tabs = QTabBar()
        self._place()
        self.pause.clicked.connect(lambda: self.pause_asked.emit(not self.state.paused))
        self.slots.clicked.connect(self.slots_asked)
        self.tabs.currentChanged.connect(self.part_changed)
        self.show_state(QueueState(), somebody=None)

    def _place(self) -> None:
        for label in (self.summary, self.worker):
            label.setProperty("role", "muted")
        self.tabs.setAccessibleName("Which jobs are listed")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for part in PARTS:
            self.tabs.addTab(part.title)
        self.slots.setAccessibleName("What jobs may hold at one time")
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 0)
        top.setSpacing(10)
        top.addWidget(heading("Jobs"))
        top.addWidget(self.summary, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.worker, 0, Qt.AlignmentFlag.AlignBottom)
        below = QHBoxLayout()
        below.setContentsMargins(16, 0, 16, 4)
        below.setSpacing(8)
        below.addWidget(self.tabs)
        below.addStretch(1)
        for button in (self.slots, self.pause):
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(below)

    @property
    def part(self) -> Part:
        """Which jobs are wanted."""
        return PARTS[self.tabs.currentIndex()]

    def set_writable(self, writable: bool) -> None:
        """Whether anything can be changed."""
        for button in (self.pause, self.slots):
            button.setEnabled(writable)

    @Slot(object)
    def show_state(self, state: QueueState, somebody: bool | None) -> None:
        """Tell how the queue is, and whether somebody works at it; None if nobody has looked."""
        self.state = state
        for at, part in enumerate(PARTS):
            number = part.count(state)
            self.tabs.setTabText(at, f"{part.title}  {number:,}" if number else part.title)
        self.summary.setText(summary(state))
        self.slots.setText(f"{slots_text(state.slots)} ▾")
        self.pause.setText(GO_ON if state.paused else PAUSE)
        self.pause.setIcon(icon("play" if state.paused else "pause", "muted"))
        self.pause.setToolTip("Start jobs again" if state.paused else "Start no more jobs; those at work go on")
        self.show_worker(somebody)

    def show_worker(self, somebody: bool | None) -> None:
        """Tell whether somebody works at the queue; None if nobody has looked."""
        self.worker.setText(_of_worker(self.state, somebody))


def summary(state: QueueState) -> str:
    """How many jobs there are of each kind that counts: `2 running · 14 waiting · 3 failed`."""
    running = sum(state.counts.get(one, 0) for one in AT_WORK)
    parts = ["paused"] if state.paused else []
    parts += [f"{running:,} running"] if running else []
    for one in (JobState.WAITING, JobState.FAILED, JobState.FINISHED, JobState.CANCELLED):
        if number := state.counts.get(one, 0):
            parts.append(f"{number:,} {one}")
    return " · ".join(parts)


def _of_worker(state: QueueState, somebody: bool | None) -> str:
    waiting = state.counts.get(JobState.WAITING, 0)
    if somebody:
        return "● a worker is at it"
    if somebody is None or not (waiting or any(state.counts.get(one, 0) for one in AT_WORK)):
        return ""
    return "○ no worker is at it"
