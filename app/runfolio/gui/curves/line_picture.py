"""Lines as a picture of whole pixels: where Qt would need many frames to paint them with smooth edges."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from runfolio.core.curves import Floats
from runfolio.core.raster import on_top, spans, widened
from runfolio.gui.curves.polyline import Polyline
from runfolio.gui.runs.look import mixed

# Lines that are so many have their points for two columns of pixels, which are drawn as one.
MANY, BROAD = 40, 2


class LinePicture:
    """Kept as long as lines, zoom and size are the same."""

    def __init__(self) -> None:
        self._ground = QColor()
        self._image, self._room = QImage(), QRectF()
        self._of: tuple[object, ...] = ()

    def forget(self, ground: QColor) -> None:
        """Lines or their pens are others; what is translucent lets this colour through."""
        self._ground, self._of = ground, ()

    def paint(self, painter: QPainter, lines: Sequence[Polyline], area: QRectF) -> None:
        """Paint lines that go from left to right within an area of the plot, the last one on top."""
        to_widget, ratio = painter.worldTransform(), painter.device().devicePixelRatioF()
        now = (to_widget, ratio, area, len(lines))
        if now != self._of:
            scale = QSizeF(ratio / BROAD if len(lines) > MANY else ratio, ratio)
            self._of, self._room = now, _in_pixels(to_widget.mapRect(area), scale)
            moved = to_widget * QTransform.fromTranslate(-self._room.x(), -self._room.y())
            self._image = pictured(lines, moved, self._room.size(), scale, self._ground)
        painter.save()
        painter.resetTransform()
        painter.drawImage(self._room, self._image)
        painter.restore()


def _in_pixels(room: QRectF, scale: QSizeF) -> QRectF:
    """A room that begins and ends with whole pixels, of which there are so many for a unit."""
    left, top = round(room.left() * scale.height()), round(room.top() * scale.height())
    width, height = ceil(room.width() * scale.width()), ceil(room.height() * scale.height())
    corner = QPointF(left, top) / scale.height()
    return QRectF(corner, QSizeF(max(width, 1) / scale.width(), max(height, 1) / scale.height()))


def pictured(lines: Sequence[Polyline], to_room: QTransform, room: QSizeF, scale: QSizeF, ground: QColor) -> QImage:
    """The lines in a room, with so many pixels across and down for a unit of it; transparent where no line is."""
    width, height = round(room.width() * scale.width()), round(room.height() * scale.height())
    to_picture = to_room * QTransform.fromScale(scale.width(), scale.height())
    with np.errstate(over="ignore"):
        corners = [
            (line.x * to_picture.m11() + to_picture.dx(), line.y * to_picture.m22() + to_picture.dy()) for line in lines
        ]
    first, last = spans(corners, width, height)
    for number, pen in enumerate(line.pen for line in lines):
        across, down = (max(1, round(pen.widthF() * units)) for units in (scale.width(), scale.height()))
        if across > 1 or down > 1:
            first[number], last[number] = widened(first[number], last[number], across, down)
        dashes = np.array(pen.dashPattern()) * pen.widthF() * scale.width()
        if len(dashes):
            gaps = _gaps(dashes, width)
            first[number, gaps], last[number, gaps] = height, -1
    colors = [mixed(ground, line.pen.color(), line.pen.color().alphaF()).rgba() for line in lines]
    pixels = on_top(first, last, height, np.array(colors, np.uint32))
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _gaps(dashes: Floats, width: int) -> NDArray[np.bool_]:
    """The columns between the dashes, which go along x: so they are seen in noise too."""
    ends = np.cumsum(dashes)
    return np.asarray(np.searchsorted(ends, np.arange(width) % ends[-1], "right") % 2, np.bool_)
