"""The lines of a part as a table. Knows no widgets and no store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import RIGHT, heading
from runfolio.gui.icons import icon
from runfolio.gui.storage.lines import Line
from runfolio.gui.storage.parts import PARTS, Part

#: Blanks after the heading of a column of numbers.
ROOM = "\u2003\u2002"
#: What the delegate asks for: how long the bar is, or None; and whether the line is told quietly.
SHARE, QUIET = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class StorageModel(QAbstractTableModel):
    """Lines in the order that they are given in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.part: Part = PARTS[0]
        self._lines: Sequence[Line] = ()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines

    def show_lines(self, part: Part, lines: Sequence[Line]) -> None:
        """Show these."""
        self.beginResetModel()
        self.part, self._lines = part, lines
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.part.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        titles = [title for title, _ in self.part.columns]
        # The mark of the order stands at the right, over what is written there.
        spaced = [f"{title}{ROOM}" if at in self.part.right else title for at, title in enumerate(titles)]
        return heading(spaced, section, orientation, role, right=self.part.right)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.cells[column]
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return icon(line.icon, "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.part.right:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(line.cells[column])
        if role == SHARE and column == self.part.bar:
            return line.share
        if role == QUIET:
            return line.quiet
        return None
