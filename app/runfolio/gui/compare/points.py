"""Points in the colours, shapes and sizes of what they stand for: drawn once each, and stamped as often as needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from runfolio.core.curves import Floats

#: The diameters of points, from the least to the greatest value; where sizes say nothing, all are as `USUAL`.
SIZES = (5.0, 6.5, 8.0, 9.5, 11.0, 12.5, 14.0)
USUAL = 1
#: The row of stamps of those whose size is not known: they are hollow.
HOLLOW = len(SIZES)
OPACITY = 0.85


def shape(kind: int, center: QPointF, size: float) -> QPainterPath:
    """The outline of a point; of categories, each of the first five has one of its own."""
    path, half = QPainterPath(), size / 2
    if kind % 5 == 0:
        path.addEllipse(center, half, half)
        return path
    corners = {
        1: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        2: [(0, -1.15), (1.1, 0.85), (-1.1, 0.85)],
        3: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
        4: [(0, 1.15), (1.1, -0.85), (-1.1, -0.85)],
    }[kind % 5]
    path.addPolygon(QPolygonF([center + QPointF(x, y) * half for x, y in corners]))
    path.closeSubpath()
    return path


class Stamps:
    """All kinds of points side by side in one picture: a column for each colour, a row for each size.

    Args:
        colors: of the points.
        shapes: whether each colour has a shape of its own.
        edge: the colour around each point, which keeps those that overlap apart.
    """

    def __init__(self, colors: Sequence[QColor], edge: QColor, ratio: float, *, shapes: bool) -> None:
        self._cell = SIZES[-1] * 1.3 + 3
        self._ratio = ratio
        self._atlas = QPixmap(round(self._cell * len(colors) * ratio), round(self._cell * (HOLLOW + 1) * ratio))
        self._atlas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._atlas)
        painter.scale(ratio, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(OPACITY)
        for column, color in enumerate(colors):
            for row, size in enumerate((*SIZES, SIZES[USUAL])):
                center = QPointF((column + 0.5) * self._cell, (row + 0.5) * self._cell)
                painter.setPen(QPen(color if row == HOLLOW else edge, 1))
                painter.setBrush(QBrush(Qt.BrushStyle.NoBrush) if row == HOLLOW else color)
                painter.drawPath(shape(column if shapes else 0, center, size))
        painter.end()

    def stamp(self, painter: QPainter, x: Floats, y: Floats, colors: NDArray[np.intp], sizes: NDArray[np.intp]) -> None:
        """Draw points, the last one on top."""
        cell = self._cell * self._ratio
        fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
        fragments.resize(len(x))
        given = fragments.ndarray()
        given[:] = 0
        given[:, 0], given[:, 1] = x, y
        given[:, 2], given[:, 3] = colors * cell, sizes * cell
        given[:, 4:6] = cell
        given[:, 6:8] = 1 / self._ratio
        given[:, 9] = 1
        # An address and a number, which PySide6 takes and its annotations do not know.
        painter.drawPixmapFragments(*fragments.drawargs(), self._atlas)  # type: ignore[call-arg]


def layer(size: QRectF, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
    """A see-through picture of a size, with what is painted on it."""
    picture = QPixmap(max(round(size.width() * ratio), 1), max(round(size.height() * ratio), 1))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    paint(painter)
    painter.end()
    return picture
