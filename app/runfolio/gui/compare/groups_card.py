"""The card of groups: what the runs of each come to, and whether that differs from the baseline by more than chance."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
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
from runfolio.gui.chrome.labels import muted, plain_label, tool_tip
from runfolio.gui.chrome.message_strip import QWIDGETSIZE_MAX
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.compare.boxes import BoxDelegate
from runfolio.gui.compare.card import Look, RunsCard, choice, padded
from runfolio.gui.compare.group_table import BOX, COUNT, GROUP, INTERVAL, MEAN, VERSUS, GroupModel, GroupTable
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
        alone, leave_out: what is said where nearly each run is a group of its own, and the button that leaves out the
            settings which keep them apart.

    Signals:
        seeds_asked(list): runs that differ in nothing but these columns are to be groups.
    """

    seeds_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.table = QTableView()
        self.model = GroupModel(theme, self.table)
        self.seed = QPushButton("Group by All but the Seed")
        self.alone, self.leave_out = plain_label(), QPushButton()
        self._words = muted(UNGROUPED)
        self._stack, self._empty = QStackedWidget(), QWidget()
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
        table.setTextElideMode(Qt.TextElideMode.ElideRight)  # what tells groups apart comes first
        table.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 9))
        header = table.horizontalHeader()
        header.setSectionResizeMode(GROUP, QHeaderView.ResizeMode.Stretch)
        table.setItemDelegateForColumn(BOX, BoxDelegate(theme, table))
        for column in (COUNT, MEAN, BOX, INTERVAL, VERSUS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._words.setWordWrap(True)
        self.alone.setWordWrap(True)
        self.alone.setProperty("role", "warn")
        self.leave_out.setProperty("kind", "small")
        self.leave_out.clicked.connect(self._on_leave_out)
        layout = QHBoxLayout(self._empty)
        layout.setContentsMargins(12, 2, 12, 4)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.seed)
        self._stack.addWidget(_stacked(self.alone, self.leave_out, padded(table)))
        self._stack.addWidget(self._empty)

    @property
    def _seeds(self) -> list[Column]:
        return seeds(self._compared.columns) if self._compared is not None else []

    def fit(self) -> None:
        """The interval, which is in tool tips too, gives way to the names of the groups, and then the picture does."""
        super().fit()
        table, letters = self.table, self.fontMetrics().averageCharWidth()
        room = self._stack.width() - min(table.sizeHintForColumn(GROUP) + 8, GROUP_LETTERS * letters)
        room -= sum(table.sizeHintForColumn(one) + 8 for one in (COUNT, MEAN, VERSUS))
        for column in (BOX, INTERVAL):
            room -= table.sizeHintForColumn(column) + 8
            table.setColumnHidden(column, room < 0)

    def show_runs(self, compared: Compared, look: Look) -> None:
        """Show what the groups come to, or how to get some."""
        super().show_runs(compared, look)
        groups = compared.groups
        self.model.show_table(groups, violin=look.options.violin)
        self._stack.setCurrentIndex(0 if groups is not None else 1)
        grouped = compared.question.view.grouped
        self._words.setText(NOTHING if grouped else UNGROUPED)
        self._say_alone(groups)
        self._take_room()
        self.seed.setVisible(not grouped and bool(self._seeds))
        self.note.setText(groups.told if groups is not None else "")
        self.note.setToolTip(tool_tip(self.note.text()))
        self._metric.show_column(groups.column if groups is not None else None, compared.columns, look)
        self.violin.setVisible(groups is not None)
        self.violin.setChecked(look.options.violin)
        self.fit()

    def _take_room(self) -> None:
        """As high as the groups are or, where there are none, as what is said instead."""
        self.slim = self.model.table is None
        rows = min(self.model.rowCount(), MOST_ROWS) + 1
        least = max(rows, 4) * self.table.verticalHeader().defaultSectionSize() + 12
        self._stack.setMinimumHeight(0 if self.slim else least)
        self._stack.setMaximumHeight(self._empty.sizeHint().height() if self.slim else QWIDGETSIZE_MAX)
        self.updateGeometry()

    def _say_alone(self, groups: GroupTable | None) -> None:
        """Say why nearly each run is a group of its own, and how it would have company."""
        apart = groups.apart if groups is not None else ()
        self.alone.setText(alone_text(groups) if groups is not None and groups.alone else "")
        self.alone.setVisible(bool(self.alone.text()))
        self.leave_out.setText("Leave It Out" if len(apart) == 1 else "Leave Them Out")
        self.leave_out.setToolTip(tool_tip(f"Group by all but {', '.join(one.key for one in apart)} too"))
        self.leave_out.setVisible(bool(apart))

    @Slot()
    def _on_leave_out(self) -> None:
        groups = self.model.table
        if groups is not None and self._compared is not None:
            self.seeds_asked.emit([*self._compared.question.view.group_except, *groups.apart])

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


def alone_text(groups: GroupTable) -> str:
    """Why nearly each run is a group of its own, in a sentence."""
    all_alone = all(len(line.runs) == 1 for line in groups.lines)
    start = "No two runs share these settings" if all_alone else "Hardly any two runs share these settings"
    *first, last = [one.key for one in groups.apart] or [""]
    if not last:
        return f"{start}."
    return f"{start}: {', '.join(first)} and {last} keep them apart." if first else f"{start}: {last} keeps them apart."


def _stacked(alone: QWidget, leave_out: QWidget, table: QWidget) -> QWidget:
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    said = QHBoxLayout()
    said.setContentsMargins(12, 0, 12, 0)
    said.addWidget(alone, 1)
    said.addWidget(leave_out)
    layout.addLayout(said)
    layout.addWidget(table, 1)
    return content
