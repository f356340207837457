"""The runs of an entry point as Qt's item model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from runfolio.core.clock import now_ms
from runfolio.core.columns import STATUS
from runfolio.core.numbers import NumberFormat
from runfolio.core.states import RunStatus
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT, heading
from runfolio.gui.projects.history.reading import Past
from runfolio.gui.runs import cells
from runfolio.gui.theme import Theme
from runfolio.store.table import Row

Role = Qt.ItemDataRole
COLORS = {RunStatus.RUNNING: "accent", RunStatus.FINISHED: "ok", RunStatus.FAILED: "bad", RunStatus.KILLED: "warn"}


class PastModel(QAbstractTableModel):
    """One row for each run.

    Attributes:
        past: what is shown.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.past = Past()

    def show_past(self, past: Past) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        before = self.past
        same = [one.id for one in before.runs] == [one.id for one in past.runs] and before.columns == past.columns
        if not same:
            self.beginResetModel()
        self.past = past
        if not same:
            self.endResetModel()
        elif past.runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(past.runs) - 1, len(past.columns) - 1))

    def row(self, index: Index) -> Row | None:
        """The run of a row."""
        return self.past.runs[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.past.runs)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.past.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        right = [at for at, column in enumerate(self.past.columns) if cells.right_aligned(column)]
        return heading([one.heading for one in self.past.columns], section, orientation, role, right)

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        row, column = self.past.runs[index.row()], self.past.columns[index.column()]
        value = row.cells[index.column()]
        if role in (Role.DisplayRole, Role.AccessibleTextRole, Role.ToolTipRole):
            text = cells.text(column, value, self.past.formats.get(column, NumberFormat()), now_ms())
            return tool_tip(text) if role == Role.ToolTipRole else text
        if role == Role.TextAlignmentRole:
            return int(RIGHT if cells.right_aligned(column) else LEFT)
        if role == Role.ForegroundRole and column == STATUS:
            return QBrush(self._theme.color(COLORS.get(row.status, "muted")))
        return None
