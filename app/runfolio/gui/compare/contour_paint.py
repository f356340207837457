"""A surface behind points: bands in the colours of a ramp, with lines between them, where runs are near."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from runfolio.core.surface import Surface, banded, enlarged
from runfolio.gui.theme import Theme

BANDS = 10
#: How much of what is behind bands cover, and the lines between them.
BAND, LINE = 0.42, 0.85


def paint_surface(painter: QPainter, surface: Surface, area: QRectF, ramp: Sequence[QColor], theme: Theme) -> None:
    """Paint a surface into the area between two axes; nothing of it where no run is near."""
    path = QPainterPath()
    corners = [
        QPointF(area.left() + x * area.width(), area.bottom() - y * area.height()) for x, y in surface.hull.tolist()
    ]
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    painter.save()
    painter.setClipPath(path)
    painter.drawImage(area, _image(surface, max(round(area.width()), 2), max(round(area.height()), 2), ramp))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("line"), 1))
    painter.drawPath(path)


def _image(surface: Surface, width: int, height: int, ramp: Sequence[QColor]) -> QImage:
    band, edge = banded(enlarged(surface.heights, width, height), BANDS)
    # The middle of a band has the colour that a run of this height has.
    places = np.rint((np.arange(BANDS) + 0.5) / BANDS * (len(ramp) - 1)).astype(np.intp)
    rgb = np.array([[color.red(), color.green(), color.blue()] for color in ramp], np.float64)[places][band]
    cover = np.where(edge, LINE, BAND) * (enlarged(surface.away, width, height) <= surface.reach)
    parts = [np.rint(one).astype(np.uint32) for one in (255 * cover, *(rgb[..., part] * cover for part in range(3)))]
    pixels = np.ascontiguousarray(parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3])
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
