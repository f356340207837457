"""Paints a bar behind the sizes, so that the large ones are seen before they are read."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.storage.model import QUIET, SHARE
from runfolio.gui.theme import Theme

MARGIN, RADIUS = 3, 3


class ShareDelegate(QStyledItemDelegate):
    """Cells as usual; the bar lies between their background and what they say."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.data(QUIET):
            option.palette.setColor(QPalette.ColorRole.Text, self._theme.color("muted"))
            option.palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.color("muted"))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        share = index.data(SHARE)
        if not share:
            super().paint(painter, option, index)
            return
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, option.widget)
        area = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Quiet ones are an outline: their text would be hard to read on a fill.
        quiet = bool(index.data(QUIET))
        painter.setPen(self._theme.color("line") if quiet else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(QBrush() if quiet else self._theme.color("accent_fill"))
        painter.drawRoundedRect(_part(area, share), RADIUS, RADIUS)
        painter.setPen(cell.palette.color(QPalette.ColorRole.Text))
        painter.setFont(cell.font)
        inner = option.rect.adjusted(8, 0, -8, 0)
        text = cell.fontMetrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, cell.displayAlignment | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def _part(area: QRect, share: float) -> QRect:
    """From the left, and seen however small."""
    return QRect(area.left(), area.top(), max(round(area.width() * share), 2), area.height())
