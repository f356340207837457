"""The run table's header: the names of the columns and, above them, what groups of columns are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from runfolio.core.columns import NAME, Column, SortKey, Source
from runfolio.gui.runs.cells import right_aligned
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import GROUPS

MARGIN = 10
NAME_INDENT = 24
DESCENDING, ASCENDING = "▾", "▴"


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns of one source, from `left` to `right` in the header's pixels."""

    source: Source
    left: int
    right: int


class RunHeader(QHeaderView):
    """Two rows, painted here; resizing, moving and clicking are Qt's."""

    def __init__(self, column_at: Callable[[int], Column], look: TableLook, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._column_at = column_at
        self._look = look
        self._order: tuple[SortKey, ...] = ()
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 5)
        self.setAccessibleName("Columns of the run table")

    def set_look(self, look: TableLook) -> None:
        """Another theme or font."""
        self._look = look
        self.viewport().update()

    def set_order(self, order: tuple[SortKey, ...]) -> None:
        """Which columns have an arrow, and if there are several, its number."""
        self._order = order
        self.viewport().update()

    def groups(self) -> Iterator[Group]:
        """The groups as they stand now, from left to right; a source comes again if columns were moved apart."""
        group: Group | None = None
        for visual in range(self.count()):
            logical = self.logicalIndex(visual)
            source, left = self._column_at(logical).source, self.sectionViewportPosition(logical)
            right = left + self.sectionSize(logical)
            if group is not None and group.source is source:
                group = Group(source, group.left, right)
                continue
            if group is not None:
                yield group
            group = Group(source, left, right)
        if group is not None:
            yield group

    def sizeHint(self) -> QSize:
        """Two lines of text with room around them."""
        line = self.fontMetrics().height()
        return QSize(super().sizeHint().width(), 2 * line + 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The columns' names, and the groups across them."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.window)
        height = self.height()
        painter.setPen(self._look.line)
        painter.drawLine(event.rect().left(), height - 1, event.rect().right(), height - 1)
        painter.setFont(self._look.label)
        painter.setPen(self._look.muted)
        for group in self.groups():
            self._paint_group(painter, group)
        painter.setFont(self._look.body)
        for logical in range(self.count()):
            left, width = self.sectionViewportPosition(logical), self.sectionSize(logical)
            if left < self.viewport().width() and left + width > 0:
                names = QRect(left, height // 2 - 1, width, height // 2 - 2)
                self._paint_name(painter, names, self._column_at(logical))

    def _paint_group(self, painter: QPainter, group: Group) -> None:
        """The label stays in sight while any of its columns is."""
        title = GROUPS[group.source]
        width = painter.fontMetrics().horizontalAdvance(title)
        left = min(max(group.left, 0) + MARGIN, group.right - MARGIN - width)
        area = QRect(max(left, group.left + MARGIN), 5, group.right - left, self.height() // 2 - 6)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), title)

    def _paint_name(self, painter: QPainter, area: QRect, column: Column) -> None:
        number, key = next(((n, k) for n, k in enumerate(self._order, 1) if k.column == column), (0, None))
        arrow = ""
        if key is not None:
            arrow = f" {DESCENDING if key.descending else ASCENDING}{number if len(self._order) > 1 else ''}"
        area = area.adjusted(NAME_INDENT + MARGIN // 2 if column == NAME else MARGIN, 0, -MARGIN, 0)
        room = area.width() - painter.fontMetrics().horizontalAdvance(arrow)
        name = painter.fontMetrics().elidedText(column.heading, Qt.TextElideMode.ElideMiddle, room)
        side = Qt.AlignmentFlag.AlignRight if right_aligned(column) else Qt.AlignmentFlag.AlignLeft
        painter.setPen(self._look.text if key is not None else self._look.muted)
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), name + arrow)
