"""The servers as Qt's item model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, heading
from runfolio.gui.chrome.tables import RIGHT as AT_RIGHT
from runfolio.gui.serving.rows import RIGHT, TITLES, ServerColumn, ServerRow, full_text, state_of, text
from runfolio.gui.theme import Theme

Role = Qt.ItemDataRole
COLUMNS = tuple(ServerColumn)
MUTED = frozenset([ServerColumn.ADDRESS, ServerColumn.VERSION])


class ServersModel(QAbstractTableModel):
    """One row for each server.

    Attributes:
        rows: what is shown.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: tuple[ServerRow, ...] = ()

    def show_rows(self, rows: Sequence[ServerRow]) -> None:
        """Show these; where the same servers stand in the same places, the rows stay."""
        same = [one.info.id for one in rows] == [one.info.id for one in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))

    def row_of(self, server: str) -> int:
        """Where a server stands; -1 if it is not there."""
        return next((at for at, one in enumerate(self.rows) if one.info.id == server), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        return heading(TITLES, section, orientation, role, RIGHT)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Role.DisplayRole:
            return text(row, column)
        if role == Role.ToolTipRole:
            return tool_tip(full_text(row, column))
        if role == Role.TextAlignmentRole:
            return AT_RIGHT if column in RIGHT else LEFT
        if role == Role.ForegroundRole:
            return self._theme.color(_color(row, column))
        return None


def _color(row: ServerRow, column: ServerColumn) -> str:
    if column is ServerColumn.STATE:
        return state_of(row)[1]
    if column is ServerColumn.ERRORS and row.status is not None and row.status.errors:
        return "bad"
    return "muted" if column in MUTED or not row.info.running else "text"
