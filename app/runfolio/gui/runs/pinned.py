"""A table whose first columns stay in sight while the others scroll under them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QRect, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from runfolio.core.columns import Column
from runfolio.gui.aliases import Index
from runfolio.gui.runs.dragged_rows import DraggedRows
from runfolio.gui.runs.header import RunHeader
from runfolio.gui.runs.look import TableLook


class PinnedTable(DraggedRows):
    """Qt knows nothing of pinned columns: they are painted a second time, over the others, and where Qt asks which
    cell is at a place, or where a cell is, the answer is what is seen. So there is one table, with one selection, one
    keyboard and one set of editors, at the cost of painting a few cells twice.

    Attributes:
        header: the names of the columns; it knows which of them are pinned.
    """

    def __init__(self, column_at: Callable[[int], Column], look: TableLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header: RunHeader = RunHeader(column_at, look, self)

    @abstractmethod
    def paint_pinned(self, painter: QPainter, area: QRect, row: int, section: int) -> None:
        """Paint a cell, with its whole background."""

    def rows_in(self, area: QRect) -> range:
        """The rows that are seen in a part of the viewport."""
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        count = self.model().rowCount()
        return range(first, (last if last >= 0 else count - 1) + 1) if first >= 0 else range(0)

    def cell_area(self, row: int, left: int, width: int) -> QRect:
        """A part of a row, in the viewport's pixels."""
        return QRect(left, self.rowViewportPosition(row), width, self.rowHeight(row))

    def is_chosen(self, row: int) -> bool:
        """Whether a row is selected."""
        return self.selectionModel().isRowSelected(row, QModelIndex())

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The cell that is seen at a place."""
        if 0 <= place.x() < self.header.held():
            return self.model().index(self.rowAt(place.y()), self.header.section_at(place.x()))
        return super().indexAt(place)

    def visualRect(self, index: Index) -> QRect:
        """Where a cell is seen."""
        rect = super().visualRect(index)
        if index.isValid() and self.header.is_held(index.column()):
            rect.moveLeft(self.header.left_of(index.column()))
        return rect

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll rows only: walking down a wide table must not throw it sideways. To the right of what is pinned, a
        cell that lies under it is brought out.
        """
        bar, section = self.horizontalScrollBar(), index.column()
        across = bar.value()
        super().scrollTo(index, hint)
        if hint is not QAbstractItemView.ScrollHint.EnsureVisible or section == 0 or self.header.is_held(section):
            bar.setValue(across)
        else:
            bar.setValue(bar.value() - max(self.header.held() - self.header.sectionViewportPosition(section), 0))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt moves the picture sideways, with what is pinned in it."""
        super().scrollContentsBy(dx, dy)
        if dx and self.header.marks.pinned:
            self.viewport().update()
            self.header.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is pinned lies over what scrolls."""
        super().paintEvent(event)
        held = self.header.held()
        if not held or event.rect().left() >= held:
            return
        painter = QPainter(self.viewport())
        for row in self.rows_in(event.rect()):
            for section in range(self.header.marks.pinned):
                area = self.cell_area(row, self.header.left_of(section), self.header.sectionSize(section))
                self.paint_pinned(painter, area, row, section)
        painter.setPen(self.palette().mid().color())
        painter.drawLine(held - 1, 0, held - 1, self.viewport().height())

    @Slot()
    def update_pinned(self) -> None:
        """Qt looks for changed cells where they would be if nothing were pinned."""
        if self.header.held():
            self.viewport().update(0, 0, self.header.held(), self.viewport().height())
