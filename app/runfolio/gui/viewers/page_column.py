"""Pages of a document below each other; each is drawn elsewhere when it comes into sight."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from runfolio.gui.theme import Theme

#: Between pages, and around them; in pixels of the screen, as all here.
GAP = 12
#: So many pages that are not in sight are kept as they were drawn; so high is all at most, which scroll bars count in.
KEPT, HIGHEST = 8, 1_000_000_000
LEAST, MOST = 0.1, 10.0


class PageColumn(QAbstractScrollArea):
    """Scrolls over pages whose sizes are known.

    Attributes:
        zoom: pixels for a point of the pages; 0 for as wide as there is room.

    Signals:
        wanted(): a page is in sight that is not drawn, or not so large.
        turned(int): another page is looked at, from 0.
    """

    wanted = Signal()
    turned = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sizes: Sequence[tuple[float, float]] = ()
        self._tops: list[int] = []
        self._drawn: OrderedDict[int, tuple[int, QImage]] = OrderedDict()
        self._refused: dict[int, str] = {}
        self._current = 0
        self.zoom = 0.0
        self.setAccessibleName("Pages")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.theme_changed.connect(self.viewport().update)

    def begin(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Show pages of these widths and heights, in points, from the first one on."""
        self._sizes = sizes
        self._drawn.clear()
        self._refused.clear()
        self.verticalScrollBar().setValue(0)
        self._current = 0
        self._arrange()

    def show_page(self, number: int, width: int, image: QImage) -> None:
        """What was drawn of a page that was wanted so wide."""
        self._drawn[number] = width, image
        self._drawn.move_to_end(number)
        seen = self._in_sight()
        unseen = [one for one in self._drawn if one not in seen]
        for one in unseen[: max(len(unseen) - KEPT, 0)]:
            del self._drawn[one]
        self.viewport().update()

    def refuse_page(self, number: int, reason: str) -> None:
        """Say of a page why it cannot be drawn."""
        self._refused[number] = reason
        self.viewport().update()

    def go_to(self, number: int) -> None:
        """Look at a page, from 0."""
        if 0 <= number < len(self._tops):
            self.verticalScrollBar().setValue(self._tops[number])

    def zoom_to(self, zoom: float) -> None:
        """Another scale; what is at the top stays there."""
        height = max(self._height, 1)
        share = self.verticalScrollBar().value() / height
        self.zoom = min(max(zoom, LEAST), MOST) if zoom else 0.0
        self._arrange()
        self.verticalScrollBar().setValue(round(share * self._height))

    @property
    def scale(self) -> float:
        """Pixels for a point of the pages."""
        if not self._sizes:
            return 1.0
        room = max(self.viewport().width() - 2 * GAP, 1)
        scale = self.zoom or room / max(width for width, _ in self._sizes)
        return min(scale, HIGHEST / sum(height for _, height in self._sizes))

    @property
    def missing(self) -> tuple[int, int] | None:
        """The first page in sight that is to be drawn, and how wide; None if there is none."""
        for number in self._in_sight():
            width = max(round(self._sizes[number][0] * self.scale * self.devicePixelRatioF()), 1)
            if number not in self._refused and (number not in self._drawn or self._drawn[number][0] != width):
                return number, width
        return None

    # Where pages are

    @property
    def _height(self) -> int:
        return round(self._tops[-1] + self._sizes[-1][1] * self.scale) + GAP if self._tops else 0

    def _arrange(self) -> None:
        scale, view = self.scale, self.viewport()
        heights = (round(height * scale) + GAP for _, height in self._sizes)
        self._tops = [GAP + top for top in accumulate(heights, initial=0)][: len(self._sizes)]
        widest = round(max((width for width, _ in self._sizes), default=0.0) * scale) + 2 * GAP
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        for bar, length, room in ((down, self._height, view.height()), (across, widest, view.width())):
            bar.setRange(0, max(length - room, 0))
            bar.setPageStep(room)
            bar.setSingleStep(self.fontMetrics().height() * 3)
        view.update()

    def _in_sight(self) -> range:
        """The numbers of the pages that are seen."""
        top = self.verticalScrollBar().value()
        first = max(bisect_right(self._tops, top) - 1, 0)
        last = bisect_right(self._tops, top + self.viewport().height())
        return range(first, min(last, len(self._sizes)))

    def _area(self, number: int) -> QRect:
        width, height = (round(side * self.scale) for side in self._sizes[number])
        left = max((self.viewport().width() - width) // 2, GAP) - self.horizontalScrollBar().value()
        return QRect(left, self._tops[number] - self.verticalScrollBar().value(), max(width, 1), max(height, 1))

    # Qt's events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pages in sight; one that is drawn anew is shown as it was until then."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number in self._in_sight():
            area = self._area(number)
            painter.fillRect(area, QColor("white"))
            if number in self._drawn:
                painter.drawImage(area, self._drawn[number][1])
            elif number in self._refused:
                painter.setPen(QColor("black"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(area, int(flags), self._refused[number])
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        if self.missing is not None:
            self.wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.zoom_to(self.zoom)

    @Slot()
    def _on_scrolled(self) -> None:
        top = self.verticalScrollBar().value()
        current = max(bisect_right(self._tops, top + self.viewport().height() // 3) - 1, 0)
        if current != self._current:
            self._current = current
            self.turned.emit(current)
