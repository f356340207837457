"""The band around a group's line, as a chart paints it: filled between two edges, with gaps where these have some."""

from __future__ import annotations

from itertools import starmap

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from runfolio.core.curves import Floats

# How much of the ground a band of a certain step, which has no width, lets through compared with a filled one.
WHISKER = 2.5


def stretches(y: Floats) -> list[slice]:
    """The parts of a polyline without gaps."""
    edges = np.flatnonzero(np.diff(np.isfinite(y), prepend=False, append=False))
    return list(starmap(slice, edges.reshape(-1, 2).tolist()))


class Area:
    """What lies between two polylines that have their gaps at the same places.

    Attributes:
        low, high: the y values of the edges, in plot coordinates.
        low_x, high_x: the x values of their corners.
        smooth: whether its edges are smoothed, which takes three times as long.
    """

    def __init__(self) -> None:
        self.smooth = True
        self.low = self.high = self.low_x = self.high_x = np.empty(0)
        self._path, self._whiskers = QPainterPath(), QPainterPath()
        self._brush, self._pen = QBrush(), QPen()

    def set_edges(self, low_x: Floats, low: Floats, high_x: Floats, high: Floats) -> None:
        """Fill between these; bands at a single step are upright lines."""
        self.low_x, self.low, self.high_x, self.high = low_x, low, high_x, high
        wide: list[tuple[Floats, Floats]] = []
        thin: list[tuple[Floats, Floats]] = []
        gap = np.array([np.nan])
        for below, above in zip(stretches(low), stretches(high), strict=False):
            x = np.concatenate([low_x[below], high_x[above][::-1], gap])
            y = np.concatenate([low[below], high[above][::-1], gap])
            (wide if low_x[below][-1] > low_x[below][0] else thin).append((x, y))
        self._path, self._whiskers = _path(wide), _path(thin)
        self._path.setFillRule(Qt.FillRule.WindingFill)

    def set_color(self, color: QColor) -> None:
        """Fill with a colour that lets through what is behind."""
        self._brush = QBrush(color)
        line = QColor(color)
        line.setAlphaF(min(1.0, color.alphaF() * WHISKER))
        self._pen = QPen(line, 1)
        self._pen.setCosmetic(True)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """The filled part, and the lines at single steps."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth)
        painter.fillPath(self._path, self._brush)
        painter.strokePath(self._whiskers, self._pen)


def _path(parts: list[tuple[Floats, Floats]]) -> QPainterPath:
    if not parts:
        return QPainterPath()
    x, y = (np.concatenate(part) for part in zip(*parts, strict=True))
    found: QPainterPath = pg.arrayToQPath(x, y, connect="finite")
    return found
