"""Bars in the cells of a table, all on one scale, with a line that tells how far a value could be another one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from runfolio.gui.compare.scale_paint import SIDE, ScaleDelegate, place_of

#: Under this role a cell has its `Bar`, and under the next one where the scale begins and ends.
BAR_ROLE = int(Qt.ItemDataRole.UserRole) + 31
SCALE_ROLE = BAR_ROLE + 1
HIGH, TICK = 8, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0 to a value.

    Attributes:
        value: where it ends; of NaN there is none.
        reach: so far to either side the line goes at its end; NaN or 0 if there is none.
        role: its colour, as the theme calls it.
        color: its colour where it is that of a run.
    """

    value: float
    reach: float = 0.0
    role: str = "accent"
    color: QColor | None = None


class BarDelegate(ScaleDelegate):
    """Paints bars."""

    def paint_data(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The bar of a cell that has a value."""
        bar = index.data(BAR_ROLE)
        if isinstance(bar, Bar) and bar.value == bar.value:
            self._paint(painter, bar, QRectF(option.rect).adjusted(SIDE, 0, -SIDE, 0), index.data(SCALE_ROLE))

    def _paint(self, painter: QPainter, bar: Bar, area: QRectF, scale: tuple[float, float]) -> None:
        zero, end = place_of(0.0, area, scale), place_of(bar.value, area, scale)
        middle, high = area.center().y(), min(HIGH, area.height() - 4)
        body = QRectF(min(zero, end), middle - high / 2, max(abs(end - zero), 1.0), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(bar.color if bar.color is not None else self._theme.color(bar.role))
        painter.drawRoundedRect(body, 2, 2)
        if bar.reach > 0:
            low, upper = (place_of(bar.value + by, area, scale) for by in (-bar.reach, bar.reach))
            painter.setPen(QPen(self._theme.color("text"), 1.2))
            painter.drawLine(QPointF(low, middle), QPointF(upper, middle))
            for x in (low, upper):
                painter.drawLine(QPointF(x, middle - TICK), QPointF(x, middle + TICK))
