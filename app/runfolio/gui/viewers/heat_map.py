"""A plane of numbers as colours, with a scale beside it and a place that the keyboard moves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.core import numbers
from runfolio.gui.compare.shades import STEPS, ramp
from runfolio.gui.theme import Theme
from runfolio.previews.arrays.questions import Plane

#: Planes much longer than wide are not drawn to scale.
MOST_UNLIKE = 8
SCALE, GAP = 14, 12
KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatMap(QWidget):
    """One plane.

    Attributes:
        place: the row and the column of the plane where the keyboard is; None for none.

    Signals:
        told(str): what is at the place that is pointed to.
    """

    told = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plane: Plane | None = None
        self._image = QImage()
        self._ends = (0.0, 0.0)
        self.place: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Heat map")
        theme.theme_changed.connect(self._color)

    def show_plane(self, plane: Plane | None) -> None:
        """Show a plane, or none."""
        self._plane, self.place = plane, None
        self._color()

    @Slot()
    def _color(self) -> None:
        plane = self._plane
        self._image = QImage()
        if plane is not None and plane.values.size:
            finite = plane.values[np.isfinite(plane.values)]
            self._ends = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
            self._image = _image(plane.values, self._ends, self._theme)
            self.setAccessibleDescription(f"{plane.rows:,} by {plane.columns:,}, {self._scale_text()}")
        self.update()

    def _scale_text(self) -> str:
        return " to ".join(numbers.short(end) for end in self._ends)

    def sizeHint(self) -> QSize:
        """Some room."""
        return QSize(420, 320)

    # Where it is

    def _area(self) -> QRect:
        """Where the plane is: as large as there is room, in its own proportions unless that makes a thread of it."""
        if self._image.isNull():
            return QRect()
        letters = self.fontMetrics().horizontalAdvance("−0.000000e-00")
        room = QRect(0, 0, max(self.width() - SCALE - GAP - letters - 8, 40), self.height())
        width, height = self._image.width(), self._image.height()
        most = room.size()
        if max(width / height, height / width) > MOST_UNLIKE:
            return QRect(QPoint(0, 0), most)
        return QRect(QPoint(0, 0), QSize(width, height).scaled(most, Qt.AspectRatioMode.KeepAspectRatio))

    def _place_at(self, point: QPoint) -> tuple[int, int] | None:
        area = self._area()
        if not area.contains(point):
            return None
        row = (point.y() - area.top()) * self._image.height() // area.height()
        column = (point.x() - area.left()) * self._image.width() // area.width()
        return min(row, self._image.height() - 1), min(column, self._image.width() - 1)

    def _tell(self, place: tuple[int, int]) -> None:
        plane = self._plane
        assert plane is not None
        row, column = (at * step for at, step in zip(place, plane.step, strict=True))
        last_row, last_column = min(row + plane.step[0], plane.rows) - 1, min(column + plane.step[1], plane.columns) - 1
        rows = f"{row:,}" if row == last_row else f"{row:,}–{last_row:,}"
        columns = f"{column:,}" if column == last_column else f"{column:,}–{last_column:,}"
        several = plane.step != (1, 1)
        what = "" if not several else "mean " if plane.averaged else "first value "
        self.told.emit(f"[{rows}, {columns}] = {what}{numbers.exact(plane.values[place])}")

    # Qt's events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The plane, the place, and the scale."""
        if self._image.isNull():
            return
        painter, area = QPainter(self), self._area()
        painter.drawImage(area, self._image)
        if self.place is not None:
            painter.setPen(QPen(self._theme.color("text"), 2))
            painter.drawRect(self._cell(area, self.place))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        self._paint_scale(painter, QRect(area.right() + GAP, area.top(), SCALE, max(area.height(), 60)))

    def _cell(self, area: QRect, place: tuple[int, int]) -> QRectF:
        width, height = area.width() / self._image.width(), area.height() / self._image.height()
        cell = QRectF(area.left() + place[1] * width, area.top() + place[0] * height, width, height)
        return cell.adjusted(-3, -3, 3, 3) if min(width, height) < 6 else cell

    def _paint_scale(self, painter: QPainter, bar: QRect) -> None:
        colors = ramp(self._theme.dark)
        for place in range(STEPS):
            top = bar.bottom() - (place + 1) * bar.height() / STEPS
            painter.fillRect(QRectF(bar.left(), top, bar.width(), bar.height() / STEPS + 1), colors[place])
        painter.setPen(self._theme.color("muted"))
        metrics = self.fontMetrics()
        low, high = (numbers.short(end) for end in self._ends)
        painter.drawText(bar.right() + 6, bar.top() + metrics.ascent(), high)
        painter.drawText(bar.right() + 6, bar.bottom() - metrics.descent(), low)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is below the mouse."""
        place = self._place_at(event.position().toPoint())
        if place is not None:
            self._tell(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The place goes there."""
        self._move(self._place_at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move the place."""
        way = KEYS.get(Qt.Key(event.key()))
        if way is None or self._image.isNull():
            super().keyPressEvent(event)
            return
        row, column = self.place or (0, 0)
        moved = (row + way[0], column + way[1]) if self.place is not None else (0, 0)
        limits = self._image.height() - 1, self._image.width() - 1
        self._move((max(0, min(moved[0], limits[0])), max(0, min(moved[1], limits[1]))))

    def _move(self, place: tuple[int, int] | None) -> None:
        self.place = place
        if place is not None:
            self._tell(place)
        self.update()


def _image(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], ends: tuple[float, float], theme: Theme
) -> QImage:
    """A pixel for each value; where there is none, the colour of nothing."""
    colors = [*ramp(theme.dark), theme.color("raised")]
    table = np.array([color.rgb() for color in colors], np.uint32)
    low, high = ends
    with np.errstate(all="ignore"):
        unit = (values / 2 - low / 2) / (high / 2 - low / 2) if high > low else np.full(values.shape, 0.5)
    there = np.isfinite(values)
    codes = np.where(there, np.rint(np.clip(np.where(there, unit, 0), 0, 1) * (STEPS - 1)), STEPS).astype(np.intp)
    pixels = np.ascontiguousarray(table[codes])
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, width * 4, QImage.Format.Format_RGB32).copy()
