"""Paints a row of the tree: symbol, name, and the number of runs at the right edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.icons import pixmap
from runfolio.gui.navigator.model import FOLDER_ROLE, RUNNING_ROLE, RUNS_ROLE
from runfolio.gui.theme import Theme

SYMBOL = 16
GAP = 8


class ExperimentDelegate(QStyledItemDelegate):
    """A filled dot marks an experiment with runs under way; it is told in words by the model's tool tip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(28, option.fontMetrics.height() + 12))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        area = option.rect.adjusted(2, 0, -10, 0)
        self._paint_symbol(painter, area, index)
        count = f"{index.data(RUNS_ROLE):,}"
        painter.setPen(self._theme.color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, "" if index.data(FOLDER_ROLE) else count)
        painter.setPen(self._theme.color("text"))
        room = area.adjusted(SYMBOL + GAP, 0, -option.fontMetrics.horizontalAdvance(count) - GAP, 0)
        name = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, name)
        painter.restore()

    def _paint_symbol(self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        box = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        if index.data(FOLDER_ROLE):
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(box, pixmap("folder", self._theme.color("muted"), SYMBOL, ratio))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        running = bool(index.data(RUNNING_ROLE))
        painter.setPen(self._theme.color("accent" if running else "muted"))
        painter.setBrush(self._theme.color("accent") if running else Qt.BrushStyle.NoBrush)
        inset = 4 if running else 5
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
