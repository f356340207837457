"""Lines as a picture of whole pixels: where Qt would need many frames to paint them with smooth edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from runfolio.core.curves import Floats
from runfolio.core.raster import Pile, Rows, spans, widened
from runfolio.gui.curves.polyline import Polyline
from runfolio.gui.runs.look import mixed

# Lines that are so many have their points for two columns of pixels, which are drawn as one.
MANY, BROAD = 40, 2
#: The picture is made for so long at a stretch, in seconds; so many milliseconds between two are for all else.
STRETCH, REST = 0.004, 2


@dataclass(frozen=True)
class Made:
    """A picture: of which area of the plot it is, and where that was in the widget when things stood so."""

    image: QImage
    area: QRectF
    room: QRectF
    to_widget: QTransform

    def place(self, to_widget: QTransform) -> QRectF:
        """Where it belongs now, as large as its area is."""
        return self.room if to_widget == self.to_widget else to_widget.mapRect(self.area)


NOTHING = Made(QImage(), QRectF(), QRectF(), QTransform())


class LinePicture(QObject):
    """Kept as long as lines, zoom and size are the same; while the next one is made, the last one stands for it.

    Signals:
        changed(): there is another picture.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ground = QColor()
        self._of: tuple[object, ...] = ()
        self._now = self._next = NOTHING
        self._work: Iterator[QImage | None] = iter(())
        self._timer = QTimer(self, singleShot=True, interval=REST)
        self._timer.timeout.connect(self._go_on)

    @property
    def idle(self) -> bool:
        """True when no picture is being made."""
        return not self._timer.isActive()

    def forget(self, ground: QColor) -> None:
        """Lines or their pens are others; what is translucent lets this colour through."""
        self._ground, self._of = ground, ()

    def clear(self) -> None:
        """No line needs it any more: it is not to stand for other ones later."""
        self._now, self._of = NOTHING, ()
        self._timer.stop()

    def paint(self, painter: QPainter, lines: Sequence[Polyline], area: QRectF) -> None:
        """Paint lines that go from left to right within an area of the plot, the last one on top."""
        to_widget, ratio = painter.worldTransform(), painter.device().devicePixelRatioF()
        wanted = to_widget, ratio, area, tuple(lines)
        if wanted != self._of:
            self._of = wanted
            scale = QSizeF(ratio / BROAD if len(lines) > MANY else ratio, ratio)
            room = _in_pixels(to_widget.mapRect(area), scale)
            moved = to_widget * QTransform.fromTranslate(-room.x(), -room.y())
            self._work = pictured(lines, moved, room.size(), scale, self._ground)
            self._next = Made(QImage(), area, room, to_widget)
            if self._now.image.isNull():
                self._make()
            else:  # new lines have come, or a zoom: this frame has enough to do
                self._timer.start()
        painter.save()
        painter.resetTransform()
        painter.drawImage(self._now.place(to_widget), self._now.image)
        painter.restore()

    def _make(self) -> bool:
        """Make some of the picture; returns whether it is done."""
        end = perf_counter() + STRETCH
        for image in self._work:
            if image is not None:
                self._now = replace(self._next, image=image)
                self._timer.stop()
                return True
            if perf_counter() > end:
                break
        self._timer.start()
        return False

    @Slot()
    def _go_on(self) -> None:
        if self._make():
            self.changed.emit()


def _in_pixels(room: QRectF, scale: QSizeF) -> QRectF:
    """A room that begins and ends with whole pixels, of which there are so many for a unit."""
    left, top = round(room.left() * scale.height()), round(room.top() * scale.height())
    width, height = ceil(room.width() * scale.width()), ceil(room.height() * scale.height())
    corner = QPointF(left, top) / scale.height()
    return QRectF(corner, QSizeF(max(width, 1) / scale.width(), max(height, 1) / scale.height()))


def pictured(
    lines: Sequence[Polyline], to_room: QTransform, room: QSizeF, scale: QSizeF, ground: QColor
) -> Iterator[QImage | None]:
    """The lines in a room, with so many pixels across and down for a unit of it; transparent where no line is.

    Gives None after each line, and the picture at the end.
    """
    width, height = round(room.width() * scale.width()), round(room.height() * scale.height())
    to_picture = to_room * QTransform.fromScale(scale.width(), scale.height())
    pile = Pile(width, height)
    for line in reversed(lines):
        color = line.pen.color()
        pile.lay(*_covered(line, to_picture, scale, width, height), mixed(ground, color, color.alphaF()).rgba())
        yield None
    form = QImage.Format.Format_ARGB32_Premultiplied
    yield QImage(pile.picture.data, width, height, 4 * width, form).copy()


def _covered(line: Polyline, to_picture: QTransform, scale: QSizeF, width: int, height: int) -> tuple[Rows, Rows]:
    """The rows that a line covers, as wide as its pen is and with gaps between its dashes."""
    with np.errstate(over="ignore"):
        x, y = line.x * to_picture.m11() + to_picture.dx(), line.y * to_picture.m22() + to_picture.dy()
    first, last = spans(x, y, width, height)
    across, down = (max(1, round(line.pen.widthF() * units)) for units in (scale.width(), scale.height()))
    if across > 1 or down > 1:
        first, last = widened(first, last, across, down)
    dashes = np.array(line.pen.dashPattern()) * line.pen.widthF() * scale.width()
    if len(dashes):
        first[_gaps(dashes, width)] = height
    return first, last


def _gaps(dashes: Floats, width: int) -> NDArray[np.bool_]:
    """The columns between the dashes, which go along x: so they are seen in noise too."""
    ends = np.cumsum(dashes)
    return np.asarray(np.searchsorted(ends, np.arange(width) % ends[-1], "right") % 2, np.bool_)
