"""The two axes of a chart: our own ticks and texts on pyqtgraph's axis, with the grid behind the curves."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from runfolio.gui.curves import axis_ticks
from runfolio.gui.curves.x_axes import X_AXES, Room, XAxis, x_ticks

PIXELS_PER_X_TICK = 52
PIXELS_PER_Y_TICK = 38
TEXT_SCALE = 0.84
OVERHANG = 18

Levels = list[tuple[float, list[float]]]


class Axis(pg.AxisItem):  # type: ignore[misc]
    """What both axes share: no axis line, grid lines over the whole plot, small muted text."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.setStyle(tickLength=0, autoReduceTextSpace=False, tickTextOffset=6, tickAlpha=255)
        self.enableAutoSIPrefix(False)
        self.setGrid(255)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def set_look(self, line: QColor, text: QColor, font: QFont) -> None:
        """Take the theme's colours for grid and text, and the application's font."""
        grid = QPen(line, 1)
        grid.setCosmetic(True)
        small = QFont(font)
        if font.pointSizeF() > 0:
            small.setPointSizeF(font.pointSizeF() * TEXT_SCALE)
        self.setTickPen(grid)
        self.setTextPen(QPen(text))
        self.setTickFont(small)

    def boundingRect(self) -> QRectF:
        """Room for the texts of the first and last tick to stand out; without it they are left out."""
        rect = QRectF(super().boundingRect())
        aside = OVERHANG if self.orientation == "bottom" else 0
        along = 0 if aside else OVERHANG // 2
        return rect.adjusted(-aside, -along, aside, along)

    def drawPicture(self, painter: QPainter, axis: Any, grid: list[Any], labels: list[Any]) -> None:
        """Sharp lines without antialiasing; the axis line itself is left out."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
        for pen, start, end in grid:
            painter.setPen(pen)
            painter.drawLine(QPointF(start), QPointF(end))
        painter.setFont(self.style["tickFont"] or painter.font())
        painter.setPen(self.textPen())
        for rect, flags, text in labels:
            painter.drawText(QRectF(rect), int(flags), text)


class HorizontalAxis(Axis):
    """Steps with SI prefixes, times since the start, the clock, or the values of a metric."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._kind, self._log = XAxis.STEP, False

    def set_kind(self, kind: XAxis, log: bool = False) -> None:
        """Say what the x values are, and whether they are their decimal logarithms."""
        if (kind, log) != (self._kind, self._log):
            self._kind, self._log = kind, log
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        """One level of round ticks, as many as there is room for."""
        room = Room(size, QFontMetricsF(self.style["tickFont"] or QFont()).horizontalAdvance)
        return [x_ticks(self._kind, self._log, low, high, int(size / PIXELS_PER_X_TICK), room)]

    def tickStrings(self, values: list[float], _scale: float, step: float) -> list[str]:
        """The texts for the ticks."""
        return X_AXES[self._kind].texts(self._log, values, step)


class VerticalAxis(Axis):
    """The metric's values, linear or, when the chart holds logarithms, as powers of ten."""

    def __init__(self) -> None:
        super().__init__("left")
        self._log = False

    def set_log(self, log: bool) -> None:
        """Say whether the y values are decimal logarithms of the metric's."""
        if log != self._log:
            self._log = log
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        """One level of round ticks, as many as there is room for."""
        return [axis_ticks.numeric(self._log, low, high, int(size / PIXELS_PER_Y_TICK))]

    def tickStrings(self, values: list[float], _scale: float, step: float) -> list[str]:
        """The texts for the ticks."""
        return axis_ticks.numeric_texts(self._log, values, step)
