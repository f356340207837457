"""The entries of the audit log as Qt's item model, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush

from runfolio.core.numbers import full_time
from runfolio.core.registry.chain import Entry
from runfolio.core.registry.entry_words import action_title, change
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT, heading
from runfolio.gui.theme import Theme

TITLES = ("#", "Time", "User", "Action", "Model", "Version", "Change", "Reason")
NUMBER, TIME, USER, ACTION, MODEL, VERSION, CHANGE, REASON = range(len(TITLES))
Role = Qt.ItemDataRole
#: Where the minutes of a time end that is written to the second.
MINUTE = len("2026-08-01 14:03")


class AuditModel(QAbstractTableModel):
    """One row for each entry.

    Attributes:
        entries: what is shown.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.entries: Sequence[Entry] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; what only grows at its top keeps its rows, and with them what is selected."""
        more = len(entries) - len(self.entries)
        if more >= 0 and list(entries[more:]) == list(self.entries):
            if more:
                self.beginInsertRows(NOWHERE, 0, more - 1)
                self.entries = entries
                self.endInsertRows()
            return
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)) -> Any:
        return heading(TITLES, section, orientation, role, (NUMBER,))

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        entry = self.entries[index.row()]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return cell_text(entry, index.column())
        if role == Role.ToolTipRole:
            full = full_time(entry.time) if index.column() == TIME else cell_text(entry, index.column())
            return tool_tip(full)
        if role == Role.TextAlignmentRole:
            return int(RIGHT if index.column() == NUMBER else LEFT)
        if role == Role.ForegroundRole and index.column() in (NUMBER, TIME, USER):
            return QBrush(self._theme.color("muted"))
        return None


def cell_text(entry: Entry, column: int) -> str:
    """What stands in a cell."""
    match column:
        case 0:
            return f"{entry.number:,}"
        case 1:
            return full_time(entry.time)[:MINUTE]  # the rest is in the tool tip
        case 2:
            return entry.user
        case 3:
            return action_title(entry.action)
        case 4:
            return entry.model
        case 5:
            return "" if entry.version is None else f"v{entry.version}"
        case 6:
            return change(entry)
        case _:
            return " ".join(entry.reason.split())
