"""Two pictures: side by side, one swiped over the other or seen through it, or what differs of their colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.inspector.preview_pane import paint_checker
from runfolio.gui.theme import Theme

GAP, CAPTION = 12, 6
TALLEST, WIDEST = 420, 640
#: Pictures of few pixels, such as matrices, are enlarged to this.
ENLARGED = 240


class Mode(StrEnum):
    """How two pictures are compared."""

    SIDE = "Side by side"
    SWIPE = "Swipe"
    ONION = "Onion skin"
    DIFFERENCE = "Difference"


class PicturePair(QWidget):
    """Paints both in areas of one size.

    Attributes:
        mode: how.
        share: how much of the second one is swiped in, or how strong it is, from 0 to 1.

    Signals:
        swiped(float): the mouse wants another share.
    """

    swiped = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images: tuple[QImage | None, QImage | None] = (None, None)
        self._titles, self._notes = ("", ""), ("", "")
        self.mode, self.share = Mode.SIDE, 0.5
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pair(
        self, images: tuple[QImage | None, QImage | None], titles: tuple[str, str], notes: tuple[str, str]
    ) -> None:
        """Show two pictures, or say of one why it is not there."""
        self._images, self._titles, self._notes = images, titles, notes
        told = [f"{title}: {note}" if note else title for title, note in zip(titles, notes, strict=True)]
        self.setAccessibleName(f"Pictures of {' and '.join(told)}")
        self.updateGeometry()
        self.update()

    def set_mode(self, mode: Mode, share: float) -> None:
        """Compare them in another way."""
        self.mode, self.share = mode, share
        self.updateGeometry()
        self.update()

    @property
    def together(self) -> bool:
        """Whether they lie on each other, which takes both."""
        return self.mode is not Mode.SIDE and None not in self._images

    # Where they are

    def _picture_size(self) -> QSize:
        """The size that both are shown in."""
        sizes = [image.size() for image in self._images if image is not None]
        if not sizes:
            return QSize(0, 0)
        width, height = (max(get(size) for size in sizes) for get in (QSize.width, QSize.height))
        room = self.width() if self.together else (self.width() - GAP) // 2
        whole = QSize(width, height) * max(1, ENLARGED // max(width, height, 1))
        limit = QSize(min(room, WIDEST), TALLEST)
        larger = whole.width() > limit.width() or whole.height() > limit.height()
        return whole.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio) if larger else whole

    def areas(self) -> tuple[QRect, QRect]:
        """Where the two are."""
        top, size = self.fontMetrics().height() + CAPTION, self._picture_size()
        first = QRect(0, top, size.width(), size.height())
        return first, first if self.together else first.translated((self.width() + GAP) // 2, 0)

    def sizeHint(self) -> QSize:
        """Both, and what is written above them."""
        lines = self.fontMetrics().height() + CAPTION
        return QSize(WIDEST, lines + max(self._picture_size().height(), self.fontMetrics().height() + GAP))

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
        first, second = self.areas()
        self._paint_captions(painter, first, second)
        if self.together:
            PAINTERS[self.mode](self, painter, first)
            return
        for image, area, note in zip(self._images, (first, second), self._notes, strict=True):
            if image is None:
                painter.setPen(self._theme.color("muted"))
                painter.drawText(QPointF(area.left(), area.top() + self.fontMetrics().ascent()), note)
            else:
                self._draw(painter, image, area)

    def _paint_captions(self, painter: QPainter, first: QRect, second: QRect) -> None:
        painter.setPen(self._theme.color("muted"))
        metrics, (left, right) = self.fontMetrics(), self._titles
        if self.together:
            text = metrics.elidedText(f"{left}  →  {right}", Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(QPointF(0, metrics.ascent()), text)
            return
        for area, title in ((first, left), (second, right)):
            room = self.width() // 2 - GAP
            text = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QPointF(area.left(), metrics.ascent()), text)

    def _draw(self, painter: QPainter, image: QImage, area: QRect) -> None:
        """A picture in its area, as large as its shape lets it be."""
        size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(area.topLeft(), size)
        if image.hasAlphaChannel():
            paint_checker(painter, place, self._theme.color("raised"), self._theme.color("line"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < image.width())
        painter.drawImage(place, image)

    def _swipe(self, painter: QPainter, area: QRect) -> None:
        old, new = self._images
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
        old, new = self._images
        assert old is not None and new is not None
        self._draw(painter, old, area)
        painter.setOpacity(self.share)
        self._draw(painter, new, area)

    def _difference(self, painter: QPainter, area: QRect) -> None:
        """Black where both are the same."""
        old, new = self._images
        assert old is not None and new is not None
        sheet = QImage(area.size(), QImage.Format.Format_RGB32)
        sheet.fill(Qt.GlobalColor.black)
        inner = QPainter(sheet)
        place = QRect(0, 0, area.width(), area.height())
        self._draw(inner, old, place)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
        self._draw(inner, new, place)
        inner.end()
        painter.drawImage(area, sheet)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The edge goes to the mouse."""
        self._on_mouse(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The edge follows the mouse."""
        self._on_mouse(event)

    def _on_mouse(self, event: QMouseEvent) -> None:
        area = self.areas()[0]
        if self.together and self.mode is Mode.SWIPE and event.buttons() & Qt.MouseButton.LeftButton:
            self.swiped.emit(min(max((event.position().x() - area.left()) / max(area.width(), 1), 0.0), 1.0))
        else:
            event.ignore()


PAINTERS: Mapping[Mode, Callable[[PicturePair, QPainter, QRect], None]] = {
    Mode.SWIPE: PicturePair._swipe,
    Mode.ONION: PicturePair._onion,
    Mode.DIFFERENCE: PicturePair._difference,
}
