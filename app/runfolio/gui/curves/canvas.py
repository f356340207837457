"""The empty chart: view, axes and crosshair, and what mouse and keys mean on them."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QRubberBand, QToolTip, QWidget

from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves.axes import HorizontalAxis, VerticalAxis
from runfolio.gui.curves.look import ChartLook

WHEEL_NOTCH = 120
ZOOM_PER_NOTCH = 0.8
FEW_PIXELS = 8
MARGINS = (8, 6, 16, 2)

# pyqtgraph shows nothing beyond 1e307: margins and zooms reach to here.
FARTHEST = 4e306
# Ticks of narrower parts could not be told from each other: as parts of the numbers themselves, and at all.
NARROWEST, LEAST_WIDTH = 1e-14, 1e-290

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zoom:
    """What the user zoomed to; None is 'what fits'."""

    x: Span | None = None
    y: Span | None = None


def scaled(span: Span, factor: float, center: float) -> Span:
    """A span grown or shrunk about a place that stays where it is."""
    return center - (center - span[0]) * factor, center + (span[1] - center) * factor


def drawable(span: Span) -> Span:
    """The part of a span that can be shown: neither its ends nor its width are beyond what can be reckoned with."""
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in span)
    least = max(abs(low) * NARROWEST, abs(high) * NARROWEST, LEAST_WIDTH)
    if high - low >= least:
        return low, high
    wide = least if low < high else max(abs(low) / 8, least)
    return low - wide, high + wide


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """A view with two axes, without pyqtgraph's menus and buttons.

    The wheel and a drag zoom, a double click fits, Ctrl and a drag or the middle button pan, Shift and a drag mark a
    stretch of x.

    Attributes:
        wheel_needs_focus: True where the wheel also scrolls: then it zooms only the chart that was clicked, or with
            Ctrl held.

    Signals:
        zoomed(Zoom): the user asked for this part.
        pointed(QPointF | None): the place under the mouse in plot coordinates; None when it left.
        clicked(QPointF, bool): a click at a place; True with Ctrl held.
        activated(): Enter was pressed on the chart.
        marked(QPointF, QPointF): a stretch was marked, from one place to another in plot coordinates.
        resized(): the plot has another size now.
    """

    zoomed = Signal(object)
    pointed = Signal(object)
    clicked = Signal(QPointF, bool)
    activated = Signal()
    marked = Signal(QPointF, QPointF)
    resized = Signal()

    def __init__(self, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.x_axis, self.y_axis = HorizontalAxis(), VerticalAxis()
        self._lay_out()
        self.wheel_needs_focus = False
        self._press: QPoint | None = None
        self._panning: Span | None = None
        self._marking = False
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cross: float | None = None
        self._picture: QPixmap | None = None
        self.view.sigResized.connect(self._on_view_resized)
        self._paint_with(look)

    def _lay_out(self) -> None:
        self.centralLayout.setContentsMargins(*MARGINS)
        self.centralLayout.setSpacing(0)
        self.centralLayout.addItem(self.y_axis, 0, 0)
        self.centralLayout.addItem(self.view, 0, 1)
        self.centralLayout.addItem(self.x_axis, 1, 1)
        self.centralLayout.setColumnStretchFactor(1, 1)
        self.centralLayout.setRowStretchFactor(0, 1)
        for axis in (self.x_axis, self.y_axis):
            axis.linkToView(self.view)
            axis.setZValue(-1000)
        self.view.disableAutoRange()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._paint_with(look)

    def _paint_with(self, look: ChartLook) -> None:
        self.look = look
        self.setBackground(look.panel)
        for axis in (self.x_axis, self.y_axis):
            axis.set_look(look.line, look.muted, self.font())
        self.forget_picture()

    def span_x(self) -> Span:
        """The x values at the left and right edge."""
        low, high = self.view.viewRange()[0]
        return float(low), float(high)

    def span_y(self) -> Span:
        """The plot coordinates at the lower and upper edge."""
        low, high = self.view.viewRange()[1]
        return float(low), float(high)

    def show_range(self, x: Span, y: Span) -> None:
        """Show exactly this part."""
        self.forget_picture()
        self.view.setRange(xRange=drawable(x), yRange=drawable(y), padding=0)
        # Else pyqtgraph does so in the middle of the next paint, after which all lines would be painted once more.
        self.view.updateMatrix()

    def pixels(self) -> int:
        """The width of the plot in pixels of the screen."""
        return max(16, int(self.view.width() * self.devicePixelRatioF()))

    def scale_of_view(self) -> tuple[float, float]:
        """Pixels for one unit along x and along y."""
        (left, right), (low, high) = self.span_x(), self.span_y()
        return float(self.view.width()) / ((right - left) or 1.0), float(self.view.height()) / ((high - low) or 1.0)

    def place(self, position: QPoint | QPointF) -> QPointF:
        """The plot coordinates of a place in the widget."""
        return QPointF(self.view.mapSceneToView(self.mapToScene(QPointF(position).toPoint())))

    # The crosshair is no item of the scene: it moves with the mouse in all charts at once, and would have every curve
    # drawn anew each time. While it is there, the chart without it is kept as a picture.

    def cross_at(self, x: float | None) -> None:
        """Move the vertical line, or hide it."""
        for at in {self.cross, x} - {None}:
            self.viewport().update(self._cross_line(at).toRect().adjusted(-2, -1, 2, 1))
        self.cross = x
        if x is None:
            self._picture = None

    def _cross_line(self, x: float | None) -> QRectF:
        room = self.view.mapRectToScene(self.view.boundingRect())
        return QRectF(self.view.mapViewToScene(QPointF(x or 0.0, 0.0)).x(), room.top(), 0.0, room.height())

    # The scene would tell of every change by its signal `changed`, but once that is connected the scene leaves views
    # stale: so whoever changes what is drawn says so himself.

    def forget_picture(self) -> None:
        """What is drawn is about to change."""
        self._picture = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scene and, while the mouse is in a chart, the crosshair over it."""
        if self.cross is None:
            super().paintEvent(event)
            return
        size = self.viewport().size() * self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != size:
            self._picture = self._pictured(size)
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._picture)
        line = self._cross_line(self.cross)
        left, right = self.span_x()
        if left <= self.cross <= right:
            painter.setPen(self.look.cross_pen())
            painter.drawLine(line.topLeft(), line.bottomLeft())

    def _pictured(self, size: QSize) -> QPixmap:
        picture = QPixmap(size)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(self.look.panel)
        painter = QPainter(picture)
        self.render(painter, QRectF(self.viewport().rect()), self.viewport().rect())
        painter.end()
        return picture

    # Mouse. pyqtgraph's own handling is bypassed: it pans, opens menus and keeps a range of its own.

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the x axis about the mouse, or leave the wheel to the scroll area."""
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if not notches or (self.wheel_needs_focus and not held and not self.hasFocus()):
            event.ignore()
            return
        event.accept()
        center = self.place(event.position()).x()
        self.zoomed.emit(Zoom(scaled(self.span_x(), ZOOM_PER_NOTCH**notches, center)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a box, a pan or a mark."""
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        self._marking = left and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        pans = left and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if left or event.button() == Qt.MouseButton.MiddleButton:
            self._press = event.position().toPoint()
            self._panning = self.span_x() if pans or not left else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the box, pan, or tell what is under the mouse."""
        event.accept()
        at = event.position().toPoint()
        if self._press is None:
            self.pointed.emit(self.place(at))
        elif self._panning is not None and self._moved(at):
            left, right = self._panning
            moved = (at.x() - self._press.x()) / max(1.0, float(self.view.width())) * (right - left)
            self.zoomed.emit(Zoom((left - moved, right - moved)))
        elif self._panning is None and (at - self._press).manhattanLength() > FEW_PIXELS:
            box = QRect(self._press, at).normalized()
            self._band.setGeometry(self._upright(box) if self._marking else box)
            self._band.show()

    def _moved(self, at: QPoint) -> bool:
        """Whether the mouse has gone so far from where it was pressed that this is no click."""
        return self._press is not None and (at - self._press).manhattanLength() > FEW_PIXELS

    def _upright(self, box: QRect) -> QRect:
        """A box as high as the plot."""
        room = self.mapFromScene(self.view.mapRectToScene(self.view.boundingRect())).boundingRect()
        return QRect(box.left(), room.top(), box.width(), room.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a box, a pan, a mark or a click."""
        event.accept()
        press, self._press = self._press, None
        panned, self._panning = self._panning, None
        at = event.position().toPoint()
        if press is None or (panned is not None and (at - press).manhattanLength() > FEW_PIXELS):
            return
        if self._band.isVisible() and self._marking:
            self._band.hide()
            self.marked.emit(self.place(press), self.place(at))
        elif self._band.isVisible():
            self._band.hide()
            self._zoom_to_box(QRect(press, at).normalized())
        elif event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.place(at), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _zoom_to_box(self, box: QRect) -> None:
        """A flat box zooms along x only, an upright one along y only."""
        first, last = self.place(box.bottomLeft()), self.place(box.topRight())
        x = (first.x(), last.x()) if box.width() > FEW_PIXELS else self.span_x()
        y = (first.y(), last.y()) if box.height() > FEW_PIXELS * 2 else None
        self.zoomed.emit(Zoom(x, y))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        event.accept()
        self._press = None
        self.zoomed.emit(Zoom())

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the mouse."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, the arrows pan, Home or 0 fits, Enter makes the chart large or small."""
        left, right = self.span_x()
        step = (right - left) / 10
        center = (left + right) / 2
        zooms = {
            Qt.Key.Key_Plus: Zoom(scaled((left, right), ZOOM_PER_NOTCH, center)),
            Qt.Key.Key_Equal: Zoom(scaled((left, right), ZOOM_PER_NOTCH, center)),
            Qt.Key.Key_Minus: Zoom(scaled((left, right), 1 / ZOOM_PER_NOTCH, center)),
            Qt.Key.Key_Left: Zoom((left - step, right - step)),
            Qt.Key.Key_Right: Zoom((left + step, right + step)),
            Qt.Key.Key_Home: Zoom(),
            Qt.Key.Key_0: Zoom(),
        }
        key = Qt.Key(event.key())
        if key in zooms:
            self.zoomed.emit(zooms[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit()
        elif key == Qt.Key.Key_Escape and self._press is not None:
            self._press = None
            self._band.hide()
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab leaves the chart: nothing inside the scene takes the focus."""
        return bool(QWidget.focusNextPrevChild(self, forward))

    def _on_view_resized(self, _view: object) -> None:
        self.forget_picture()
        self.resized.emit()

    def minimumSizeHint(self) -> QSize:
        """Small enough for any grid."""
        return QSize(80, 60)

    def said_at(self, _place: QPointF) -> str:
        """What a tool tip says at a place in plot coordinates."""
        return ""

    def viewportEvent(self, event: QEvent) -> bool:
        """Let no item of the scene see tool tips or menus; everything else as usual."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tool_tip(self.said_at(self.place(event.pos()))), self)
            return True
        if event.type() in (QEvent.Type.ContextMenu, QEvent.Type.ToolTip):
            return False
        return bool(super().viewportEvent(event))
