"""Paints a row of the tree: symbol, name, and the number of runs at the right edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.icons import pixmap
from runfolio.gui.navigator.model import FOLDER_ROLE, RUNNING_ROLE, RUNS_ROLE
from runfolio.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
SYMBOL, GAP = 16, 8
ROW, PADDING = 26, 10


class ExperimentDelegate(QStyledItemDelegate):
    """A filled dot marks an experiment with runs under way; it is told in words by the model's tool tip.

    The view paints what lies behind a row.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), max(ROW, option.fontMetrics.height() + PADDING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(2, 0, -10, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        if index.data(FOLDER_ROLE):
            self._paint_folder(painter, symbol, bool(option.state & QStyle.StateFlag.State_Open))
        else:
            self._paint_dot(painter, symbol, bool(index.data(RUNNING_ROLE)))
        middle = Qt.AlignmentFlag.AlignVCenter
        count = "" if index.data(FOLDER_ROLE) else f"{index.data(RUNS_ROLE):,}"
        painter.setPen(self._theme.color("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, count)
        painter.setPen(self._theme.color("text"))
        room = area.adjusted(SYMBOL + GAP, 0, -option.fontMetrics.horizontalAdvance(count) - GAP, 0)
        name = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, name)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(SYMBOL + 4, 1, -2, -1))

    def _paint_folder(self, painter: QPainter, box: QRect, opened: bool) -> None:
        name = "folder-open" if opened else "folder"
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(box, pixmap(name, self._theme.color("muted"), SYMBOL, ratio))

    def _paint_dot(self, painter: QPainter, box: QRect, running: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent" if running else "muted"))
        painter.setBrush(self._theme.color("accent") if running else Qt.BrushStyle.NoBrush)
        inset = 4 if running else 5
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
