"""The lines of parallel coordinates as pictures: all of them once, and over these the ones that are selected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from runfolio.core.curves import Floats
from runfolio.core.density import Bytes, Density, Pixels, Strokes

#: Up to so many lines are smooth, drawn twice as wide; of more than so many, two columns of pixels are drawn as one.
SMOOTH, COARSE = 1000, 3000
#: How much of what is behind a line covers: so many lines in one place cover nearly all, and each at least something.
ALL, PICKED = (90, 0.12, 0.8), (220, 0.25, 0.95)
FAINT = 0.5


class LineLayers:
    """Pictures that come to be a little at a time.

    Args:
        size: of the pictures, in pixels.
        knots: the columns of the axes, ascending.
        y: the row of each line at each axis.
        colors: of each line.
        faint: the colour of lines that recede behind those that are selected.
    """

    def __init__(self, size: QSize, knots: Sequence[int], y: Floats, colors: Bytes, faint: QColor) -> None:
        smooth = len(y) <= SMOOTH
        grain = 2.0 if smooth else 0.5 if len(y) > COARSE else 1.0
        width = max(round(size.width() * grain), 1)
        places = [min(round(knot * grain), width) for knot in knots]
        densities = (Density(width, size.height(), places, smooth=smooth) for _ in range(2))
        self._all, self._picked = (Strokes(density, y, colors) for density in densities)
        self._all.want(np.ones(len(y), np.bool_))
        self._faint = (faint.red(), faint.green(), faint.blue())
        self._dimmed = False
        self._whole, self._behind, self._front = QImage(), QImage(), QImage()

    @property
    def done(self) -> bool:
        """Whether all lines are in the pictures."""
        return self._all.done and (self._picked.done or not self._dimmed)

    def pick(self, picked: NDArray[np.bool_] | None) -> None:
        """Have these lines in front of the others; None lets all be as they are."""
        self._dimmed = picked is not None
        if picked is not None:
            self._picked.want(picked)

    def go_on(self, seconds: float) -> None:
        """Draw for about so long."""
        if not self._all.done:
            self._all.go_on(seconds)
            lines = int(np.count_nonzero(self._all.drawn))
            self._whole = _image(self._all.density.picture(_opacity(lines, ALL)))
            self._behind = _image(self._all.density.picture(FAINT * _opacity(lines, ALL), self._faint))
        elif self._dimmed:
            self._picked.go_on(seconds)
            lines = int(np.count_nonzero(self._picked.drawn))
            self._front = _image(self._picked.density.picture(_opacity(lines, PICKED)))

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint what there is of the pictures."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._behind if self._dimmed else self._whole)
        if self._dimmed:
            painter.drawImage(area, self._front)


def _opacity(lines: int, of: tuple[int, float, float]) -> float:
    enough, least, most = of
    return min(max(enough / max(lines, 1), least), most)


def _image(pixels: Pixels) -> QImage:
    """The pixels as an image of its own: they are copied."""
    height, width = pixels.shape
    shared = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return shared.copy()
