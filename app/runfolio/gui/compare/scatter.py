"""Runs as points: two columns say where they stand, two more their colour and size; a rubber band selects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.core.curves import Floats
from runfolio.core.numbers import counted
from runfolio.core.scales import Placed
from runfolio.core.surface import Surface
from runfolio.gui.chrome.labels import SMALL, scaled
from runfolio.gui.compare.band_keys import KeyBand
from runfolio.gui.compare.brushes import MISSING, levels
from runfolio.gui.compare.contour_paint import paint_surface
from runfolio.gui.compare.marks import marks
from runfolio.gui.compare.points import HOLLOW, SIZES, USUAL, Stamps, layer, shape
from runfolio.gui.compare.shades import Shades
from runfolio.gui.theme import Theme

GAP, NEAR, CLICK = 8, 8.0, 4
FAINT = 0.35
MOST_MARKS = 6
WAYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Down: (1, -1), Qt.Key.Key_Up: (1, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What is shown.

    Attributes:
        x, y: the axes.
        size: what says how large points are.
        shades: their colours.
        surface: what is behind them, or why it is not; None where nobody wants one.
    """

    x: Placed
    y: Placed
    size: Placed | None
    shades: Shades
    surface: Surface | str | None = None


class ScatterView(QWidget):
    """Draws points between two axes; those that have no place on one stand beside it.

    Signals:
        banded(mask, bool): the rubber band is around these runs; they are added to those that are selected, or alone.
        pointed(int): the mouse or the keyboard is on this run, by its place; -1 on none.
        clicked(int): a point was clicked; -1 for none.
    """

    banded = Signal(object, bool)
    pointed = Signal(int)
    clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: Points | None = None
        self._at: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._picked: NDArray[np.bool_] | None = None
        self._lit = -1
        self._pressed: QPointF | None = None
        self._band: QRectF | None = None
        self._keys = KeyBand()
        self._beneath, self._all, self._behind, self._front = QPixmap(), QPixmap(), QPixmap(), QPixmap()
        self._stamps: Stamps | None = None
        self._small = scaled(self.font(), SMALL)
        self.setAccessibleName("Points")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        # What is behind it need not be painted with each frame.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # What is shown

    def show_runs(self, points: Points | None) -> None:
        """Show other runs, axes, colours or sizes."""
        self._points = points
        self._at = (levels(points.x), levels(points.y)) if points is not None else (np.empty(0), np.empty(0))
        self._picked, self._lit, self._stamps = None, -1, None
        self._end_keys()
        self.draw_again()

    def pick(self, picked: NDArray[np.bool_] | None) -> None:
        """Have the points of these runs in front of the others; None lets all be as they are."""
        self._picked = picked
        if picked is not None:
            self._front = self._layer(np.flatnonzero(picked))
        self.update()

    def light(self, place: int) -> None:
        """Light the point of a run; -1 lights none."""
        if place != self._lit:
            self._lit = place
            self.update()

    @Slot()
    def draw_again(self) -> None:
        """Draw all points anew: runs, axes, size or colours are others."""
        if self._points is not None:
            if self._stamps is None:
                edge, shades = self._theme.color("panel"), self._points.shades
                ratio = self.devicePixelRatioF()
                self._stamps = Stamps(shades.palette, edge, ratio, shapes=not shades.ramp)
            self._all = self._layer(np.arange(len(self._at[0])))
            whole = QRectF(self.rect())
            self._beneath = layer(whole, self.devicePixelRatioF(), partial(self._paint_axes, points=self._points))
            self._behind = layer(whole, self.devicePixelRatioF(), self._paint_faint)
            self.pick(self._picked)
        self.update()

    def _paint_faint(self, painter: QPainter) -> None:
        """What there is of all points, grey: those that recede behind the ones that are selected."""
        painter.drawPixmap(0, 0, self._all)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        color = self._theme.color("muted")
        color.setAlphaF(FAINT)
        painter.fillRect(self.rect(), color)

    def _layer(self, places: NDArray[np.intp]) -> QPixmap:
        points, stamps = self._points, self._stamps
        assert points is not None and stamps is not None
        # Large ones first, that small ones are seen.
        sizes = _sizes(points.size, len(self._at[0]))[places]
        places = places[np.argsort(-sizes, kind="stable")]
        sizes = np.sort(sizes)[::-1]
        x, y = self.x_of(self._at[0][places]), self.y_of(self._at[1][places])
        draw = partial(stamps.stamp, x=x, y=y, colors=points.shades.codes[places], sizes=sizes)
        return layer(QRectF(self.rect()), self.devicePixelRatioF(), draw)

    # Where things are

    @property
    def area(self) -> QRectF:
        """Between the axes."""
        return self._area_in(QRectF(self.rect()))

    def _area_in(self, whole: QRectF) -> QRectF:
        line = self.fontMetrics().height()
        letters = self.fontMetrics().averageCharWidth()
        points = self._points
        left = 7 * letters + (2 * GAP if points is not None and points.x.why.any() else 0)
        below = 1.6 * line + (2 * GAP if points is not None and points.y.why.any() else 0)
        return whole.adjusted(left + GAP, GAP, -2 * GAP, -below)

    def x_of(self, at: Floats) -> Floats:
        """Where places along the horizontal axis are, and those beside it."""
        return self.area.left() + np.where(at < 0, at * (1.5 * GAP / -MISSING), at * self.area.width())

    def y_of(self, at: Floats) -> Floats:
        """Where places along the vertical axis are, and those below it."""
        return self.area.bottom() - np.where(at < 0, at * (1.5 * GAP / -MISSING), at * self.area.height())

    def point_at(self, place: QPointF) -> int:
        """The run whose point is under the mouse, of those in front; -1 if there is none."""
        if not len(self._at[0]):
            return -1
        away = np.hypot(self.x_of(self._at[0]) - place.x(), self.y_of(self._at[1]) - place.y())
        if self._picked is not None:
            away[~self._picked] = np.inf
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= NEAR else -1

    def within(self, band: QRectF) -> NDArray[np.bool_]:
        """The runs whose points are in a rectangle."""
        x, y = self.x_of(self._at[0]), self.y_of(self._at[1])
        return (x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom())

    def sizeHint(self) -> QSize:
        """Room for a cloud of points."""
        return QSize(320, self.fontMetrics().height() * 14)

    def minimumSizeHint(self) -> QSize:
        """The least in which points can be told apart."""
        return QSize(200, self.fontMetrics().height() * 11)

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Where a rubber band begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end_keys()
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draws the rubber band, and else tells which point is under the mouse."""
        if self._pressed is None:
            self.pointed.emit(self.point_at(event.position()))
            return
        band = QRectF(self._pressed, event.position()).normalized()
        if self._band is not None or band.width() + band.height() >= CLICK:
            self._band = band
            more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.banded.emit(self.within(band), more)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click is one on a point, or beside all."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        pressed, band, self._pressed, self._band = self._pressed, self._band, None, None
        if band is None:
            self.clicked.emit(self.point_at(pressed))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is over no point any more."""
        super().leaveEvent(event)
        self.pointed.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go from run to run along x, Up and Down along y; Enter selects the one that is lit.

        Space begins a rubber band at the run that is lit, and ends it; meanwhile these keys make it longer and shorter.
        """
        key = Qt.Key(event.key())
        if self._keys.takes(event):
            self._on_band_key(self._keys.press(event, self.area.adjusted(-2 * GAP, -GAP, GAP, 2 * GAP)))
        elif key == Qt.Key.Key_Space and 0 <= self._lit < len(self._at[0]):
            self._on_band_key(self._keys.begin(QPointF(*self._place_of(self._lit)), GAP))
        elif key in WAYS and len(self._at[0]):
            self.pointed.emit(self._next(*WAYS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._lit >= 0:
            self.clicked.emit(self._lit)
        else:
            super().keyPressEvent(event)

    def _on_band_key(self, band: QRectF | None) -> None:
        """Select what is in the keyboard's band; where it was left, nothing."""
        self._band = self._keys.band
        if band is not None:
            inside = self.within(band)
            self.banded.emit(inside, False)
            self.setAccessibleDescription(f"Rubber band around {counted(int(np.count_nonzero(inside)), 'run')}")
        self.update()

    def _place_of(self, run: int) -> tuple[float, float]:
        x, y = (float(of(at[run])) for of, at in zip((self.x_of, self.y_of), self._at, strict=True))
        return x, y

    def _next(self, axis: int, by: int) -> int:
        """The run that comes next along an axis; of none, the first or the last one."""
        order = np.lexsort((self._at[1 - axis], self._at[axis]))
        found = np.flatnonzero(order == self._lit)
        place = int(found[0]) + by if len(found) else (0 if by > 0 else len(order) - 1)
        return int(order[min(max(place, 0), len(order) - 1)])

    # Painting

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A band that the keyboard has drawn ends where it is."""
        super().focusOutEvent(event)
        self._end_keys()
        self.update()

    def _end_keys(self) -> None:
        if self._keys.band is not None:
            self._keys.end()
            self._band = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The points stand elsewhere."""
        super().resizeEvent(event)
        if self._keys.band is not None:
            self._keys.resize(self._area_in(QRectF(QPointF(0, 0), event.oldSize().toSizeF())), self.area)
            self._band = self._keys.band
        self.draw_again()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, points over them, and the rubber band over these."""
        points, painter = self._points, QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        if points is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._beneath)
        painter.drawPixmap(0, 0, self._all if self._picked is None else self._behind)
        if self._picked is not None:
            painter.drawPixmap(0, 0, self._front)
        self._paint_lit(painter, points)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 0.5, -2.5, -0.5), 4, 4)
        if self._band is not None:
            fill = self._theme.color("accent")
            painter.setPen(QPen(fill, 1))
            fill.setAlphaF(0.15)
            painter.setBrush(fill)
            painter.drawRect(self._band)

    def _paint_axes(self, painter: QPainter, points: Points) -> None:
        if isinstance(points.surface, Surface):
            paint_surface(painter, points.surface, self.area, points.shades.palette[:-1], self._theme)
        painter.setFont(self._small)
        area, metrics = self.area, painter.fontMetrics()
        line, muted = QPen(self._theme.color("line"), 1), self._theme.color("muted")
        count = max(min(int(area.height() / (2.4 * metrics.height())), MOST_MARKS), 2)
        letters = 7 * self.fontMetrics().averageCharWidth()
        for at, text in marks(points.y, count):
            y = float(self.y_of(np.array(at)))
            painter.setPen(line)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(muted)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, letters)
            painter.drawText(QPointF(letters - metrics.horizontalAdvance(text) + 2, y + metrics.ascent() / 2 - 1), text)
        count = max(min(int(area.width() / (9 * self.fontMetrics().averageCharWidth())), MOST_MARKS), 2)
        room = int(area.width() / count)
        for at, text in marks(points.x, count):
            x = float(self.x_of(np.array(at)))
            painter.setPen(line)
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            painter.setPen(muted)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(text)
            left = min(x - width / 2, self.width() - width - 4.0)
            painter.drawText(QPointF(left, self.height() - metrics.descent() - 2.0), text)
        painter.setPen(line)
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        if isinstance(points.surface, str):
            painter.setPen(self._theme.color("warn"))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), points.surface)

    def _paint_lit(self, painter: QPainter, points: Points) -> None:
        if not 0 <= self._lit < len(self._at[0]):
            return
        x, y = self._place_of(self._lit)
        color = QColor(*points.shades.rgb[self._lit].tolist())
        kind = 0 if points.shades.ramp else int(points.shades.codes[self._lit])
        painter.setPen(QPen(self._theme.color("text"), 1.5))
        painter.setBrush(color)
        painter.drawPath(shape(kind, QPointF(x, y), SIZES[USUAL] + 5))


def _sizes(size: Placed | None, number: int) -> NDArray[np.intp]:
    """The row of each run's stamp."""
    if size is None:
        return np.full(number, USUAL)
    there = ~np.isnan(size.at)
    at = 1 - size.at if size.scale.flipped else size.at
    return np.where(there, np.rint(np.where(there, at, 0) * (len(SIZES) - 1)).astype(np.intp), HOLLOW)
