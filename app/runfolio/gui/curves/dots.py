"""Points that no line shows, as dots that are as large at any zoom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from runfolio.core.curves import Floats
from runfolio.gui.curves.in_view import InView

#: How wide a dot is, in pixels.
DOT = 5.0


class Dots(InView):
    """Paints the dots of all lines of a chart, over these.

    Attributes:
        dots: x and y of each line's, in plot coordinates, and their colour.
    """

    dots: Sequence[tuple[Floats, Floats, QColor]] = ()

    def show_dots(self, dots: Sequence[tuple[Floats, Floats, QColor]]) -> None:
        """Paint these, the last one on top."""
        self.dots = dots
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Those that lie in the part of the plot that is shown."""
        to_widget, area = painter.worldTransform(), self.boundingRect()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y, color in self.dots:
            inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
            painter.setPen(QPen(color, DOT, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            places = zip(x[inside].tolist(), y[inside].tolist(), strict=True)
            painter.drawPoints([to_widget.map(QPointF(*place)) for place in places])
        painter.restore()
