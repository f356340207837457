"""What stands in the cells of a table at places along one scale, so that rows can be compared by looking at them."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.theme import Theme

#: Left and right of the scale.
SIDE = 8


class ScaleDelegate(QStyledItemDelegate):
    """Paints over the background of a cell what its data is.

    Attributes:
        letters: so wide it is, that one can be told from another.
    """

    letters = 16

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Wide enough to tell what is in one cell from what is in another."""
        return QSize(option.fontMetrics.averageCharWidth() * self.letters, super().sizeHint(option, index).height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The background as usual, and what the cell shows over it."""
        super().paint(painter, option, index)
        painter.save()
        painter.setClipRect(option.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_data(painter, option, index)
        painter.restore()

    @abstractmethod
    def paint_data(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint what the data of the cell is, if there is anything."""


def place_of(value: float, area: QRectF, scale: tuple[float, float], flat: float = 0.0) -> float:
    """Where a value is; in halves, for the distance between the largest floats is none.

    Args:
        flat: the part of the area that all is at where the scale has no width.
    """
    low, high = scale
    width = high / 2 - low / 2
    part = (value / 2 - low / 2) / width if width > 0 else flat
    return area.left() + min(max(part, -0.01), 1.01) * area.width()
