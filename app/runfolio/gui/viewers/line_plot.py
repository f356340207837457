"""Numbers along one dimension as a line; of very many, from the least to the greatest of each stretch."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.core import numbers
from runfolio.gui.theme import Theme
from runfolio.previews.arrays.questions import Line

MARGIN = 8


class LinePlot(QWidget):
    """One line.

    Signals:
        told(str): what is at the place that is pointed to.
    """

    told = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line: Line | None = None
        self._ends = (0.0, 1.0)
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Line")
        theme.theme_changed.connect(self.update)

    def show_line(self, line: Line | None) -> None:
        """Show a line, or none."""
        self._line, self._at = line, None
        if line is not None:
            finite = np.concatenate([line.least[np.isfinite(line.least)], line.greatest[np.isfinite(line.greatest)]])
            low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
            self._ends = (low, high) if high > low else (low - 0.5, high + 0.5)
            self.setAccessibleDescription(f"{line.count:,} values, {numbers.short(low)} to {numbers.short(high)}")
        self.update()

    def sizeHint(self) -> QSize:
        """Some room."""
        return QSize(420, 320)

    def _plot(self) -> QRectF:
        letters = self.fontMetrics().horizontalAdvance("−0.00000e-00")
        below = self.fontMetrics().lineSpacing() + 4
        return QRectF(
            letters, MARGIN, max(self.width() - letters - MARGIN, 10), max(self.height() - below - MARGIN, 10)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, the line, and the place."""
        line = self._line
        if line is None or not line.count:
            return
        painter, area = QPainter(self), self._plot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter, area, line)
        painter.setPen(QPen(self._theme.color("accent"), 1.2))
        low, high = self._ys(line.least, area), self._ys(line.greatest, area)
        xs = self._xs(line, area)
        if len(xs) == 1:
            painter.drawEllipse(QPointF(xs[0], low[0]), 2, 2)
        for part in _parts(np.isfinite(low) & np.isfinite(high)):
            points = np.stack([np.repeat(xs[part], 2), np.stack([high[part], low[part]], 1).ravel()], 1)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        if self._at is not None:
            painter.setPen(QPen(self._theme.color("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(xs[self._at], area.top()), QPointF(xs[self._at], area.bottom()))

    def _paint_axes(self, painter: QPainter, area: QRectF, line: Line) -> None:
        metrics, (low, high) = self.fontMetrics(), self._ends
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(self._theme.color("line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.color("muted"))
            text = numbers.short(float(f"{low * (1 - share) + high * share:.4g}"))
            left = area.left() - metrics.horizontalAdvance(text) - 6
            painter.drawText(QPointF(max(left, 0), y + metrics.ascent() / 2 - 1), text)
        last = f"{line.count - 1:,}"
        painter.drawText(QPointF(area.left(), self.height() - metrics.descent() - 1), "0")
        right = area.right() - metrics.horizontalAdvance(last)
        painter.drawText(QPointF(right, self.height() - metrics.descent() - 1), last)

    def _xs(self, line: Line, area: QRectF) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(area.left() + line.places / max(line.count - 1, 1) * area.width(), np.float64)

    def _ys(
        self, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], area: QRectF
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        low, high = self._ends
        with np.errstate(all="ignore"):
            unit = (values / 2 - low / 2) / (high / 2 - low / 2)
        return np.asarray(area.bottom() - unit * area.height(), np.float64)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The place goes to the nearest value."""
        if self._line is not None and self._line.count:
            distances = np.abs(self._xs(self._line, self._plot()) - event.position().x())
            self._move(int(distances.argmin()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move the place."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() not in steps or self._line is None or not self._line.count:
            super().keyPressEvent(event)
            return
        self._move(0 if self._at is None else self._at + steps[Qt.Key(event.key())])

    def _move(self, place: int) -> None:
        line = self._line
        assert line is not None
        self._at = max(0, min(place, len(line.places) - 1))
        start = int(line.places[self._at])
        end = int(line.places[self._at + 1]) if self._at + 1 < len(line.places) else line.count
        low, high = (numbers.exact(float(values[self._at])) for values in (line.least, line.greatest))
        where = f"[{start:,}]" if end - start == 1 else f"[{start:,}–{end - 1:,}]"
        self.told.emit(f"{where} = {low}" if low == high else f"{where} = {low} to {high}")
        self.update()


def _parts(there: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[slice]:
    """The stretches without gaps."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
