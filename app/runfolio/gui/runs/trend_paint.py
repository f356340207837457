"""Paints the cells of trend columns: a curve is drawn once for each picture and size, and then copied."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from runfolio.gui.runs.reading import Picture
from runfolio.gui.runs.trends import Curve, Trends

#: So many drawn curves are kept, a few screens full.
KEPT = 512
WIDTH = 1.4
#: Above and below the curve, and what its ends reach out at the sides, in pixels.
MARGIN, END = 6, 2


class TrendPaint:
    """Draws the pictures of `trends`."""

    def __init__(self, trends: Trends) -> None:
        self._trends = trends
        self._drawn: dict[Curve, tuple[tuple[object, ...], QPixmap]] = {}

    def paint(self, painter: QPainter, area: QRect, curve: Curve, color: QColor) -> None:
        """Draw a run's curve into an area; nothing while there is none."""
        picture = self._trends.picture(*curve)
        if picture is None or area.width() <= 0:
            return
        scale = painter.device().devicePixelRatioF()
        how = picture, area.size().toTuple(), color.rgba(), scale
        known, pixmap = self._drawn.get(curve, (None, None))
        if pixmap is None or known is None or known[0] is not picture or known[1:] != how[1:]:
            pixmap = _drawn(picture, area, color, scale)
            self._keep(curve, how, pixmap)
        painter.drawPixmap(area.x() - END, area.y(), pixmap)

    def _keep(self, curve: Curve, how: tuple[object, ...], pixmap: QPixmap) -> None:
        self._drawn.pop(curve, None)
        if len(self._drawn) >= KEPT:
            del self._drawn[next(iter(self._drawn))]
        self._drawn[curve] = how, pixmap


def _drawn(picture: Picture, area: QRect, color: QColor, scale: float) -> QPixmap:
    pixmap = QPixmap(QSize(area.width() + 2 * END, area.height()) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    room = QRectF(END, MARGIN, area.width(), area.height() - 2 * MARGIN)
    across, down = room.left() + picture.x * room.width(), room.bottom() - picture.y * room.height()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, WIDTH))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]))
    painter.end()
    return pixmap
