"""Cells of a table of any size that is not here: those in sight are asked for, and few others kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT
from runfolio.previews.table.source import Cell, Column

#: Cells are asked for in pages of so many rows and columns; so many pages are kept.
ROWS, COLUMNS, MOST_PAGES = 128, 24, 96
#: Qt counts pixels in 32 bits, and has no place for the rows behind these.
MOST_ROWS = 50_000_000
WAITING = "…"
#: What a cell is, without what is written for cells that are not here; None for these.
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SERVED = frozenset(
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.TextAlignmentRole,
        CELL_ROLE,
    )
)


class Page(NamedTuple):
    """A part of a table: the numbers of its rows and columns, counted in pages."""

    down: int
    across: int


class WindowModel(QAbstractTableModel):
    """What is known of a table.

    Attributes:
        columns: its columns.
        order: the column that its rows are sorted by, and whether downwards; None as in the file.
        wanted: the page that was looked for last and is not here.

    Signals:
        missing(): a cell was looked for that is not here.
    """

    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Sequence[Column] = ()
        self.order: tuple[int, bool] | None = None
        self.wanted: Page | None = None
        self._rows = 0
        self._pages: OrderedDict[Page, Sequence[Sequence[Cell]]] = OrderedDict()

    def begin(self, columns: Sequence[Column]) -> None:
        """Show another table, which has no rows yet."""
        self.beginResetModel()
        self.columns, self._rows, self.order, self.wanted = columns, 0, None, None
        self._pages.clear()
        self.endResetModel()

    def set_rows(self, rows: int) -> None:
        """So many rows are known now."""
        rows = min(rows, MOST_ROWS)
        if rows > self._rows:
            self.beginInsertRows(NOWHERE, self._rows, rows - 1)
            for page in [page for page in self._pages if page.down == self._rows // ROWS]:
                del self._pages[page]  # it may have had only some of its rows
            self._rows = rows
            self.endInsertRows()

    def set_order(self, order: tuple[int, bool] | None) -> None:
        """The rows are in another order now."""
        self.order, self.wanted = order, None
        self._pages.clear()
        self._tell_changed(0, self._rows - 1)

    def put(self, page: Page, cells: Sequence[Sequence[Cell]]) -> None:
        """Show cells that were asked for."""
        self._pages[page] = cells
        self.wanted = None if self.wanted == page else self.wanted
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        first = page.down * ROWS
        self._tell_changed(first, min(first + ROWS, self._rows) - 1)

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell, shortened; None if it is empty or not here."""
        page = self._pages.get(Page(row // ROWS, column // COLUMNS))
        if page is None or row % ROWS >= len(page):
            return None
        cells = page[row % ROWS]
        return cells[column % COLUMNS] if column % COLUMNS < len(cells) else None

    def _is_here(self, row: int, column: int) -> bool:
        page = Page(row // ROWS, column // COLUMNS)
        if page in self._pages:
            self._pages.move_to_end(page)
            return True
        self.wanted = page
        self.missing.emit()
        return False

    def _tell_changed(self, first: int, last: int) -> None:
        if last >= first and self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Texts; dots for what is not here yet."""
        if role not in SERVED or not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[column].kind == "number" else LEFT
        if not self._is_here(row, column):
            return None if role == CELL_ROLE else WAITING
        cell = self.cell(row, column)
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[column].name}: {cell if cell else 'empty'}"
        text = cell or ""
        return tool_tip(text) if role == Qt.ItemDataRole.ToolTipRole else one_line(text)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Names of columns with their types in the tool tip, and numbers of rows from 1."""
        if orientation is Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(column.name)[:60]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.kind == "number" else LEFT
        return tool_tip(f"{column.name}\n{column.type or column.kind}") if role == Qt.ItemDataRole.ToolTipRole else None


def one_line(text: str) -> str:
    """Line breaks and tabs as signs, so that a cell is one line."""
    return text.replace("\r\n", "↵").replace("\n", "↵").replace("\r", "↵").replace("\t", "⇥")
