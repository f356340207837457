"""Pictures of some runs: side by side, one swiped over another or seen through it, or what differs of their colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.core.report import Figure, Section
from runfolio.gui.compare.details.asked import Detail, Reported
from runfolio.gui.compare.details.seen_part import STEP, WHOLE, moved, zoomed
from runfolio.gui.inspector.preview_pane import paint_checker
from runfolio.gui.theme import Theme

GAP, CAPTION = 12, 6
TALLEST, WIDEST = 420, 640
#: Pictures of few pixels, such as matrices, are enlarged to this; narrower than this none stands beside another.
ENLARGED, NARROWEST = 240, 200
HOW = "Ctrl+wheel, + and − zoom all of them, mouse and arrows move them; 0 shows all"
NOTCH = 120
ZOOMS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1 / STEP}
MOVES = {
    Qt.Key.Key_Left: (-0.1, 0.0),
    Qt.Key.Key_Right: (0.1, 0.0),
    Qt.Key.Key_Up: (0.0, -0.1),
    Qt.Key.Key_Down: (0.0, 0.1),
}


class Mode(StrEnum):
    """How two pictures are compared."""

    SIDE = "Side by side"
    SWIPE = "Swipe"
    ONION = "Onion skin"
    DIFFERENCE = "Difference"


@dataclass(frozen=True, slots=True)
class Pictures(Detail):
    """Pictures of one place, any of which may be missing.

    Attributes:
        images: of each run, the baseline's first.
        notes: why one cannot be shown; empty for the others.
        other: which run is looked at beside the baseline, from 1.
        steps: at which steps any of them has one, in order; none where it is no series.
        step: at which step these are.
        at: of each run, the step of its picture: an earlier one where it has none of this step.
    """

    images: tuple[QImage | None, ...]
    notes: tuple[str, ...] = ()
    other: int = 1
    steps: tuple[int, ...] = ()
    step: int | None = None
    at: tuple[int | None, ...] = ()

    def titled(self, titles: Sequence[str]) -> list[str]:
        """What stands over the pictures: of one of another step, which that is."""
        steps = self.at or (None,) * len(titles)
        return [
            f"{title} · step {step:,}" if step not in (None, self.step) else title
            for title, step in zip(titles, steps, strict=True)
        ]

    @property
    def pair(self) -> tuple[QImage | None, QImage | None]:
        """The baseline's, and that of the run beside it."""
        return (self.images[0], self.images[self.other]) if self.images else (None, None)

    def section(self, row: Reported) -> Section | None:
        """Those that there are."""
        steps = self.at or (None,) * len(self.images)
        found = zip(row.asked.runs, self.images, steps, strict=True)
        figures = tuple(
            Figure(row.names[run] if step is None else f"{row.names[run]}, step {step:,}", row.keep(image))
            for run, image, step in found
            if image is not None
        )
        return Section(row.asked.line.key, figures) if figures else None


