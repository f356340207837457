"""A line of a chart, in the coordinates of its plot, and what it would cost to paint it smoothly."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from runfolio.core.curves import Floats
from runfolio.gui.curves.nearest import extent, lonely

NONE: Floats = np.empty(0)
#: What Qt needs for a smooth line goes with the way that its pen goes up and down, and with its corners: in pixels of a
#: thin pen's way, what a pixel and a corner cost of a thin line, and of one that is wider than a pixel.
THIN, WIDE = (1.0, 3.0), (130.0, 46.0)


class Polyline:
    """Corners joined by a pen.

    Attributes:
        x, y: the corners; NaN in `y` is a gap.
        forward: whether it goes from left to right only.
        pen: cosmetic, its width in pixels.
    """

    def __init__(self, x: Floats = NONE, y: Floats = NONE, pen: QPen | None = None, *, forward: bool = True) -> None:
        self.x, self.y, self.forward = x, y, forward
        self.pen = pen or QPen()

    @cached_property
    def _path(self) -> QPainterPath:
        path: QPainterPath = pg.arrayToQPath(self.x, self.y, connect="finite")
        return path

    @cached_property
    def _up_and_down(self) -> float:
        with np.errstate(over="ignore"):
            return float(np.nansum(np.abs(np.diff(self.y))))

    @cached_property
    def dots(self) -> NDArray[np.intp]:
        """The corners that no line shows."""
        return np.flatnonzero(lonely(self.y))

    def extent(self, left: float, right: float) -> tuple[float, float] | None:
        """The lowest and highest y between two x values or, if no corner is there, beside them; None of gaps alone."""
        return extent(self.y, self.x, left, right, not self.forward)

    def cost(self, scale: float) -> float:
        """How long Qt paints it, in pixels of a thin line, where a unit of y has so many."""
        pixel, corner = WIDE if self.pen.widthF() > 1 else THIN
        return self._up_and_down * scale * pixel + corner * len(self.y)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """The line, with smooth edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.pen)
        painter.drawPath(self._path)
