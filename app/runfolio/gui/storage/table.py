"""The table of the page: the lines of one part at a time, each part in the order it was left in."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.runs import selecting
from runfolio.gui.storage.lines import Line
from runfolio.gui.storage.model import StorageModel
from runfolio.gui.storage.parts import PARTS, Part
from runfolio.gui.storage.share_delegate import ShareDelegate
from runfolio.gui.theme import Theme


class StorageTable(QTableView):
    """Shows lines, and says which are selected.

    Attributes:
        lines: what is shown.

    Signals:
        order_changed(): another order is wanted.
    """

    order_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = StorageModel(self)
        self._orders = {part: part.first for part in PARTS}
        self.setObjectName("runTable")
        set_up_table(self, "Storage")
        self.setModel(self.lines)
        self.setItemDelegate(ShareDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 8)
        header.sortIndicatorChanged.connect(self._on_order)

    def show_part(self, part: Part) -> None:
        """Show the columns of a part, in which nothing stands yet."""
        self.lines.show_lines(part, ())
        header = self.horizontalHeader()
        for column, (_, letters) in enumerate(part.columns):
            mode = QHeaderView.ResizeMode.Interactive if letters else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if letters:
                header.resizeSection(column, self.fontMetrics().averageCharWidth() * letters)
        column, descending = self._orders[part]
        header.blockSignals(True)
        header.setSortIndicator(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
        header.blockSignals(False)

    def order(self, part: Part) -> tuple[int, bool]:
        """The column that a part is ordered by, and whether the greatest comes first."""
        return self._orders[part]

    def chosen(self) -> list[Line]:
        """The lines that are selected."""
        spans = selecting.spans(self.selectionModel().selection())
        return [one for first, last in spans for one in self.lines.lines[first : last + 1]]

    def current(self) -> Line | None:
        """The line that the keyboard is in."""
        row = self.currentIndex().row()
        return self.lines.lines[row] if 0 <= row < len(self.lines.lines) else None

    def select_spare(self) -> None:
        """Select what can go and nothing is lost."""
        spans: list[tuple[int, int]] = []
        for row, line in enumerate(self.lines.lines):
            if line.spare and spans and spans[-1][1] == row - 1:
                spans[-1] = spans[-1][0], row
            elif line.spare:
                spans.append((row, row))
        chosen = selecting.selection_of(self.lines, spans)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.setFocus()

    @Slot(int, Qt.SortOrder)
    def _on_order(self, column: int, order: Qt.SortOrder) -> None:
        self._orders[self.lines.part] = (column, order is Qt.SortOrder.DescendingOrder)
        self.order_changed.emit()