class PicturePair(QWidget):
    """Paints pictures of some runs beside each other, or two of them in the same place.

    Attributes:
        mode: how.
        share: how much of the second one is swiped in, or how strong it is, from 0 to 1.
        seen: which part of all is seen, in shares of their width and height.

    Signals:
        swiped(float): the mouse wants another share.
    """

    swiped = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found = Pictures(())
        self._titles: Sequence[str] = ()
        self.mode, self.share, self.seen = Mode.SIDE, 0.5, WHOLE
        self._dragged: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(HOW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pictures(self, found: Pictures, titles: Sequence[str]) -> None:
        """Show the pictures of runs with these names, or say of one why it is not there."""
        self._found, self._titles = found, titles
        told = [f"{title}: {note}" if note else title for title, note in zip(titles, found.notes, strict=True)]
        self.setAccessibleName(f"Pictures of {', '.join(told)}")
        self.updateGeometry()
        self.update()

    def set_mode(self, mode: Mode, share: float) -> None:
        """Compare them in another way."""
        self.mode, self.share = mode, share
        self.updateGeometry()
        self.update()

    def see(self, part: QRectF) -> None:
        """Another part of all pictures."""
        self.seen = part
        self.update()

    @property
    def together(self) -> bool:
        """Whether two of them lie on each other, which takes both."""
        return self.mode is not Mode.SIDE and None not in self._found.pair

    # Where they are

    @property
    def _columns(self) -> int:
        """How many stand beside each other."""
        room = (self.width() + GAP) // (NARROWEST + GAP)
        return 1 if self.together else max(1, min(len(self._found.images), room))

    def _picture_size(self) -> QSize:
        """The size that all are shown in."""
        sizes = [image.size() for image in self._found.images if image is not None]
        if not sizes:
            return QSize(0, 0)
        width, height = (max(get(size) for size in sizes) for get in (QSize.width, QSize.height))
        room = (self.width() + GAP) // self._columns - GAP
        whole = QSize(width, height) * max(1, ENLARGED // max(width, height, 1))
        limit = QSize(min(room, WIDEST), TALLEST)
        larger = whole.width() > limit.width() or whole.height() > limit.height()
        return whole.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio) if larger else whole

    def areas(self) -> list[QRect]:
        """Where each is; the first one's place has both of a pair that lie on each other."""
        line, size, columns = self.fontMetrics().height() + CAPTION, self._picture_size(), self._columns
        step, below = (self.width() + GAP) // columns, line + max(size.height(), line) + GAP
        number = 1 if self.together else len(self._found.images)
        places = (QPoint(at % columns * step, at // columns * below + line) for at in range(number))
        return [QRect(place, size) for place in places]

    def sizeHint(self) -> QSize:
        """All, and what is written above them."""
        areas = self.areas()
        least = self.fontMetrics().height() + GAP
        return QSize(WIDEST, max((area.top() + max(area.height(), least) for area in areas), default=least))

    def minimumSizeHint(self) -> QSize:
        """No narrower than they can be told apart."""
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.updateGeometry()

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Captions and pictures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        areas = self.areas()
        if self.together:
            old, new = self._titles[0], self._titles[self._found.other]
            self._paint_caption(painter, areas[0], f"{old}  →  {new}", self.width())
            PAINTERS[self.mode](self, painter, areas[0])
            return
        room = (self.width() + GAP) // self._columns - GAP
        for image, area, title, note in zip(self._found.images, areas, self._titles, self._found.notes, strict=True):
            self._paint_caption(painter, area, title, room)
            if image is None:
                text = self.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QPointF(area.left(), area.top() + self.fontMetrics().ascent()), text)
            else:
                self._draw(painter, image, area)

    def _paint_caption(self, painter: QPainter, area: QRect, text: str, room: int) -> None:
        painter.setPen(self._theme.color("muted"))
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QPointF(area.left(), area.top() - CAPTION - self.fontMetrics().descent()), shown)

    def _draw(self, painter: QPainter, image: QImage, area: QRect) -> None:
        """The part of a picture that is seen in its area, as large as its shape lets it be."""
        size, source = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio), _source(image, self.seen)
        place = QRect(area.topLeft(), size)
        if image.hasAlphaChannel():
            paint_checker(painter, place, self._theme.color("raised"), self._theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < source.width())
        painter.drawImage(QRectF(place), image, source)

    def _swipe(self, painter: QPainter, area: QRect) -> None:
        old, new = self._found.pair
        assert old is not None and new is not None
        edge = area.left() + round(area.width() * self.share)
        self._draw(painter, old, area)
        painter.save()
        painter.setClipRect(QRect(area.left(), area.top(), edge - area.left(), area.height()))
        painter.fillRect(area, self._theme.color("panel"))
        self._draw(painter, new, area)
        painter.restore()
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawLine(edge, area.top(), edge, area.bottom())

    def _onion(self, painter: QPainter, area: QRect) -> None:
        old, new = self._found.pair
        assert old is not None and new is not None
        self._draw(painter, old, area)
        painter.setOpacity(self.share)
        self._draw(painter, new, area)

    def _difference(self, painter: QPainter, area: QRect) -> None:
        """Black where both are the same."""
        old, new = self._found.pair
        assert old is not None and new is not None
        sheet = _opaque(old, area.size(), self.seen)
        inner = QPainter(sheet)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        inner.drawImage(0, 0, _opaque(new, area.size(), self.seen))
        inner.end()
        painter.drawImage(area, sheet)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The edge goes to the mouse; or the pictures are taken hold of."""
        self._dragged = event.position()
        self._on_mouse(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The edge follows the mouse, or the pictures do."""
        self._on_mouse(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """All of them."""
        self.see(WHOLE)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, zoom about the mouse; else what is around scrolls."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        area = next((area for area in self.areas() if area.contains(event.position().toPoint())), None)
        place = QPointF(0.5, 0.5)
        if area is not None and not area.isEmpty():
            inside = event.position() - QPointF(area.topLeft())
            place = QPointF(inside.x() / area.width(), inside.y() / area.height())
        self.see(zoomed(self.seen, STEP ** (event.angleDelta().y() / NOTCH), place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, 0 shows all; arrows move where there is more to be seen."""
        key, middle = Qt.Key(event.key()), QPointF(0.5, 0.5)
        if key in ZOOMS:
            self.see(zoomed(self.seen, ZOOMS[key], middle))
        elif key == Qt.Key.Key_0:
            self.see(WHOLE)
        elif key in MOVES and self.seen != WHOLE:
            self.see(moved(self.seen, *MOVES[key]))
        else:
            super().keyPressEvent(event)

    def _on_mouse(self, event: QMouseEvent) -> None:
        area = self.areas()[0]
        if self.together and self.mode is Mode.SWIPE and event.buttons() & Qt.MouseButton.LeftButton:
            self.swiped.emit(min(max((event.position().x() - area.left()) / max(area.width(), 1), 0.0), 1.0))
        elif self.seen != WHOLE and self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            by, self._dragged = self._dragged - event.position(), event.position()
            self.see(moved(self.seen, by.x() / max(area.width(), 1), by.y() / max(area.height(), 1)))
        else:
            event.ignore()


def _source(image: QImage, seen: QRectF) -> QRectF:
    """The part of a picture that is seen, in its pixels."""
    width, height = image.width(), image.height()
    return QRectF(seen.x() * width, seen.y() * height, seen.width() * width, seen.height() * height)


def _opaque(image: QImage, room: QSize, seen: QRectF) -> QImage:
    """The part that is seen, as large as there is room, on black: what is not opaque differs by itself alone."""
    sheet = QImage(room, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.black)
    painter = QPainter(sheet)
    size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    source = _source(image, seen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < source.width())
    painter.drawImage(QRectF(QPointF(0, 0), size.toSizeF()), image, source)
    painter.end()
    return sheet


PAINTERS: Mapping[Mode, Callable[[PicturePair, QPainter, QRect], None]] = {
    Mode.SWIPE: PicturePair._swipe,
    Mode.ONION: PicturePair._onion,
    Mode.DIFFERENCE: PicturePair._difference,
}
