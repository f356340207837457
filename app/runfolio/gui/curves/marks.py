"""The quiet marks of annotations in a chart: a tinted stretch with a small flag at its top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from runfolio.gui.curves.in_view import InView

GROUND, EDGE = 0.1, 0.6
# In pixels: the size of the flag, and how far from a mark the mouse still means it.
FLAG, REACH = 6.0, 4.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of x, in plot coordinates; the colour of its run; and what it says."""

    first: float
    last: float
    color: QColor
    text: str


class Marks(InView):
    """Paints marks over the whole height of the plot, behind its lines.

    Attributes:
        marks: those that are shown.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.marks: tuple[Mark, ...] = ()
        self.setZValue(-100)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Paint these."""
        self.marks = tuple(marks)
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """In pixels, for flags are as large at any zoom."""
        to_pixels, area = painter.worldTransform(), self._area
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setPen(Qt.PenStyle.NoPen)
        top, bottom = sorted(to_pixels.map(QPointF(area.left(), y)).y() for y in (area.top(), area.bottom()))
        for mark in self.marks:
            if mark.last >= area.left() and mark.first <= area.right():
                first, last = max(mark.first, area.left()), min(mark.last, area.right())
                left, right = (to_pixels.map(QPointF(x, area.top())).x() for x in (first, last))
                _paint(painter, mark, QRectF(left, top, max(right - left, 1.0), bottom - top))
        painter.restore()


def _paint(painter: QPainter, mark: Mark, place: QRectF) -> None:
    painter.fillRect(place, _tinted(mark.color, GROUND))
    edge = QRectF(place.left(), place.top(), 1, place.height())
    painter.fillRect(edge, _tinted(mark.color, EDGE))
    corner = place.topLeft()
    flag = QPolygonF([corner, corner + QPointF(FLAG, FLAG / 2), corner + QPointF(0, FLAG)])
    painter.setBrush(mark.color)
    painter.drawPolygon(flag)


def _tinted(color: QColor, share: float) -> QColor:
    tinted = QColor(color)
    tinted.setAlphaF(share)
    return tinted


def said_at(marks: Sequence[Mark], x: float, reach: float) -> str:
    """What the marks say that are at a place of x, or within `reach` of it, a line each."""
    return "\n".join(mark.text for mark in marks if mark.first - reach <= x <= mark.last + reach)
