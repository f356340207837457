"""Lines as a picture of whole pixels: where Qt would need many frames to paint them with smooth edges."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from runfolio.core.raster import Rows, on_top, spans, widened
from runfolio.gui.curves.polyline import Polyline
from runfolio.gui.runs.look import mixed


class LinePicture:
    """Kept as long as lines, zoom and size are the same."""

    def __init__(self) -> None:
        self._ground = QColor()
        self._image = QImage()
        self._of: tuple[object, ...] = ()

    def forget(self, ground: QColor) -> None:
        """Lines or their pens are others; what is translucent lets this colour through."""
        self._ground, self._of = ground, ()

    def paint(self, painter: QPainter, lines: Sequence[Polyline], area: QRectF) -> None:
        """Paint lines that go from left to right within an area of the plot, the last one on top."""
        to_pixels, ratio = painter.worldTransform(), painter.device().devicePixelRatioF()
        room = to_pixels.mapRect(area)
        corner = QPointF(round(room.left() * ratio) / ratio, round(room.top() * ratio) / ratio)
        now = (to_pixels, ratio, room, len(lines))
        if now != self._of:
            moved = QTransform.fromTranslate(-corner.x(), -corner.y())
            to_picture = to_pixels * moved * QTransform.fromScale(ratio, ratio)
            size = max(1, ceil(room.width() * ratio)), max(1, ceil(room.height() * ratio))
            self._image, self._of = pictured(lines, to_picture, size, ratio, self._ground), now
        painter.save()
        painter.resetTransform()
        painter.drawImage(corner, self._image)
        painter.restore()


def pictured(
    lines: Sequence[Polyline], to_picture: QTransform, size: tuple[int, int], ratio: float, ground: QColor
) -> QImage:
    """A picture of so many pixels, `ratio` of them for one that a pen's width counts; transparent where no line is."""
    width, height = size
    with np.errstate(over="ignore"):
        corners = [
            (line.x * to_picture.m11() + to_picture.dx(), line.y * to_picture.m22() + to_picture.dy()) for line in lines
        ]
    first, last = spans(corners, width, height)
    for number, line in enumerate(lines):
        wide = max(1, round(line.pen.widthF() * ratio))
        if wide > 1:
            first[number], last[number] = widened(first[number], last[number], wide)
        _leave_gaps(first[number], last[number], [length * wide for length in line.pen.dashPattern()], height)
    pens = [line.pen.color() for line in lines]
    colors = np.array([*(mixed(ground, pen, pen.alphaF()).rgba() for pen in pens), 0], np.uint32)
    pixels = np.ascontiguousarray(colors[on_top(first, last, height)])  # the last colour is that of the ground
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return image


def _leave_gaps(first: Rows, last: Rows, dashes: Sequence[float], height: int) -> None:
    """Take the columns away that lie between the dashes: a dash goes along x, so that one can be seen in noise too."""
    if dashes:
        ends = np.cumsum(dashes)
        gaps = np.searchsorted(ends, np.arange(len(first)) % ends[-1], "right") % 2 == 1
        first[gaps], last[gaps] = height, -1
