"""The lines of parallel coordinates as pictures: all of them once, and over these the ones that are selected."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from runfolio.core.curves import Floats
from runfolio.core.density import Bytes, Density, Pixels, Strokes, doubled, halved

#: Up to so many lines are smooth, drawn twice as wide; of more than so many, four pixels are drawn as one.
SMOOTH, COARSE = 1000, 3000
#: While all lines are being drawn, what there is of them is shown so often, in seconds.
SHOWN_EACH = 0.1
#: Lines that are drawn together, where no frame waits for them.
MANY = 512
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
        smooth, coarse = len(y) <= SMOOTH, len(y) > COARSE
        self._fit = halved if smooth else doubled if coarse else np.ascontiguousarray
        width, height = size.width(), size.height()
        across, down = (2.0, 1.0) if smooth else (0.5, 0.5) if coarse else (1.0, 1.0)
        width, height = max(ceil(width * across), 2), max(ceil(height * down), 2)
        places = [min(round(knot * across), width) for knot in knots]
        densities = (Density(width, height, places, smooth=smooth) for _ in range(2))
        y = y * down
        self._all, self._picked = (Strokes(density, y, colors) for density in densities)
        self._all.want(np.ones(len(y), np.bool_))
        self._faint = (faint.red(), faint.green(), faint.blue())
        self._dimmed = False
        self._shown = 0.0
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

    def go_on(self, seconds: float) -> bool:
        """Draw for about so long; returns whether the pictures are others."""
        if not self._all.done:
            self._all.go_on(seconds, MANY)
            if not self._all.done and perf_counter() < self._shown + SHOWN_EACH:
                return False
            self._show_all()
            self._shown = perf_counter()
        elif self._dimmed:
            self._picked.go_on(seconds)
            lines = int(np.count_nonzero(self._picked.drawn))
            self._front = self._image(self._picked.density.picture(_opacity(lines, PICKED)))
        return True

    def _show_all(self) -> None:
        density, lines = self._all.density, int(np.count_nonzero(self._all.drawn))
        opacity = _opacity(lines, ALL)
        if not self._dimmed or self._all.done:
            self._whole = self._image(density.picture(opacity))
        if self._dimmed or self._all.done:
            self._behind = self._image(density.picture(FAINT * opacity, self._faint))

    def _image(self, pixels: Pixels) -> QImage:
        """The pixels as an image of its own: they are copied."""
        pixels = self._fit(pixels)
        height, width = pixels.shape
        shared = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        return shared.copy()

    def paint(self, painter: QPainter, area: QRect, ratio: float) -> None:
        """Paint what there is of the pictures, pixel by pixel."""
        for image in (self._behind, self._front) if self._dimmed else (self._whole,):
            image.setDevicePixelRatio(ratio)
            painter.drawImage(area.topLeft(), image)


def _opacity(lines: int, of: tuple[int, float, float]) -> float:
    enough, least, most = of
    return min(max(enough / max(lines, 1), least), most)
