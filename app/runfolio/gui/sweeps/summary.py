"""What the inspector tells of a run that is the parent of a sweep: how far it is, the best so far, what explains it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from runfolio.core.sweeps.records import Trial
from runfolio.gui.chrome.labels import muted
from runfolio.gui.session import Session
from runfolio.gui.sweeps.cards import BestTrial, ImportanceView, ProgressLine
from runfolio.gui.sweeps.following import SweepFollower
from runfolio.gui.sweeps.running import run_with


class SweepSummary(QWidget):
    """Follows one sweep while it is seen.

    Attributes:
        progress, best, importance: its parts.
        follower: reads the sweep.

    Signals:
        opened(): the user wants to see the page of the sweep.
    """

    opened = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.progress, self.best = ProgressLine(), BestTrial(session.theme)
        self.importance = ImportanceView(session.theme, narrow=True)
        self._about = muted()
        self.open = QPushButton("Open the Sweep")
        self.best.add(self.open)
        self._about.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (self.progress, self.best, self._about, self.importance):
            layout.addWidget(part)
        self.follower = SweepFollower(session, self.isVisible, self)
        self.follower.read.connect(self._show)
        self.follower.worked_out.connect(self._show_explained)
        self.best.run_asked.connect(self._select)
        self.best.again_asked.connect(self._run_again)
        self.open.clicked.connect(self.opened)

    def set_run(self, run: int) -> None:
        """Follow the sweep of another run; 0 for none."""
        self.follower.follow(run)

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        self.follower.ask()

    @Slot()
    def _show(self) -> None:
        facts = self.follower.facts
        if facts is not None:
            self.progress.show_facts(facts)
            self.best.show_facts(facts, writable=not self._session.read_only)
            self._about.setText(f"What explains {facts.sweep.metric}")

    @Slot()
    def _show_explained(self) -> None:
        facts = self.follower.facts
        if facts is not None:
            self.importance.show_explained(self.follower.explained, facts.sweep.metric)

    @Slot(object)
    def _select(self, trial: Trial) -> None:
        facts = self.follower.facts
        run = facts.runs.get(trial.run_uuid, 0) if facts is not None else 0
        if run:
            self._session.select_runs([run], run)

    @Slot()
    def _run_again(self) -> None:
        facts = self.follower.facts
        if facts is not None and facts.best is not None:
            run_with(self._session, facts, facts.best)
