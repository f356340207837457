"""A table whose first columns stay in sight while the others scroll under them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from runfolio.core.columns import Column
from runfolio.gui.aliases import Index
from runfolio.gui.runs.delegate import CellRoom, PaintRow
from runfolio.gui.runs.dragged_rows import DraggedRows
from runfolio.gui.runs.header import RunHeader
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.rolling import Rolling


class PinnedTable(DraggedRows):
    """Qt knows nothing of pinned columns: they are painted a second time, over the others, and where Qt asks which
    cell is at a place, or where a cell is, the answer is what is seen. So there is one table, with one selection, one
    keyboard and one set of editors, at the cost of painting a few cells twice.

    Attributes:
        header: the names of the columns; it knows which of them are pinned.
        rolling: what there is time for while it scrolls.
    """

    def __init__(self, column_at: Callable[[int], Column], look: TableLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header: RunHeader = RunHeader(column_at, look, self)
        self.rolling = Rolling(self)
        self.rolling.due.connect(self.update_rows)
        # Every pixel is painted here, so that scrolling moves the picture and only what comes into sight is painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @abstractmethod
    def row_painter(self, rooms: Sequence[CellRoom]) -> PaintRow:
        """What paints cells of some columns in one row after another, with all of the row's background."""

    @Slot(int, int)
    def update_rows(self, first: int, last: int) -> None:
        """Paint rows that are in sight anew."""
        self._update(first, last, self.viewport().width())

    def _update(self, first: int, last: int, width: int) -> None:
        top, end = self.rowViewportPosition(first), self.rowViewportPosition(last) + self.rowHeight(last)
        self.viewport().update(0, top, width, end - top)

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
        self.rolling.moved()
        super().scrollContentsBy(dx, dy)
        if dx and self.header.marks.pinned:
            self.viewport().update(0, 0, self.header.pinned_width() + abs(dx), self.viewport().height())
            self.header.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows run on to the edge of the window; what is pinned lies over what scrolls.

        Qt would ask for each cell by itself, with all its properties, which takes many times as long.
        """
        painter, held, exposed = QPainter(self.viewport()), self.header.held(), event.rect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(exposed, self.header.look.window)
        scrolled, pinned = QRect(exposed), QRect(exposed)
        scrolled.setLeft(max(held, exposed.left()))
        pinned.setRight(min(held - 1, exposed.right()))
        parts = [(area, self.row_painter(self._rooms(area))) for area in (scrolled, pinned) if area.width() > 0]
        rows = [row for row in self.rows_in(exposed) if event.region().intersects(self._area(row, exposed))]
        for row in self.rolling.in_time(rows):
            chosen = self.is_chosen(row)
            for area, paint in parts:
                paint(painter, row, self._area(row, area), chosen)
        if held:
            painter.fillRect(held - 1, 0, 1, self.viewport().height(), self.palette().mid())

    def _area(self, row: int, part: QRect) -> QRect:
        return QRect(part.x(), self.rowViewportPosition(row), part.width(), self.rowHeight(row))

    def _rooms(self, area: QRect) -> list[CellRoom]:
        """The sections that are seen in a part of the viewport: of those that stay in sight, or of the others."""
        found, held = [], area.left() < self.header.held()
        for section in self.header.in_sight():
            left, width = self.header.left_of(section), self.header.sectionSize(section)
            seen = width and left <= area.right() and left + width > area.left()
            if seen and self.header.is_held(section) is held:
                found.append((section, left, width))
        return found

    @Slot(QModelIndex, QModelIndex)
    def update_pinned(self, first: QModelIndex, last: QModelIndex) -> None:
        """Qt looks for changed cells where they would be if nothing were pinned."""
        if self.header.is_held(first.column()):
            self._update(first.row(), last.row(), self.header.held())
