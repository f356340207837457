"""Parallel coordinates: a line for each run across the axes, of which stretches are brushed to select runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.core.columns import Column
from runfolio.core.curves import Floats
from runfolio.core.scales import Placed
from runfolio.gui.compare.axis_paint import paint_axes
from runfolio.gui.compare.brushes import MISSING, Brush, all_carried, inside, levels
from runfolio.gui.compare.layers import LineLayers
from runfolio.gui.compare.points import layer
from runfolio.gui.compare.shades import Shades
from runfolio.gui.theme import Theme

#: Drawing goes on for so long at a stretch, in seconds; a frame is so many milliseconds.
STRETCH, FRAME = 0.006, 16
SIDE, GAP = 28, 6
NEAR = 6.0
HALF_BRUSH = 7
NO_SHADES = Shades(np.empty((0, 3), np.uint8), np.empty(0, np.intp), ())


class ParallelView(QWidget):
    """Draws axes and lines; `Brushing` takes what mouse and keyboard do with them.

    Attributes:
        axes: from the left.
        titles: what they are called.
        brushes: the stretches that runs must lie in.
        current: the axis that the keyboard is on.
        dragged: the axis that is being moved, and where its name is.

    Signals:
        brushed(): the stretches are others.
        pointed(int): the mouse is over the line of this run, by its place; -1 over none.
        clicked(int): the line of a run was clicked; -1 for none.
        moved(Column, int): an axis is to have this place among the others.
        menu_asked(Column, QPoint): the menu of an axis is wanted.
        flip_asked(Column), log_asked(Column): by a key.
    """

    brushed = Signal()
    pointed = Signal(int)
    clicked = Signal(int)
    moved = Signal(object, int)
    menu_asked = Signal(object, QPoint)
    flip_asked = Signal(object)
    log_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes: tuple[Placed, ...] = ()
        self.titles: Sequence[str] = ()
        self.brushes: dict[Column, Brush] = {}
        self.current = 0
        self.dragged: tuple[int, float] | None = None
        self._theme = theme
        self._shades = NO_SHADES
        self._levels: Floats = np.empty((0, 0))
        self._picked: NDArray[np.bool_] | None = None
        self._lit = -1
        self._layers: LineLayers | None = None
        # The axes as a picture: their texts take longer to paint than all lines.
        self._over = QPixmap()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self.setAccessibleName("Parallel coordinates")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        # What is behind it need not be painted with each frame.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def settled(self) -> bool:
        """Whether all lines have been drawn."""
        return not self._timer.isActive()

    # What is shown

    def show_runs(self, axes: tuple[Placed, ...], titles: Sequence[str], shades: Shades) -> None:
        """Show other runs, axes or colours; stretches stay where their values are."""
        self.brushes = all_carried(self.brushes, self.axes, axes)
        self.axes, self.titles, self._shades = axes, titles, shades
        self.current = min(self.current, max(len(axes) - 1, 0))
        self._levels = np.stack([levels(axis) for axis in axes], axis=1) if axes else np.empty((0, 0))
        self._lit, self.dragged = -1, None
        self._picked = None
        self.draw_again()

    def pick(self, picked: NDArray[np.bool_] | None) -> None:
        """Have the lines of these runs in front of the others; None lets all be as they are."""
        self._picked = picked
        if self._layers is not None:
            self._layers.pick(picked)
            self._go_on()
        self.update()

    def light(self, place: int) -> None:
        """Light the line of a run; -1 lights none."""
        if place != self._lit:
            self._lit = place
            self.update()

    def set_brush(self, column: Column, brush: Brush | None) -> None:
        """Brush a stretch of an axis, or nothing of it."""
        if all(axis.column != column for axis in self.axes):
            return  # it has gone while it was being dragged
        before = self.brushes.get(column)
        self.brushes = {one: kept for one, kept in self.brushes.items() if one != column}
        if brush is not None:
            self.brushes[column] = brush
        if brush != before:
            self.update()
            self.brushed.emit()

    def clear_brushes(self, *, quietly: bool = False) -> None:
        """Brush nothing; `quietly` where something else was selected."""
        if self.brushes:
            self.brushes = {}
            self.update()
            if not quietly:
                self.brushed.emit()

    def inside(self) -> NDArray[np.bool_]:
        """The runs that lie in all stretches."""
        return inside(self.axes, self.brushes, len(self._levels))

    def refresh(self) -> None:
        """Paint the axes anew: the keyboard is on another one, or one is being moved."""
        self._over = QPixmap()
        self.update()

    @Slot()
    def draw_again(self) -> None:
        """Draw all lines anew: runs, axes, size or colours are others."""
        self._layers, self._over = None, QPixmap()
        area, ratio = self.area, self.devicePixelRatioF()
        if len(self._levels) and area.width() > 1 and area.height() > 1:
            size = QSize(round(area.width() * ratio), round(area.height() * ratio))
            knots = [round((self.x_of(axis) - area.left()) * ratio) for axis in range(len(self.axes))]
            y = (self.y_of(self._levels) - area.top()) * ratio
            faint = self._theme.color("muted" if self._theme.dark else "faint")
            self._layers = LineLayers(size, knots, y, self._shades.rgb, faint)
            self._layers.pick(self._picked)
            self._go_on()
        self.update()

    @Slot()
    def _go_on(self) -> None:
        if self._layers is None or self._layers.done:
            return
        if self._layers.go_on(STRETCH):
            self.update()
        # While the mouse brushes, what is left over is drawn in frames of its own.
        self._timer.start(0 if self._picked is None else FRAME)

    # Where things are

    @property
    def area(self) -> QRect:
        """Where lines are, from the top of the axes to below the runs that have no place on them."""
        line = self.fontMetrics().height()
        return self.rect().adjusted(SIDE, line + 2 * GAP, -SIDE, -GAP)

    @property
    def _below(self) -> float:
        """As far beneath the axes are the runs without a place, which have room only where there are some."""
        return self.fontMetrics().height() * 1.2 if any(axis.why.any() for axis in self.axes) else float(GAP)

    @property
    def height_of_axes(self) -> float:
        """That of an axis; beneath it is room for the runs without a place, and for what is said of them."""
        return max(self.area.height() - 2 * self._below - GAP, 1.0)

    def x_of(self, axis: int) -> float:
        """Where an axis is."""
        if len(self.axes) < 2:
            return float(self.area.center().x())
        return self.area.left() + axis * self.area.width() / (len(self.axes) - 1)

    def y_of(self, at: Floats) -> Floats:
        """Where places along an axis are, and those below it."""
        bottom = self.area.top() + 4 + self.height_of_axes
        return bottom - np.where(at < 0, at * (self._below / -MISSING), at * self.height_of_axes)

    def at_of(self, y: float) -> float:
        """The place along an axis that is at a height."""
        up = self.area.top() + 4 + self.height_of_axes - y
        return up / self.height_of_axes if up >= 0 else up * -MISSING / self._below

    def axis_near(self, x: float) -> int:
        """The axis nearest to a place."""
        return min(range(len(self.axes)), key=lambda axis: abs(self.x_of(axis) - x), default=0)

    def line_at(self, place: QPointF) -> int:
        """The run whose line is under the mouse, of those in front; -1 if there is none."""
        if len(self.axes) < 2 or not len(self._levels):
            return -1
        step = self.area.width() / (len(self.axes) - 1)
        along = min(max((place.x() - self.area.left()) / step, 0.0), len(self.axes) - 1.0001)
        axis, part = int(along), along % 1
        start, end = self.y_of(self._levels[:, axis]), self.y_of(self._levels[:, axis + 1])
        away = np.abs(start + (end - start) * part * part * (3 - 2 * part) - place.y())
        if self._picked is not None:
            away[~self._picked] = np.inf
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= NEAR else -1

    def brush_rect(self, axis: int, brush: Brush) -> QRectF:
        """Where the stretch of an axis is."""
        low, high = self.y_of(np.array(brush)).tolist()
        return QRectF(self.x_of(axis) - HALF_BRUSH, high, 2 * HALF_BRUSH, max(low - high, 1.0))

    def sizeHint(self) -> QSize:
        """As high as some marks along an axis need."""
        return QSize(480, self.fontMetrics().height() * 17)

    def minimumSizeHint(self) -> QSize:
        """The least that can be brushed."""
        return QSize(240, self.fontMetrics().height() * 17)

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines have other ways to go."""
        super().resizeEvent(event)
        self.draw_again()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines, axes over them, and what is brushed over these."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        if self._layers is not None:
            self._layers.paint(painter, self.area, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lit(painter)
        if self._over.isNull():
            paint = partial(paint_axes, view=self, theme=self._theme)
            self._over = layer(QRectF(self.rect()), self.devicePixelRatioF(), paint)
        painter.drawPixmap(0, 0, self._over)
        for number, axis in enumerate(self.axes):
            if axis.column in self.brushes:
                self._paint_brush(painter, self.brush_rect(number, self.brushes[axis.column]))

    def _paint_lit(self, painter: QPainter) -> None:
        if not 0 <= self._lit < len(self._levels):
            return
        points = [(self.x_of(axis), y) for axis, y in enumerate(self.y_of(self._levels[self._lit]).tolist())]
        path = QPainterPath(QPointF(*points[0]))
        for (left, start), (right, end) in pairwise(points):
            third = (right - left) / 3
            path.cubicTo(left + third, start, right - third, end, right, end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("panel"), 5))
        painter.drawPath(path)
        painter.setPen(QPen(QColor(*self._shades.rgb[self._lit].tolist()), 2.5))
        painter.drawPath(path)

    def title_rect(self, number: int) -> QRectF:
        """Where the name of an axis is: above it, those of the outer ones within the widget."""
        width = self.area.width() / max(len(self.axes) - 1, 1) - 12
        width = max(min(self.fontMetrics().horizontalAdvance(self.titles[number]) + 12, width), 24)
        x = self.x_of(number) if self.dragged is None or self.dragged[0] != number else self.dragged[1]
        left = min(max(x - width / 2, 4.0), self.width() - width - 4.0)
        return QRectF(left, 2, width, self.fontMetrics().height() + 4)

    def _paint_brush(self, painter: QPainter, area: QRectF) -> None:
        fill = self._theme.color("accent")
        fill.setAlphaF(0.35)
        painter.setPen(QPen(self._theme.color("accent"), 1.5))
        painter.setBrush(fill)
        painter.drawRoundedRect(area, 2, 2)
