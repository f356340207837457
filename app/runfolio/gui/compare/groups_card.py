"""The card of groups: what the runs of each come to, and whether that differs from the baseline by more than chance."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.columns import Column
from runfolio.core.group_edits import seeds
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.labels import muted, tool_tip
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.boxes import BoxDelegate
from runfolio.gui.compare.card import Look, RunsCard, choice, padded
from runfolio.gui.compare.group_table import BOX, COUNT, GROUP, INTERVAL, MEAN, VERSUS, GroupModel
from runfolio.gui.compare.metric_choice import MetricChoice
from runfolio.gui.compare.reading import Compared
from runfolio.gui.runs import selecting
from runfolio.gui.theme import Theme

UNGROUPED = "Group the runs, by all but the seed say, to see whether groups differ by more than chance."
# Of a group's name so much should be seen.
GROUP_LETTERS = 16
MOST_ROWS = 8
NOTHING = "These runs have no metric by which groups could be compared."


class GroupsCard(RunsCard):
    """The table of groups, and what it is made of.

    Attributes:
        table, model: the groups.
        by, violin: the buttons for what they are compared by, and for violins in place of boxes.
        seed: the button that puts runs which differ in their seed alone into groups.

    Signals:
        seeds_asked(list): runs that differ in nothing but these columns are to be groups.
    """

    seeds_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.table = QTableView()
        self.model = GroupModel(theme, self.table)
        self.seed = QPushButton("Group by All but the Seed")
        self._words = muted(UNGROUPED)
        self._stack = QStackedWidget()
        super().__init__("Groups", self._stack, parent)
        self._picked: Ids = np.empty(0, np.int64)
        self._metric = MetricChoice("What groups are compared by", self)
        self.by = self._metric.button
        self.violin = choice("Violins, not boxes")
        self.violin.setText("violin")
        self.violin.setCheckable(True)
        self.add(self.by, self.violin)
        self._set_up(theme)
        self._metric.chosen.connect(self._take)
        self.violin.clicked.connect(self._on_violin)
        self.seed.clicked.connect(lambda: self.seeds_asked.emit(self._seeds))
        self.table.selectionModel().selectionChanged.connect(self._on_selected)

    def _set_up(self, theme: Theme) -> None:
        table = self.table
        table.setModel(self.model)
        set_up_table(table, "Groups")
        table.setProperty("role", "rows")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 9))
        header = table.horizontalHeader()
        header.setSectionResizeMode(GROUP, QHeaderView.ResizeMode.Stretch)
        table.setItemDelegateForColumn(BOX, BoxDelegate(theme, table))
        for column in (COUNT, MEAN, BOX, INTERVAL, VERSUS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._words.setWordWrap(True)
        empty = QWidget()
        layout = QVBoxLayout(empty)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.addWidget(self._words)
        layout.addWidget(self.seed, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        self._stack.addWidget(padded(table))
        self._stack.addWidget(empty)

    @property
    def _seeds(self) -> list[Column]:
        return seeds(self._compared.columns) if self._compared is not None else []

    def fit(self) -> None:
        """The interval, which is in tool tips too, gives way to the names of the groups."""
        super().fit()
        table, letters = self.table, self.fontMetrics().averageCharWidth()
        room = self._stack.width() - sum(
            table.sizeHintForColumn(one) + 8 for one in (COUNT, MEAN, BOX, INTERVAL, VERSUS)
        )
        table.setColumnHidden(INTERVAL, room < GROUP_LETTERS * letters)

    def show_runs(self, compared: Compared, look: Look) -> None:
        """Show what the groups come to, or how to get some."""
        super().show_runs(compared, look)
        groups = compared.groups
        self.model.show_table(groups, violin=look.options.violin)
        self._stack.setCurrentIndex(0 if groups is not None else 1)
        rows = min(self.model.rowCount(), MOST_ROWS) + 1
        self._stack.setMinimumHeight(max(rows, 4) * self.table.verticalHeader().defaultSectionSize() + 12)
        grouped = compared.question.view.grouped
        self._words.setText(NOTHING if grouped else UNGROUPED)
        self.seed.setVisible(not grouped and bool(self._seeds))
        self.note.setText(groups.told if groups is not None else "")
        self.note.setToolTip(tool_tip(self.note.text()))
        self._metric.show_column(groups.column if groups is not None else None, compared.columns, look)
        self.violin.setVisible(groups is not None)
        self.violin.setChecked(look.options.violin)
        self.fit()

    def follow(self, runs: Ids) -> None:
        """Choose no group any more where something else was selected."""
        if not np.array_equal(runs, self._picked):
            self._picked = runs[:0]
            self.table.selectionModel().blockSignals(True)
            self.table.clearSelection()
            self.table.selectionModel().blockSignals(False)
            self.table.viewport().update()

    @Slot(object)
    def _take(self, column: Column) -> None:
        self._choose("Compare Groups By", metric=column)

    @Slot(bool)
    def _on_violin(self, violin: bool) -> None:
        self._choose("Violins" if violin else "Boxes", violin=violin)

    @Slot()
    def _on_selected(self) -> None:
        spans = selecting.spans(self.table.selectionModel().selection())
        lines = [line for first, last in spans for line in self.model.lines[first : last + 1]]
        if lines:
            self._picked = np.concatenate([line.runs for line in lines])
            self.picked.emit(self._picked)
