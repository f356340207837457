"""A picture that is zoomed and moved about with wheel, mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.inspector.preview_pane import paint_checker
from runfolio.gui.theme import Theme

#: Screen pixels for one of the picture; a step of zooming.
LEAST, MOST, STEP = 1 / 64, 64.0, 1.25
#: Pictures that fit are not enlarged more than until their longer side is this long.
ENLARGED = 320
PAN = 40
NOTCH = 120


class Lens(QObject):
    """Which part of a picture is seen; several canvases may have the same one, so that they move together.

    Attributes:
        zoom: screen pixels for one of the picture; 0 for as large as there is room.
        middle: what is in the middle of the canvas, as a share of the picture's width and height.

    Signals:
        changed(): another part is seen.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom, self.middle = 0.0, QPointF(0.5, 0.5)

    def look(self, zoom: float, middle: QPointF) -> None:
        """See another part."""
        zoom = min(max(zoom, LEAST), MOST) if zoom else 0.0
        middle = QPointF(min(max(middle.x(), 0), 1), min(max(middle.y(), 0), 1)) if zoom else QPointF(0.5, 0.5)
        if (zoom, middle) != (self.zoom, self.middle):
            self.zoom, self.middle = zoom, middle
            self.changed.emit()


class PictureCanvas(QWidget):
    """Paints an image through a lens.

    Attributes:
        lens: which part is seen.
        image: what is painted.
        full: the size of the picture whose image this is.

    Signals:
        pointed(object): the pixel under the mouse as a QPoint of the picture, or None.
    """

    pointed = Signal(object)

    def __init__(self, theme: Theme, lens: Lens | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lens = lens or Lens(self)
        self.image, self.full = QImage(), QSize()
        self._finer = QImage()
        self._dragged: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(60, 60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.lens.changed.connect(self.update)
        theme.theme_changed.connect(self.update)

    def show_image(self, image: QImage, full: QSize, name: str) -> None:
        """Show a picture of that size; `name` is for assistive tools."""
        self.image, self.full, self._finer = image, full, QImage()
        self.setAccessibleName(f"Picture {name}")
        self.update()

    def show_finer(self, image: QImage) -> None:
        """The same picture with more pixels, for where it is enlarged."""
        self._finer = image
        self.update()

    @property
    def finest(self) -> QImage:
        """The image with the most pixels."""
        return self.image if self._finer.isNull() else self._finer

    @property
    def lacks_pixels(self) -> bool:
        """Whether there are fewer pixels than are painted."""
        return self.finest.width() < min(self.area().width() * self.devicePixelRatioF(), self.full.width())

    # Where it is

    @property
    def scale(self) -> float:
        """Screen pixels for one of the picture."""
        return self.lens.zoom or self.fitting

    @property
    def fitting(self) -> float:
        """The scale at which all of it is seen; matrices of a few pixels are enlarged, photographs are not blown up."""
        if self.full.isEmpty():
            return 1.0
        room = min(self.width() / self.full.width(), self.height() / self.full.height())
        return max(min(room, max(1.0, ENLARGED / max(self.full.width(), self.full.height()))), LEAST)

    def area(self) -> QRectF:
        """Where the whole picture would be, in the canvas."""
        size, middle = QSizeF(self.full) * self.scale, self.lens.middle
        left, top = (
            (whole - length) / 2 if length <= whole else whole / 2 - share * length
            for whole, length, share in (
                (self.width(), size.width(), middle.x()),
                (self.height(), size.height(), middle.y()),
            )
        )
        return QRectF(QPointF(left, top), size)

    def pixel_at(self, place: QPointF) -> QPoint | None:
        """The pixel of the picture at a place of the canvas; None outside."""
        area = self.area()
        if self.full.isEmpty() or not area.contains(place):
            return None
        x, y = int((place.x() - area.left()) / self.scale), int((place.y() - area.top()) / self.scale)
        return QPoint(min(x, self.full.width() - 1), min(y, self.full.height() - 1))

    # Looking about

    def fit(self) -> None:
        """All of it."""
        self.lens.look(0, QPointF(0.5, 0.5))

    def zoom_to(self, zoom: float, place: QPointF | None = None) -> None:
        """Another scale; what is at a place of the canvas, the middle if not told, stays there."""
        place = place or QPointF(self.width() / 2, self.height() / 2)
        area, zoom = self.area(), min(max(zoom, LEAST), MOST)
        if area.isEmpty():
            return
        share = (place - area.topLeft()) / self.scale
        size = QSizeF(self.full) * zoom
        middle = QPointF(self.width() / 2, self.height() / 2) - (place - share * zoom)
        self.lens.look(zoom, QPointF(middle.x() / size.width(), middle.y() / size.height()))

    def zoom_by(self, steps: float, place: QPointF | None = None) -> None:
        """In, or out for less than 0."""
        self.zoom_to(self.scale * STEP**steps, place)

    def pan(self, across: float, down: float) -> bool:
        """Move the picture by screen pixels; whether there was more of it to see."""
        area = self.area()
        if area.width() <= self.width() and area.height() <= self.height():
            return False
        before = self.lens.middle
        x = _within(before.x() - across / area.width(), self.width() / area.width())
        y = _within(before.y() - down / area.height(), self.height() / area.height())
        self.lens.look(self.scale, QPointF(x, y))
        return before != self.lens.middle

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The part that is seen, with sharp pixels where it is enlarged."""
        painter = QPainter(self)
        self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        """Paint the picture with another painter of this canvas."""
        area = self.area()
        seen = area.intersected(QRectF(self.rect()))
        if self.image.isNull() or seen.isEmpty():
            return
        if self.image.hasAlphaChannel():
            self._paint_checker(painter, seen.toAlignedRect())
        # Qt leaves out lines of an image that is far larger than its place.
        coarse = self.image.width() >= area.width() * self.devicePixelRatioF()
        image = self.image if coarse else self.finest
        share = image.width() / area.width()
        source = QRectF((seen.topLeft() - area.topLeft()) * share, seen.size() * share)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, share >= 1)
        painter.drawImage(seen, image, source)

    def _paint_checker(self, painter: QPainter, seen: QRect) -> None:
        painter.save()
        painter.setClipRect(seen)
        painter.translate(seen.topLeft())
        paint_checker(painter, QRect(QPoint(0, 0), seen.size()), self._theme.color("raised"), self._theme.color("line"))
        painter.restore()

    # Mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        self.zoom_by(event.angleDelta().y() / NOTCH, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture about; else tell the pixel."""
        if self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = event.position() - self._dragged
            self._dragged = event.position()
            self.pan(moved.x(), moved.y())
        self.pointed.emit(self.pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """From all of it to its own size there, and back."""
        self.fit() if self.lens.zoom else self.zoom_to(max(1.0, self.fitting * 2), event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, 0 shows all, 1 its own size; arrows move what does not fit."""
        keys = Qt.Key
        moves = {keys.Key_Left: (PAN, 0), keys.Key_Right: (-PAN, 0), keys.Key_Up: (0, PAN), keys.Key_Down: (0, -PAN)}
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            super().keyPressEvent(event)
        elif event.key() in (keys.Key_Plus, keys.Key_Equal):
            self.zoom_by(1)
        elif event.key() == keys.Key_Minus:
            self.zoom_by(-1)
        elif event.key() == keys.Key_0:
            self.fit()
        elif event.key() == keys.Key_1:
            self.zoom_to(1.0)
        elif event.key() not in moves or not self.lens.zoom or not self.pan(*moves[keys(event.key())]):
            super().keyPressEvent(event)


def _within(middle: float, seen: float) -> float:
    """What may be in the middle where such a share is seen, without showing what is beside the picture."""
    half = min(seen / 2, 0.5)
    return min(max(middle, half), 1 - half)
