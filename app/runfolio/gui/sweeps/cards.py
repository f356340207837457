"""The parts that tell of a sweep, on its page and in the inspector: how far it is, its best trial, what explains it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.columns import Column, value_heading
from runfolio.core.importance import Explanation
from runfolio.core.numbers import exact
from runfolio.core.sweeps.records import Trial
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import HEADING, muted, plain_label, scaled, tool_tip
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.bar_paint import BarDelegate
from runfolio.gui.compare.importance_card import HOW, NOTHING
from runfolio.gui.compare.importance_model import BAR, PARAM, SHARE, WAY, ImportanceModel
from runfolio.gui.inspector.flow import FlowLayout
from runfolio.gui.inspector.rows import TableRow, simple
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.sweeps.explaining import Explained
from runfolio.gui.sweeps.reading import SweepFacts
from runfolio.gui.theme import Theme

WHOLE = 1000
NO_BEST = "No trial has finished with a value of {metric} yet."


class ProgressLine(QWidget):
    """How far a sweep is, in words over a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.bar = ElidedLabel(), QProgressBar(maximum=WHOLE, textVisible=False)
        self.text.setProperty("role", "muted")
        self.bar.setAccessibleName("Trials that are over")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)

    def show_facts(self, facts: SweepFacts) -> None:
        """Tell of a sweep."""
        self.text.setText(facts.summary)
        self.bar.setValue(round(facts.share * WHOLE))


class BestTrial(QWidget):
    """The best trial so far, and what can be done with it.

    Attributes:
        value, about: its metric, and which it is.
        parameters: what it was given.
        again, go: the buttons.

    Signals:
        again_asked(): a run with these parameters is wanted.
        run_asked(object): the user wants to go to the run of this `Trial`.
    """

    again_asked = Signal()
    run_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trial: Trial | None = None
        self.value, self.about = plain_label(), muted()
        self.value.setFont(scaled(self.font(), HEADING, QFont.Weight.DemiBold))
        self.about.setWordWrap(True)
        self.parameters = TextTable("Parameters of the best trial", theme.color)
        self.again, self.go = QPushButton("Run With These"), QPushButton("Go to Its Run")
        self.again.setToolTip("Put a run with these parameters into the queue")
        self._buttons = FlowLayout()
        self.add(self.again, self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.value, self.about, self.parameters):
            layout.addWidget(part)
        layout.addLayout(self._buttons)
        layout.addStretch()
        self.again.clicked.connect(self.again_asked)
        self.go.clicked.connect(self._go)
        theme.theme_changed.connect(self.parameters.recolor)

    def add(self, *buttons: QPushButton) -> None:
        """Offer more beside what can be done."""
        for button in buttons:
            button.setProperty("kind", "small")
            self._buttons.addWidget(button)

    def show_facts(self, facts: SweepFacts, *, writable: bool) -> None:
        """Tell of a sweep."""
        trial = self.trial = facts.best
        known = trial is not None and trial.value is not None
        self.value.setVisible(known)
        self.parameters.setVisible(known)
        self.again.setVisible(known)
        self.go.setVisible(trial is not None and trial.run_uuid in facts.runs)
        self.again.setEnabled(writable)
        if trial is None or trial.value is None:
            self.about.setText(NO_BEST.format(metric=facts.sweep.metric))
            return
        self.value.setText(facts.text(trial.value))
        self.value.setToolTip(tool_tip(exact(trial.value)))
        word = "lowest" if facts.sweep.goal == "minimize" else "highest"
        self.about.setText(f"{word} {facts.sweep.metric} so far · trial {trial.number}")
        self.parameters.set_rows(parameter_rows(facts, trial))

    @Slot()
    def _go(self) -> None:
        if self.trial is not None:
            self.run_asked.emit(self.trial)


def parameter_rows(facts: SweepFacts, trial: Trial) -> list[TableRow]:
    """What a trial was given: what was searched first, what all trials have behind it."""
    own = [one.name for one in facts.sweep.space]
    names = [*own, *(name for name in trial.parameters if name not in own)]
    return [simple(name, trial.parameters[name]) for name in names if name in trial.parameters]


class ImportanceView(QWidget):
    """What explains the metric, and how far that is to be believed.

    Attributes:
        table, model: the parameters, the most important one first.
        doubt: why there is little to be said.
    """

    def __init__(self, theme: Theme, *, narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.doubt = QTableView(), muted()
        self.model = ImportanceModel(self.table)
        self.table.setModel(self.model)
        set_up_table(self.table, "What explains the metric")
        self.table.setProperty("role", "rows")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 9))
        self.table.setItemDelegateForColumn(BAR, BarDelegate(theme, self.table))
        header = self.table.horizontalHeader()
        for column in (PARAM, SHARE, WAY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 5)
        self.table.setColumnHidden(WAY, narrow)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubt.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.doubt)
        layout.addWidget(self.table)
        self.setToolTip(tool_tip(HOW))
        theme.theme_changed.connect(self.table.viewport().update)
        self.show_explained(None, "")

    def show_explained(self, explained: Explained | None, metric: str) -> None:
        """Show what was worked out; None while it is being."""
        found: Explanation = explained.found if explained is not None else NOTHING
        self.model.show_found(found, metric, _name)
        doubt = found.doubt if explained is not None else "working it out…"
        self.doubt.setText(doubt)
        self.doubt.setVisible(bool(doubt))
        rows: Sequence[object] = found.params
        self.table.setVisible(bool(rows))
        high = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(high * len(rows) + self.table.horizontalHeader().sizeHint().height() + 4)


def _name(column: Column) -> str:
    return value_heading(column)
