"""The lines of one chart as one item of its scene: with an item for each, most of the time goes to managing them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from runfolio.gui.curves.area import Area
from runfolio.gui.curves.in_view import InView
from runfolio.gui.curves.line_picture import LinePicture
from runfolio.gui.curves.polyline import Polyline

#: What all lines of a chart may cost together, in pixels of a thin line: a third of a frame.
MOST = 300_000.0


class Lines(InView):
    """Paints bands and lines that are in no scene themselves, within the part of the plot that is shown.

    Lines that would take too long are painted without smooth edges, as a picture of their pixels, behind the others.

    Attributes:
        picture: that picture; who shows these lines has it painted when it is another one.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._bands: Sequence[Area] = ()
        self._lines: Sequence[Polyline] = ()
        self.picture = LinePicture()

    def show_lines(self, bands: Sequence[Area], lines: Sequence[Polyline], ground: QColor) -> None:
        """Paint these over a ground, the last one on top; also to be called when they have changed."""
        self._bands, self._lines = bands, lines
        self.picture.forget(ground)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """One after another."""
        for band in self._bands:
            band.paint(painter, option, widget)
        costly = costly_of(self._lines, abs(painter.worldTransform().m22()))
        if costly:
            self.picture.paint(painter, costly, self.boundingRect())
        else:
            self.picture.clear()
        pictured = set(costly)
        for line in self._lines:
            if line not in pictured:
                line.paint(painter, option, widget)


def costly_of(lines: Sequence[Polyline], scale: float) -> list[Polyline]:
    """The lines that cost more than their share, where all of them cost too much; `scale` is pixels for a unit of y."""
    costs = [line.cost(scale) for line in lines]
    if sum(costs) <= MOST:
        return []
    share = MOST / len(lines)
    return [line for line, cost in zip(lines, costs, strict=True) if cost > share and line.forward]
