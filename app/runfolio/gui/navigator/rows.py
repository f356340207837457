"""The tree view whose rows are marked over their whole width, with round corners."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QCursor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeView, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.theme import Theme

RADIUS = 6


class RowTree(QTreeView):
    """Paints behind each row what its state is; the style sheet leaves that to it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tree")
        self._theme = theme
        theme.theme_changed.connect(self.viewport().update)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        row = QRect(0, options.rect.top(), self.viewport().width(), options.rect.height())
        if self.selectionModel().isSelected(index):
            self._fill(painter, row, self._theme.color("selection"))
        elif self.underMouse() and row.contains(self.viewport().mapFromGlobal(QCursor.pos())):
            self._fill(painter, row, self._theme.color("hover"))
        if self.is_target(index):
            self._fill(painter, row, self._theme.color("accent_fill"))
            self.outline(painter, row)
        elif self.hasFocus() and index == self.currentIndex() and not self._is_alone(index):
            self.outline(painter, row)
        super().drawRow(painter, options, index)

    def in_sight(self, index: QModelIndex) -> QModelIndex:
        """A row, or the closed one that hides it."""
        seen, above = index, index.parent()
        while above.isValid():
            seen = seen if self.isExpanded(above) else above
            above = above.parent()
        return seen

    def is_target(self, _index: Index) -> bool:
        """Whether something is about to be dropped on a row."""
        return False

    def _is_alone(self, index: Index) -> bool:
        """Among several rows, or none, the keyboard's place must be seen too."""
        chosen = self.selectionModel().selection()
        return chosen.size() == 1 and chosen.at(0).height() == 1 and chosen.at(0).contains(index)

    def _fill(self, painter: QPainter, row: QRect, color: QColor) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(row, RADIUS, RADIUS)
        painter.restore()

    def outline(self, painter: QPainter, row: QRect) -> None:
        """Draw a line around a place."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(row.adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        painter.restore()
