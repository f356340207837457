"""The page of a sweep: how far it is, the best so far, what explains the metric and all trials, live."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.columns import value_heading
from runfolio.core.numbers import counted
from runfolio.core.sweeps.records import Trial
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import HEADING, scaled
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.compare.brushing import Brushing
from runfolio.gui.compare.card import Card
from runfolio.gui.compare.legend import Legend
from runfolio.gui.compare.parallel import ParallelView
from runfolio.gui.compare.shades import shades
from runfolio.gui.queue.leading import go_to_run
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.gui.sweeps.cards import BestTrial, ImportanceView, ProgressLine
from runfolio.gui.sweeps.curve import BestCurve
from runfolio.gui.sweeps.following import SweepFollower
from runfolio.gui.sweeps.grid import SweepGrid
from runfolio.gui.sweeps.reading import SweepFacts
from runfolio.gui.sweeps.running import run_with
from runfolio.gui.sweeps.trials import TrialsTable

NO_SWEEP = (
    "A sweep is many runs of a project with values that a search chooses. Select the run of one, or start one from a "
    "project's form or from a shell, where sweep.yaml says what is searched:"
)
SNIPPET = "runfolio sweep run . -c sweep.yaml"
NOTHING, SHOWN = range(2)


class SweepPage(QWidget):
    """Follows the sweep of the current run, be that its parent or one of its trials.

    Attributes:
        title, progress: what it is called, and how far it is.
        best, curve, importance, parallel, table: its parts.
        follower: reads the sweep.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, theme = session, session.theme
        self.title, self.progress = ElidedLabel(), ProgressLine()
        self.best, self.curve = BestTrial(theme), BestCurve(theme)
        self.importance, self.parallel = ImportanceView(theme), ParallelView(theme)
        self.legend, self.table = Legend(theme), TrialsTable(theme)
        self._brushing = Brushing(self.parallel)
        self._cards = self._made_cards()
        self._whole = QStackedLayout(self)
        self._place()
        self.follower = SweepFollower(session, self.isVisible, self)
        self._connect()

    def _made_cards(self) -> dict[str, Card]:
        cards = {
            "curve": Card("Best so far", self.curve),
            "best": Card("Best trial", _padded(self.best)),
            "importance": Card("What explains the metric?", _padded(self.importance)),
            "parallel": Card("Parallel coordinates", self.parallel),
        }
        cards["parallel"].add(self.legend)
        return cards

    def _place(self) -> None:
        self.title.setFont(scaled(self.font(), HEADING, self.title.font().Weight.DemiBold))
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 8)
        top.setSpacing(16)
        top.addWidget(self.title)
        top.addWidget(self.progress, 1, Qt.AlignmentFlag.AlignBottom)
        around, shown, content = QScrollArea(), QWidget(), QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(16, 0, 16, 12)
        inner.addWidget(SweepGrid(self._cards))
        around.setWidgetResizable(True)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around.setWidget(content)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(around)
        both.addWidget(self.table)
        both.setSizes([7500, 2500])
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(both, 1)
        self._whole.addWidget(Notice("This run is of no sweep", NO_SWEEP, SNIPPET))
        self._whole.addWidget(shown)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        session, follower = self._session, self.follower
        follower.read.connect(self._show)
        follower.worked_out.connect(self._show_explained)
        self.curve.trial_clicked.connect(self._choose)
        self.table.trial_chosen.connect(self._choose)
        self.table.trial_opened.connect(self._go)
        self.best.run_asked.connect(self._go)
        self.best.again_asked.connect(self._run_again)
        self.parallel.clicked.connect(self._on_line)
        self.parallel.brushed.connect(lambda: self.parallel.pick(self._brushed()))
        session.selection_changed.connect(self._on_selection)
        session.theme.theme_changed.connect(self._show_explained)
        session.presence_changed.connect(self._show)

    @property
    def settled(self) -> bool:
        """True when all is read and drawn."""
        return self.follower.settled and self.parallel.settled

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        self.follower.run = self._session.selection.current or 0
        self.follower.ask()

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        if self.isVisible() and selection.current is not None:
            self.follower.follow(selection.current)

    @Slot()
    def _show(self) -> None:
        facts = self.follower.facts
        self._whole.setCurrentIndex(SHOWN if facts is not None else NOTHING)
        if facts is None:
            return
        self.title.setText(facts.name)
        self.progress.show_facts(facts)
        self.best.show_facts(facts, writable=not self._session.read_only)
        self.curve.show_facts(facts)
        self.table.show_facts(facts, self._current(facts))
        self._cards["curve"].note.setText(_of_curve(facts, self.curve))

    def _current(self, facts: SweepFacts) -> int | None:
        """The trial whose run is looked at."""
        run = self._session.selection.current
        return next((one.number for one in facts.trials if facts.runs.get(one.run_uuid) == run), None)

    @Slot()
    def _show_explained(self) -> None:
        facts, explained = self.follower.facts, self.follower.explained
        if facts is None:
            return
        self.importance.show_explained(explained, facts.sweep.metric)
        self._cards["importance"].title.setText(f"What explains {facts.sweep.metric}?")
        axes = explained.axes if explained is not None else ()
        found = shades(
            axes[-1] if axes else None, len(explained.trials) if explained is not None else 0, self._session.theme
        )
        titles = [value_heading(one.column) for one in axes[:-1]]
        self.parallel.show_runs(axes, [*titles, facts.sweep.metric] if axes else [], found)
        self.legend.show_shades(found)
        note = f"R² {explained.found.explained:.2f} · random forest" if explained and explained.found.params else ""
        self._cards["importance"].note.setText(note)
        done = counted(len(explained.trials), "finished trial") if explained is not None else ""
        self._cards["parallel"].note.setText(f"{done} · drag on an axis to brush" if done else "")

    def _brushed(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None:
        return self.parallel.inside() if self.parallel.brushes else None

    # What the user does

    @Slot(int)
    def _on_line(self, place: int) -> None:
        explained = self.follower.explained
        if explained is not None and 0 <= place < len(explained.runs):
            self._select(explained.runs[place])

    @Slot(object)
    def _choose(self, trial: Trial) -> None:
        """The run of a trial is what is looked at everywhere."""
        facts = self.follower.facts
        if facts is not None:
            self.table.mark(trial.number)
            self._select(facts.runs.get(trial.run_uuid, 0))

    def _select(self, run: int) -> None:
        if run:
            self._session.select_runs([run], run)
            facts = self.follower.facts
            self.table.mark(self._current(facts) if facts is not None else None)

    @Slot(object)
    def _go(self, trial: Trial) -> None:
        if trial.run_uuid:
            go_to_run(self._session, trial.run_uuid)

    @Slot()
    def _run_again(self) -> None:
        facts = self.follower.facts
        if facts is not None and facts.best is not None:
            run_with(self._session, facts, facts.best)


def _padded(content: QWidget) -> QWidget:
    """As far from the edge as the heading, at the top of its room."""
    around = QWidget()
    layout = QVBoxLayout(around)
    layout.setContentsMargins(11, 0, 11, 4)
    layout.addWidget(content)
    layout.addStretch()
    return around


def _of_curve(facts: SweepFacts, curve: BestCurve) -> str:
    """What the drawing leaves out is said."""
    parts = [f"{facts.sweep.metric}, trials as they ended"]
    parts += [f"{curve.beyond:,} out of sight"] if curve.beyond else []
    parts += [f"{curve.left_out:,} dots left out"] if curve.left_out else []
    return " · ".join(parts)
