"""The item model of a table of names and values. Texts are made, and shortened, for the rows one looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.inspector.rows import TableRow, text_of

NAME, VALUE, TREND = range(3)
# The coloured spans of a cell, in one line each; and its whole text, for the clipboard.
SPANS_ROLE = int(Qt.ItemDataRole.UserRole) + 1
FULL_ROLE = SPANS_ROLE + 1
# What a row leads to; the metric whose curve it has.
TARGET_ROLE, TREND_ROLE = FULL_ROLE + 1, FULL_ROLE + 2
# No line of the inspector has room for more letters, and no tool tip should cover the screen.
MOST_LETTERS, MOST_IN_TIP = 200, 2_000


class TextModel(QAbstractTableModel):
    """Two columns, name and value, and one for a curve where there are `trends`."""

    def __init__(self, parent: QObject | None = None, *, trends: bool = False) -> None:
        super().__init__(parent)
        self._rows: Sequence[TableRow] = ()
        self._columns = 3 if trends else 2

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show these rows. As long as they are of the same keys, what is selected stays."""
        same = [row.key for row in self._rows] == [row.key for row in rows]
        if not same:
            self.beginResetModel()
        self._rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(rows) - 1, self._columns - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many names there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Name, value and curve."""
        return 0 if parent.isValid() else self._columns

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a cell shows."""
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            SPANS_ROLE,
            FULL_ROLE,
            TARGET_ROLE,
            TREND_ROLE,
        ):
            return None
        row = self._rows[index.row()]
        if role in (TARGET_ROLE, TREND_ROLE):
            return row.target if role == TARGET_ROLE else row.trend
        if index.column() == TREND:
            return () if role == SPANS_ROLE else ""
        spans = (row.name,) if index.column() == NAME else row.value()
        if role == SPANS_ROLE:
            return tuple((color, one_line(text)) for color, text in spans)
        full = row.full() if row.full is not None and index.column() == VALUE else text_of(spans)
        if role == FULL_ROLE:
            return full
        if role == Qt.ItemDataRole.AccessibleTextRole:  # shapes and shortened texts are told in words
            return _shortened(full, MOST_IN_TIP)
        return (
            one_line(text_of(spans)) if role == Qt.ItemDataRole.DisplayRole else tool_tip(_shortened(full, MOST_IN_TIP))
        )

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The columns' names, for assistive tools; the header is hidden."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Name", "Value", "Curve")[section]
        return None


def one_line(text: str) -> str:
    """The beginning of a text, its line breaks as blanks."""
    return _shortened(text, MOST_LETTERS).replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
